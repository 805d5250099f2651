//! The history of an account as a table.

use std::collections::{BTreeSet, HashMap};

use commands::may_read;
use domain::{AccountId, Actor, Operation, UserId};
use event_store::{Pool, RecordedEvent};
use projections::users::{UserView, find_users};
use projections::{AnyEvent, decided_at, subject};

use super::cloud_event::written;
use super::table::{Table, TableForm};
use crate::wire::{ActorKind, EventType, address, changes, spelled, summary, summary_of_unreadable};

const COLUMNS: [&str; 12] = [
    "recorded_at",
    "at",
    "id",
    "type",
    "actor_kind",
    "actor",
    "subject_id",
    "subject_email",
    "request_id",
    "address",
    "summary",
    "changes",
];

/// The first row.
pub(super) fn head(form: TableForm) -> Vec<u8> {
    Table::beginning(form, COLUMNS).into_bytes()
}

/// A row for each event. The address of its subject is the one of now, for a reader who may see that user.
///
/// # Errors
/// When the database is lost.
pub(super) async fn rows(
    database: &Pool,
    account_id: AccountId,
    reader: &Actor,
    form: TableForm,
    events: Vec<RecordedEvent>,
) -> Result<Vec<u8>, event_store::DatabaseError> {
    let may_see = |id: &UserId| may_read(reader, Operation::ReadUser, account_id, Some(*id)).is_ok();
    let subjects: Vec<_> = events.iter().filter_map(subject).filter(may_see).collect::<BTreeSet<_>>().into_iter().collect();
    let users = if subjects.is_empty() { vec![] } else { find_users(database, account_id, &subjects).await? };
    let users: HashMap<UserId, UserView> = users.into_iter().map(|user| (user.id, user)).collect();
    let mut table = Table::continued(form);
    for event in events {
        let subject = subject(&event);
        let email = subject.and_then(|id| users.get(&id)).map_or("", |user| user.email.as_str());
        row(&mut table, &event, subject, email);
    }
    Ok(table.into_bytes())
}

fn row(table: &mut Table, event: &RecordedEvent, subject: Option<UserId>, email: &str) {
    let told = |name: &str| event.metadata.get(name).map_or("", String::as_str);
    let actor = told("actor");
    let any_event = AnyEvent::read(event);
    let summary = any_event.as_ref().map_or_else(|reason| summary_of_unreadable(event, *reason), summary);
    let changed = any_event.as_ref().map(changes).unwrap_or_default();
    let changed = if changed.is_empty() { String::new() } else { serde_json::to_string(&changed).expect("texts are written as JSON") };
    table.row([
        &written(event.recorded_at),
        &written(decided_at(event)),
        &format!("{}:{}", event.aggregate_id, event.sequence),
        spelled(EventType::of(&any_event)),
        spelled(ActorKind::of(actor.parse().ok())),
        actor.split_once(':').map_or("", |(_, id)| id),
        &subject.map_or_else(String::new, |id| id.to_string()),
        email,
        told("request_id"),
        &any_event.as_ref().ok().and_then(address).unwrap_or_default(),
        &summary,
        &changed,
    ]);
}
