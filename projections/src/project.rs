//! Brings the read models up to events that were just appended, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use domain::{AccountId, UserId};
use event_store::Writes;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::accounts::AccountRow;
use crate::origin::{Mark, Origin};
use crate::people::{Concerned, Person, PersonKey, TokenHashes, write_changes};
use crate::rows::{THIS_TRANSACTION, add_rows_with_tokens};
use crate::saved_views::SavedViewRow;
use crate::service_keys::ServiceKeyRow;
use crate::stream_row::StreamRow;
use crate::users::{concerned_user, has_rank, links, redact_past};
use crate::{AnyEvent, api_keys, sessions};

/// An event that was appended.
#[derive(Clone, Debug)]
pub struct AppendedEvent {
    /// The account.
    pub account_id: AccountId,
    /// The id of the stream.
    pub stream_id: Uuid,
    /// The number of the event in its stream, from 1 on.
    pub sequence: u64,
    /// The person whom the stream speaks of, if it does.
    pub person_id: Option<UserId>,
    /// The clock of the decision.
    pub at: DateTime<Utc>,
    /// What happened.
    pub event: AnyEvent,
    /// The SHA-256 of the token of a session or key that the event creates.
    pub token_hash: Option<[u8; 32]>,
}

/// Brings every read model up to events that are appended, in the order of these: of any streams and accounts, but all events of the
/// transaction, because their ranks are counted here. What is to be written is added to `writes`; only where rows are deleted or redacted, `writes` is executed on the way. The number of statements does not depend on how many events there are. The transaction holds the locks of their subjects: [`Lock::User`](event_store::Lock::User),
/// [`Lock::AccountSettings`](event_store::Lock::AccountSettings), [`Lock::ServiceKeys`](event_store::Lock::ServiceKeys),
/// [`Lock::SavedViews`](event_store::Lock::SavedViews).
///
/// # Errors
/// When the database is lost, or a constraint over several rows says no: its name is in the error.
pub async fn project(connection: &mut PgConnection, writes: &mut Writes, events: &[AppendedEvent]) -> Result<(), sqlx::Error> {
    let hashes: TokenHashes = events.iter().filter_map(|event| Some((event.stream_id, event.token_hash?))).collect();
    project_streams::<AccountRow>(connection, writes, events, &hashes).await?;
    project_streams::<ServiceKeyRow>(connection, writes, events, &hashes).await?;
    project_streams::<SavedViewRow>(connection, writes, events, &hashes).await?;
    project_people(connection, writes, events, &hashes).await?;
    let erased = events.iter().filter(|event| matches!(event.event, AnyEvent::User(UserEvent::Erased {})));
    let erased: Vec<_> = erased.map(|event| (event.account_id, UserId::new(event.stream_id))).collect();
    if !erased.is_empty() {
        writes.execute(connection).await?;
        redact_past(connection, &erased).await?;
    }
    Ok(())
}

/// Rows with a stream each.
async fn project_streams<R: StreamRow>(
    connection: &mut PgConnection,
    writes: &mut Writes,
    events: &[AppendedEvent],
    hashes: &TokenHashes,
) -> Result<(), sqlx::Error> {
    let own: Vec<_> = events.iter().filter_map(|event| Some((event.origin(0), R::own(&event.event)?))).collect();
    let new: BTreeSet<_> = own.iter().filter(|(origin, _)| origin.sequence == 1).map(|(origin, _)| origin.stream_id).collect();
    let existing: BTreeSet<_> = own.iter().map(|(origin, _)| origin.stream_id).filter(|id| !new.contains(id)).collect();
    let stored = if existing.is_empty() { vec![] } else { R::read(connection, &Vec::from_iter(existing)).await? };
    let mut rows: BTreeMap<Uuid, Option<R>> = stored.into_iter().map(|row| (row.id(), Some(row))).collect();
    for (origin, event) in own {
        // A row that is missing stays so until it is rebuilt: commands go by the events.
        let _ = R::apply(rows.entry(origin.stream_id).or_default(), &origin, event);
    }
    add_rows_with_tokens(writes, &rows.values().flatten().collect::<Vec<_>>(), |row: &R| hashes.get(&row.id()).copied());
    Ok(())
}

/// Rows of people.
async fn project_people(
    connection: &mut PgConnection,
    writes: &mut Writes,
    events: &[AppendedEvent],
    hashes: &TokenHashes,
) -> Result<(), sqlx::Error> {
    let mut people = concerned(events).read(connection).await?;
    let mut changed = BTreeMap::<PersonKey, Changed>::new();
    for event in events {
        let Some(key) = event.person() else { continue };
        let person = changed.entry(key).or_insert_with(|| {
            let stored = people.remove(&key).unwrap_or_default();
            Changed { expected: stored.clone(), stored, rank: 0 }
        });
        person.rank += i32::from(has_rank(&event.event));
        // As above: whose row is missing stays missing.
        let _ = person.expected.apply(&event.origin(person.rank), &event.event);
    }
    write_changes(connection, writes, changed.values().map(|person| (&person.stored, &person.expected)), hashes).await
}

/// A person who changes.
struct Changed {
    stored: Person,
    expected: Person,
    /// How many of their events with a rank came so far.
    rank: i32,
}

/// The stored rows that events concern. Those of users who are new do not exist.
fn concerned(events: &[AppendedEvent]) -> Concerned {
    let mut concerned = Concerned::default();
    let is_new = |event: &&AppendedEvent| event.sequence == 1 && matches!(event.event, AnyEvent::User(_));
    let new: BTreeSet<_> = events.iter().filter(is_new).map(|event| event.stream_id).collect();
    for event in events {
        let Some((_, id)) = event.person() else { continue };
        if new.contains(&id.uuid()) {
            continue;
        }
        if concerned_user(&event.origin(0), &event.event).is_some() {
            concerned.users.insert(id.uuid());
        }
        match &event.event {
            AnyEvent::User(own) => {
                concerned.links.extend(links::changes_stored(own).then_some(id.uuid()));
                concerned.all_sessions.extend(sessions::changes_all(own).then_some(id.uuid()));
                concerned.all_api_keys.extend(api_keys::changes_all(own).then_some(id.uuid()));
            }
            AnyEvent::Session(SessionEvent::Ended { .. }) => {
                concerned.sessions.insert((id.uuid(), event.stream_id));
            }
            AnyEvent::ApiKey(ApiKeyEvent::Revoked {}) => {
                concerned.api_keys.insert(event.stream_id);
            }
            _ => {}
        }
    }
    concerned
}

impl AppendedEvent {
    /// The events that brought a stream to a version.
    pub fn of_stream<E: Into<AnyEvent>>(
        account_id: AccountId,
        stream_id: Uuid,
        version: u64,
        at: DateTime<Utc>,
        events: Vec<E>,
    ) -> impl Iterator<Item = Self> {
        let before = version - events.len() as u64;
        events.into_iter().zip(before + 1..).map(move |(event, sequence)| {
            let event = event.into();
            Self { account_id, stream_id, sequence, person_id: None, at, event, token_hash: None }
        })
    }

    fn origin(&self, rank: i32) -> Origin {
        let sequence = i64::try_from(self.sequence).expect("a stream is far shorter than 2^63");
        let mark = Mark { transaction: THIS_TRANSACTION, rank };
        Origin { account_id: self.account_id, stream_id: self.stream_id, sequence, at: self.at, mark }
    }

    /// The person of whom the event changes something, or counts for the rank of other events.
    fn person(&self) -> Option<PersonKey> {
        let id = match &self.event {
            AnyEvent::Session(_) | AnyEvent::ApiKey(_) => self.person_id,
            AnyEvent::Delivery(DeliveryEvent::Sent { user_id, .. } | DeliveryEvent::Failed { user_id, .. }) => Some(*user_id),
            event => concerned_user(&self.origin(0), event),
        };
        id.map(|id| (self.account_id, id))
    }
}
