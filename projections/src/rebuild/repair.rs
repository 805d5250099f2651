//! Makes the rows of some people what the events say.

use std::collections::{BTreeMap, BTreeSet};

use domain::user::Status;
use domain::{AccountId, Role};
use event_store::{EventStore, Lock, Locks, Writes};
use sqlx::PgConnection;

use super::admins;
use super::compare::{Compared, compare};
use super::events::Histories;
use super::{Difference, What};
use crate::Error;
use crate::people::{Person, PersonKey, TokenHashes, write_changes};
use crate::users::past::{delete_activity, delete_versions};
use crate::users::{Past, UserRow};

/// Repairs people, in the given transaction. It holds their locks, so nothing that is said of them changes meanwhile. Returns what was
/// repaired: others may have repaired some of it since it was found.
pub(super) async fn people(transaction: &mut PgConnection, store: &EventStore, people: &[PersonKey]) -> Result<Vec<Difference>, Error> {
    let users = people.iter().map(|&(_, user_id)| Lock::User { user_id }.exclusive());
    Locks::new(users).take(transaction).await?;
    let Compared { expected, stored, differences } = compare(transaction, store, people).await?;
    // What the rows of a person with an unreadable event should be is not known: they stay, and count as before.
    let can_be_repaired = differences.iter().filter(|difference| !difference.cannot_be_repaired);
    let of_table = |table: &'static str| {
        let of_table = can_be_repaired.clone().filter(move |difference| difference.table == table);
        of_table.filter_map(|difference| Some((difference, (difference.account_id, difference.user_id?))))
    };
    let differing: BTreeSet<_> = can_be_repaired.clone().filter_map(|found| Some((found.account_id, found.user_id?))).collect();
    if differing.is_empty() {
        return Ok(differences);
    }
    admins::count_afterwards(transaction).await?;
    let users: Vec<_> = of_table("users").collect();
    // A row with the id of another account's user is that user's, and becomes so again.
    let is_known = |id| expected.iter().any(|((_, known), history)| *known == id && history.person.user.is_some());
    let invented = users.iter().filter(|(found, (_, id))| found.what == What::Invented && !is_known(*id));
    let invented: BTreeSet<_> = invented.map(|(_, who)| *who).collect();
    remove(transaction, &invented).await?;
    let none = Person::default();
    let changes = differing.difference(&invented).map(|who| {
        let [stored, expected] = [&stored, &expected].map(|side| side.get(who).map_or(&none, |history| &history.person));
        (stored, expected)
    });
    let has_past = |who: &PersonKey, has: fn(&Past) -> bool| stored.get(who).is_some_and(|history| has(&history.person.past));
    let ended = of_table("user_versions").filter(|(_, who)| has_past(who, |past| !past.versions.is_empty()));
    delete_versions(transaction, &ended.map(|(_, (_, id))| id.uuid()).collect::<Vec<_>>()).await?;
    let activity = of_table("past_activity").filter(|(_, who)| has_past(who, |past| !past.activity.is_empty()));
    delete_activity(transaction, &activity.map(|(_, (_, id))| id.uuid()).collect::<Vec<_>>()).await?;
    let mut writes = Writes::default();
    write_changes(transaction, &mut writes, changes, &TokenHashes::new()).await?;
    writes.execute(transaction).await?;
    admins::count(transaction, &more_admins(&expected, &stored, users.iter().map(|(_, who)| *who))).await?;
    Ok(differences)
}

/// How many active admins more than before each account has, or fewer.
fn more_admins(expected: &Histories, stored: &Histories, people: impl Iterator<Item = PersonKey>) -> BTreeMap<AccountId, i64> {
    let is_admin = |user: &UserRow| user.role == Role::Admin.as_str() && user.has_status(Status::Active);
    let count = |side: &Histories, who| i64::from(side.get(&who).and_then(|history| history.person.user.as_ref()).is_some_and(is_admin));
    let mut more = BTreeMap::new();
    for who in people {
        *more.entry(who.0).or_default() += count(expected, who) - count(stored, who);
    }
    more
}

/// Removes users of whom no event speaks, with everything that only such a row could hold.
async fn remove(connection: &mut PgConnection, users: &BTreeSet<PersonKey>) -> Result<(), sqlx::Error> {
    if users.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = users.iter().map(|(_, id)| id.uuid()).collect();
    sqlx::query!("delete from provider_links where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from sessions where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from api_keys where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from password_resets where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from mail_outbox where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from invitation_counts where user_id = any($1)", &ids).execute(&mut *connection).await?;
    sqlx::query!("delete from users where id = any($1)", &ids).execute(connection).await?;
    Ok(())
}
