//! `roster replay`: the list of users as it was, from events alone.

use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use commands::Commands;
use domain::user::Status;
use domain::{AccountId, UserId};
use event_store::{Cursor, LogFilter, LogPage, RecordedEvent, Unreadable};
use projections::replay::{Replay as Users, is_later};
use projections::users::UserView;
use serde_json::json;

use super::database::Database;
use super::operator::OperatorArgs;
use super::output::print_line;
use super::user::{HEAD, line};
use super::{Failure, tell};
use crate::export::{CloudEvent, EventData, Line};
use crate::wire::{GivenInstant, Role, UserStatus, spelled};

/// How many events are read at once.
const PAGE: u32 = 1000;
/// How many unreadable events are listed.
const TOLD: usize = 100;

/// Print the list of users at a past moment, from events alone
///
/// It reads no read model, changes nothing and sends no mail. With --from it needs no database: the file is a complete export of one
/// account (`roster history export`, without filters). Users who were erased or whose data is encrypted are shown by their ids. It fails if
/// an event is missing, the file is truncated, or the database connection is lost. Unreadable events are listed, and users are shown
/// without them; then it exits with 1.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    roster replay --account acme --until 2026-01-01T00:00:00Z\n  \
    roster replay --from acme.ndjson --until 2026-01-01T00:00:00Z")]
pub(super) struct Replay {
    /// The slug of the account
    #[arg(long, value_name = "SLUG", required_unless_present = "from", conflicts_with = "from")]
    account: Option<String>,
    /// The instant, such as 2026-01-01T00:00:00Z; events recorded later are ignored. Default: now
    #[arg(long, value_name = "INSTANT")]
    until: Option<GivenInstant>,
    /// A history exported as NDJSON, to use instead of a database; `-` for standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Include deleted users
    #[arg(long)]
    include_deleted: bool,
    /// The output format
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    #[command(flatten)]
    operator: OperatorArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    Table,
    /// One JSON object per line
    Ndjson,
}

impl Replay {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let until = self.until.map(GivenInstant::get);
        let replayed = match &self.from {
            Some(file) => replay_file(file, until)?,
            None => self.replay_database(until).await?,
        };
        let (events, at) = (replayed.events(), until.unwrap_or_else(Utc::now));
        let unreadable: Vec<_> = replayed.unreadable().iter().map(|found| format!("{}: {}", found.event, found.reason)).collect();
        let users = replayed.into_users();
        let listed: Vec<_> = users.iter().filter(|user| self.include_deleted || user.status != Status::Deleted).collect();
        if self.format == Format::Table {
            print_line!("{HEAD}");
        }
        for user in &listed {
            match self.format {
                Format::Table => print_line!("{}", line(user, at)),
                Format::Ndjson => print_line!("{}", object(user, at)),
            }
        }
        tell(format_args!("{} users, from {events} events until {}.", listed.len(), at.format("%F %T%.6f UTC")));
        if unreadable.is_empty() {
            return Ok(());
        }
        for line in unreadable.iter().take(TOLD) {
            tell(format_args!("{line}"));
        }
        Err(format!("events that cannot be read: {}; the list does not include them", unreadable.len()).into())
    }

    async fn replay_database(&self, until: Option<DateTime<Utc>>) -> Result<Users, Failure> {
        let replay = async |database: &Database, commands: &Commands| {
            let account = database.account(self.account.as_deref().unwrap_or_default()).await?;
            replay_account(database, commands.event_store(), account.id, until).await
        };
        self.operator.with_commands(replay).await
    }
}

async fn replay_account(
    database: &Database,
    store: &event_store::EventStore,
    account_id: AccountId,
    until: Option<DateTime<Utc>>,
) -> Result<Users, Failure> {
    let mut connection = database.pool.acquire().await?;
    // Where the list as of the instant ends, too: before the first event of the account that was recorded later.
    let end = match until {
        Some(until) => store.first_later_than(&mut connection, account_id, Cursor::default(), until).await?,
        None => None,
    };
    let (mut users, mut after) = (Users::default(), None);
    loop {
        let page = LogPage { after, newest_first: false, limit: PAGE };
        let events = store.read_log(&mut *connection, account_id, &LogFilter::default(), page).await?;
        for event in &events {
            if end.is_some_and(|end| event.cursor >= end) {
                return Ok(users);
            }
            users.apply(event)?;
        }
        match events.last() {
            Some(last) if events.len() == PAGE as usize => after = Some(last.cursor),
            _ => return Ok(users),
        }
    }
}

fn replay_file(file: &Path, until: Option<DateTime<Utc>>) -> Result<Users, Failure> {
    let name = file.display();
    let lines: Box<dyn BufRead> = if file.as_os_str() == "-" {
        Box::new(BufReader::new(stdin()))
    } else {
        Box::new(BufReader::new(File::open(file).map_err(|error| format!("{name} cannot be read: {error}"))?))
    };
    let (mut users, mut heard, mut is_over, mut source) = (Users::default(), 0, false, None);
    for (number, text) in lines.lines().enumerate() {
        let at = |error: &dyn std::fmt::Display| format!("{name}, line {}: {error}", number + 1);
        let text = text.map_err(|error| at(&error))?;
        let event = match Line::parse(&text).map_err(|error| at(&error))? {
            Line::Event(event) => event,
            Line::Completed(end) if end.data.events == heard => return Ok(users),
            Line::Completed(end) => return Err(at(&format!("the export had {} events, but the file has {heard}", end.data.events)).into()),
        };
        heard += 1;
        if *source.get_or_insert_with(|| event.source.clone()) != event.source {
            return Err(at(&"this event belongs to another account").into());
        }
        let recorded = recorded(event).map_err(|error| at(&error))?;
        is_over = is_over || is_later(&recorded, until);
        if !is_over {
            users.apply(&recorded).map_err(|error| at(&error))?;
        }
    }
    Err(format!("{name} is truncated: it has no trailer line").into())
}

/// The event of a line, as the store would read it.
fn recorded(event: CloudEvent<EventData>) -> Result<RecordedEvent, String> {
    let account: Option<AccountId> = event.source.strip_prefix("urn:uuid:").and_then(|id| id.parse().ok());
    let account_id = account.ok_or("`source` is not an account")?;
    let EventData { stream, metadata, sealed, plain, unreadable } = event.data;
    let prefix = format!("roster.{}.", stream.kind);
    let kind = event.kind.strip_prefix(&prefix).and_then(|kind| kind.rsplit_once(".v"));
    let (event_type, event_version) = kind.ok_or("`type` is not an event of its stream")?;
    Ok(RecordedEvent {
        // The one of the line is sealed, and the order of the lines is known.
        cursor: Cursor::default(),
        account_id,
        aggregate_type: stream.kind,
        aggregate_id: stream.id,
        sequence: stream.sequence,
        event_type: event_type.to_owned(),
        event_version: event_version.to_owned(),
        person_id: event.subject.and_then(|id| id.parse::<UserId>().ok()),
        payload: match (plain, unreadable) {
            // This Roster may be able to read what the one that exported it could not.
            (Some(plain), _) => Ok(plain),
            (None, None) => Ok(sealed),
            (None, Some(_)) => Err(Unreadable::Exported),
        },
        metadata: metadata.into_iter().collect(),
        recorded_at: event.time.parse().map_err(|_| "`time` is not an instant")?,
    })
}

fn object(user: &UserView, at: DateTime<Utc>) -> serde_json::Value {
    json!({
        "id": user.id,
        "email": if user.email.is_empty() { None } else { Some(&user.email) },
        "name": user.name,
        "status": spelled(UserStatus::from(user.status_at(at))),
        "role": spelled(Role::from(user.role)),
        "authMethods": user.auth_methods.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "createdAt": user.created_at,
        "lastActiveAt": user.last_active_at,
        "version": user.version,
    })
}
