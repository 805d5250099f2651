//! Which rows of some people are not as the events have them.

use std::collections::BTreeSet;

use domain::{AccountId, UserId};
use event_store::EventStore;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::events::{Histories, History, fold};
use super::{Difference, Time, What, one_moment};
use crate::Error;
use crate::people::{PersonKey, read_people};

/// The next people by id, compared.
pub(super) struct Chunk {
    /// How many of them have events.
    pub(super) users: u64,
    /// The last of them.
    pub(super) last: String,
    pub(super) differences: Vec<Difference>,
    /// Those who have events and no row at all in `users`, where they were not compared.
    pub(super) missing: Vec<(AccountId, UserId)>,
}

/// What becomes of those who have events and no row at all in `users`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// They are compared as all others are.
    Compared,
    /// They are only named: a repair compares them anyway, and reading events takes longest.
    Named,
}

/// What events and tables have of some people, at one moment.
pub(super) struct Compared {
    pub(super) expected: Histories,
    pub(super) stored: Histories,
    pub(super) differences: Vec<Difference>,
}

/// Compares the people after an id; `None` after the last one.
pub(super) async fn chunk(pool: &PgPool, store: &EventStore, after: &str, size: u32, missing: Missing) -> Result<Option<Chunk>, Error> {
    let mut moment = one_moment(pool).await?;
    let streams = store.list_streams(&mut moment, "user", after, size).await?;
    let is_last = streams.len() < size as usize;
    let upper = if is_last { None } else { streams.last().map(|(_, id)| id.clone()) };
    // Rows that no event speaks of lie somewhere between.
    let stored = sqlx::query!(
        r#"
        select account_id, id
        from users
        where id > $1 and ($2::uuid is null or id <= $2)
        "#,
        after.parse::<Uuid>().unwrap_or(Uuid::nil()),
        upper.as_ref().and_then(|id| id.parse::<Uuid>().ok()),
    );
    let stored = stored.fetch_all(&mut *moment).await?;
    let mut people = BTreeSet::new();
    for (account_id, id) in &streams {
        people.insert((*account_id, id.parse::<UserId>().map_err(|_| Error::NotWhole(format!("{id} is no id of a user")))?));
    }
    let stored: BTreeSet<_> = stored.into_iter().map(|row| (AccountId::new(row.account_id), UserId::new(row.id))).collect();
    people.extend(&stored);
    let Some((_, last)) = people.iter().max_by_key(|(_, id)| *id).copied() else { return Ok(None) };
    let (people, missing): (Vec<_>, Vec<_>) = people.into_iter().partition(|who| missing == Missing::Compared || stored.contains(who));
    let differences = if people.is_empty() { vec![] } else { compare(&mut moment, store, &people).await?.differences };
    // Or it would stay open for as long as they are repaired.
    moment.rollback().await?;
    let last = upper.unwrap_or_else(|| last.to_string());
    Ok(Some(Chunk { users: u64::try_from(streams.len()).unwrap_or(u64::MAX), last, differences, missing }))
}

/// Compares some people. Events and tables must be read at one moment, or under the locks of the people.
pub(super) async fn compare(connection: &mut PgConnection, store: &EventStore, people: &[(AccountId, UserId)]) -> Result<Compared, Error> {
    let events = store.read_events_of_people(connection, people).await?;
    let mut expected = fold(events);
    let ids: Vec<Uuid> = people.iter().map(|(_, id)| id.uuid()).collect();
    let stored = read_stored(connection, &ids).await?;
    // After the rows were read: whatever housekeeping deleted before that is known now.
    if let Some(until) = find_deleted_until(connection).await? {
        leave_out_deleted_sessions(&mut expected, &stored, until);
    }
    keep_attempts(&mut expected, &stored);
    let keys: BTreeSet<_> = expected.keys().chain(stored.keys()).copied().collect();
    let none = History::default();
    let mut differences = vec![];
    for who in keys {
        let (expected, stored) = (expected.get(&who).unwrap_or(&none), stored.get(&who).unwrap_or(&none));
        compare_person(who, expected, stored, &mut differences);
    }
    Ok(Compared { expected, stored, differences })
}

async fn read_stored(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Histories, Error> {
    let people = read_people(connection, ids).await?.into_iter();
    Ok(people.map(|(who, person)| (who, History { person, ..History::default() })).collect())
}

/// Up to when finished sessions were deleted, if any were.
async fn find_deleted_until(connection: &mut PgConnection) -> Result<Option<Time>, sqlx::Error> {
    sqlx::query_scalar!("select deleted_until from housekeeping where subject = 'sessions'").fetch_optional(connection).await
}

/// A finished session may be missing: its events stay, its row is deleted after a while. Where the row is still there, it is compared.
fn leave_out_deleted_sessions(expected: &mut Histories, stored: &Histories, until: Time) {
    for (who, history) in expected {
        let rows = stored.get(who).map(|stored| &stored.person.sessions);
        history.person.sessions.retain(|id, session| session.is_over_at() > until || rows.is_some_and(|rows| rows.contains_key(id)));
    }
}

/// What is said of a mail that waits is in no event.
fn keep_attempts(expected: &mut Histories, stored: &Histories) {
    for (who, history) in expected {
        let stored = stored.get(who).and_then(|stored| stored.person.user.as_ref());
        if let (Some(user), Some(stored)) = (&mut history.person.user, stored) {
            user.keep_attempts_of(stored);
        }
    }
}

fn compare_person((account_id, id): PersonKey, expected: &History, stored: &History, differences: &mut Vec<Difference>) {
    if !expected.unreadable.is_empty() {
        // What the other events say is not what readers should see.
        differences.extend(expected.unreadable.iter().map(|event| Difference {
            table: "users",
            account_id,
            user_id: Some(id),
            row: format!("{id} ({}: {})", event.event, event.reason),
            what: What::Unreadable,
            cannot_be_repaired: true,
        }));
        return;
    }
    let mut note = |table, row: String, what: Option<What>| {
        if let Some(what) = what {
            differences.push(Difference { table, account_id, user_id: Some(id), row, what, cannot_be_repaired: false });
        }
    };
    let (expected, stored) = (&expected.person, &stored.person);
    note("user_versions", format!("of user {id}"), differing_past(&expected.past.versions, &stored.past.versions));
    note("past_activity", format!("of user {id}"), differing_past(&expected.past.activity, &stored.past.activity));
    note("users", id.to_string(), differing(expected.user.as_ref(), stored.user.as_ref()));
    for method in expected.links.keys().chain(stored.links.keys()).collect::<BTreeSet<_>>() {
        let what = differing(expected.links.get(method), stored.links.get(method));
        note("provider_links", format!("{method} of user {id}"), what);
    }
    for session in expected.sessions.keys().chain(stored.sessions.keys()).collect::<BTreeSet<_>>() {
        note("sessions", session.to_string(), differing(expected.sessions.get(session), stored.sessions.get(session)));
    }
    for key in expected.api_keys.keys().chain(stored.api_keys.keys()).collect::<BTreeSet<_>>() {
        note("api_keys", key.to_string(), differing(expected.api_keys.get(key), stored.api_keys.get(key)));
    }
}

fn differing_past<T: PartialEq>(expected: &[T], stored: &[T]) -> Option<What> {
    match (expected, stored) {
        _ if expected == stored => None,
        (_, []) => Some(What::Missing),
        ([], _) => Some(What::Invented),
        _ => Some(What::Differing),
    }
}

fn differing<T: PartialEq>(expected: Option<&T>, stored: Option<&T>) -> Option<What> {
    match (expected, stored) {
        (None, None) => None,
        (Some(_), None) => Some(What::Missing),
        (None, Some(_)) => Some(What::Invented),
        (Some(expected), Some(stored)) => (expected != stored).then_some(What::Differing),
    }
}
