//! Writes what has changed of people.

use std::collections::{BTreeMap, HashMap};

use domain::user::Status;
use event_store::Writes;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Person;
use crate::api_keys::ApiKeyRow;
use crate::rows::{add_rows, add_rows_with_tokens};
use crate::sessions::SessionRow;
use crate::users::row::{ActivityRow, VersionRow};
use crate::users::{LinkRow, UserRow};

/// The SHA-256 of the tokens of new sessions and keys, by the ids of these.
pub(crate) type TokenHashes = HashMap<Uuid, [u8; 32]>;

/// What has changed of some people.
#[derive(Default)]
struct Changes<'a> {
    users: Vec<(&'a UserRow, bool)>,
    versions: Vec<&'a VersionRow>,
    activity: Vec<&'a ActivityRow>,
    links: Vec<&'a LinkRow>,
    sessions: Vec<&'a SessionRow>,
    api_keys: Vec<&'a ApiKeyRow>,
    no_links: Vec<&'a LinkRow>,
    no_sessions: Vec<Uuid>,
    no_api_keys: Vec<Uuid>,
}

/// Brings the tables from what they hold of some people to what they should hold: adds all rows that differ to what is written. Rows
/// that should not exist are deleted before, after what was to be written so far. A row of `users` stays.
///
/// # Errors
/// When the database is lost, or a constraint over several rows says no: its name is in the error.
pub(crate) async fn write_changes<'a>(
    connection: &mut PgConnection,
    writes: &mut Writes,
    people: impl IntoIterator<Item = (&'a Person, &'a Person)>,
    hashes: &TokenHashes,
) -> Result<(), sqlx::Error> {
    let mut changes = Changes::default();
    for (stored, expected) in people {
        changes.add(stored, expected);
    }
    changes.write(connection, writes, hashes).await
}

impl<'a> Changes<'a> {
    fn add(&mut self, stored: &'a Person, expected: &'a Person) {
        if let Some(user) = expected.user.as_ref().filter(|user| stored.user.as_ref() != Some(*user)) {
            self.users.push((user, stored.user.is_none()));
        }
        if stored.past.versions != expected.past.versions {
            self.versions.extend(&expected.past.versions);
        }
        if stored.past.activity != expected.past.activity {
            self.activity.extend(&expected.past.activity);
        }
        self.links.extend(changed(&stored.links, &expected.links));
        self.sessions.extend(changed(&stored.sessions, &expected.sessions));
        self.api_keys.extend(changed(&stored.api_keys, &expected.api_keys));
        self.no_links.extend(gone(&stored.links, &expected.links).map(|(_, link)| link));
        self.no_sessions.extend(gone(&stored.sessions, &expected.sessions).map(|(id, _)| id));
        self.no_api_keys.extend(gone(&stored.api_keys, &expected.api_keys).map(|(id, _)| id));
    }

    async fn write(mut self, connection: &mut PgConnection, writes: &mut Writes, hashes: &TokenHashes) -> Result<(), sqlx::Error> {
        if !(self.no_links.is_empty() && self.no_sessions.is_empty() && self.no_api_keys.is_empty()) {
            writes.execute(connection).await?;
            delete_links(connection, &self.no_links).await?;
            delete_sessions(connection, &self.no_sessions).await?;
            delete_api_keys(connection, &self.no_api_keys).await?;
        }
        // A deleted user frees an address that another may take.
        self.users.sort_by_key(|(user, is_new)| (!user.has_status(Status::Deleted), *is_new));
        add_rows(writes, &self.users.iter().map(|(user, _)| *user).collect::<Vec<_>>());
        add_rows(writes, &self.versions);
        add_rows(writes, &self.activity);
        add_rows(writes, &self.links);
        add_rows_with_tokens(writes, &self.sessions, |row| hashes.get(&row.id).copied());
        add_rows_with_tokens(writes, &self.api_keys, |row| hashes.get(&row.id).copied());
        Ok(())
    }
}

/// The rows that should be there, and are not so.
fn changed<'a, K: Ord, R: PartialEq>(stored: &'a BTreeMap<K, R>, expected: &'a BTreeMap<K, R>) -> impl Iterator<Item = &'a R> {
    expected.iter().filter(|(key, row)| stored.get(*key) != Some(*row)).map(|(_, row)| row)
}

/// The rows that are there, and should not be.
fn gone<'a, K: Ord + Clone, R>(stored: &'a BTreeMap<K, R>, expected: &'a BTreeMap<K, R>) -> impl Iterator<Item = (K, &'a R)> {
    stored.iter().filter(|(key, _)| !expected.contains_key(*key)).map(|(key, row)| (key.clone(), row))
}

async fn delete_links(connection: &mut PgConnection, links: &[&LinkRow]) -> Result<(), sqlx::Error> {
    if links.is_empty() {
        return Ok(());
    }
    let (users, methods): (Vec<_>, Vec<_>) = links.iter().map(|link| (link.user_id, link.auth_method.clone())).unzip();
    let delete = sqlx::query!(
        r#"
        delete from provider_links l
        using unnest($1::uuid[], $2::text[]) as g (user_id, auth_method)
        where l.user_id = g.user_id and l.auth_method = g.auth_method
        "#,
        &users,
        &methods,
    );
    delete.execute(connection).await?;
    Ok(())
}

async fn delete_sessions(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if !ids.is_empty() {
        sqlx::query!("delete from sessions where id = any($1)", ids).execute(connection).await?;
    }
    Ok(())
}

async fn delete_api_keys(connection: &mut PgConnection, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    if !ids.is_empty() {
        sqlx::query!("delete from api_keys where id = any($1)", ids).execute(connection).await?;
    }
    Ok(())
}
