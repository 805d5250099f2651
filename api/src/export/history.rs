//! The history of an account, page by page.

use chrono::{DateTime, Utc};
use commands::{Commands, Error};
use domain::{AccountId, Actor, ExportId};
use event_store::{Cursor, EventStore, Horizon, LogFilter, LogPage, Pool, StoredEvent};
use projections::{AnyEvent, Reason, unreadable};

use super::cloud_event::Line;
use super::history_table::{head, rows};
use super::table::TableForm;

/// How many events are read at once.
const PAGE: u32 = 500;

/// In which form events leave.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// A `CloudEvent` on each line.
    Ndjson { stays_sealed: bool },
    /// A row for each event, as far as its reader may see.
    Csv { reader: Actor, table: TableForm },
}

/// An export of the history that has been remembered.
pub(crate) struct HistoryExport {
    id: ExportId,
    account_id: AccountId,
    filter: LogFilter,
    /// Where it ends, at `Horizon::end`: every event up to there can be read.
    horizon: Horizon,
    form: Form,
    at: DateTime<Utc>,
    after: Option<Cursor>,
    count: u64,
    is_complete: bool,
}

impl HistoryExport {
    pub(super) const fn new(
        id: ExportId,
        account_id: AccountId,
        filter: LogFilter,
        horizon: Horizon,
        form: Form,
        at: DateTime<Utc>,
    ) -> Self {
        Self { id, account_id, filter, horizon, form, at, after: None, count: 0, is_complete: false }
    }

    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) async fn next_part(&mut self, commands: &Commands, database: &Pool) -> Result<Option<Vec<u8>>, Error> {
        if self.is_complete {
            return Ok(None);
        }
        let page = LogPage { after: self.after, newest_first: false, limit: PAGE };
        let mut events = commands.event_store().read_stored_log(database, self.account_id, &self.filter, page).await?;
        let is_full = events.len() == PAGE as usize;
        events.retain(|event| event.opened.cursor <= self.horizon.end);
        self.is_complete = !is_full || events.len() < PAGE as usize;
        let is_first = self.after.is_none();
        self.after = events.last().map(|last| last.opened.cursor).or(self.after);
        self.count += events.len() as u64;
        match self.form {
            Form::Csv { reader, table } => {
                let events = events.into_iter().map(|event| event.opened).collect();
                let mut part = if is_first { head(table) } else { vec![] };
                part.extend(rows(database, self.account_id, &reader, table, events).await?);
                Ok(Some(part))
            }
            Form::Ndjson { stays_sealed } => {
                let (mut part, cursors) = (vec![], commands.event_store().cursors());
                for event in events {
                    let reason = why_unreadable(&event, commands.event_store());
                    Line::of(cursors, event, stays_sealed, reason).write(&mut part);
                }
                if self.is_complete {
                    Line::completed(cursors, (self.id, self.account_id), self.count, &self.horizon, self.at).write(&mut part);
                }
                Ok(Some(part))
            }
        }
    }
}

/// Why an event cannot be read. It is reported once.
fn why_unreadable(event: &StoredEvent, store: &EventStore) -> Option<Reason> {
    let reason = AnyEvent::read(&event.opened).err()?;
    store.report_unreadable(unreadable(&event.opened, reason));
    Some(reason)
}
