//! Writes what has changed of people.

use std::collections::{BTreeMap, HashMap};

use domain::user::Status;
use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Person;
use crate::api_keys::ApiKeyRow;
use crate::rows::{Upserts, bytea};
use crate::sessions::SessionRow;
use crate::users::row::{ActivityRow, VersionRow};
use crate::users::{LinkRow, UserRow};

/// The SHA-256 of the tokens of new sessions and keys, by the ids of these.
pub(crate) type TokenHashes = HashMap<Uuid, [u8; 32]>;

/// A row with what it has in `token_hash` when it is new.
#[derive(Serialize)]
pub(crate) struct WithToken<'a, R> {
    #[serde(flatten)]
    row: &'a R,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_hash: Option<String>,
}

impl<'a, R> WithToken<'a, R> {
    pub(crate) fn new(row: &'a R, id: Uuid, hashes: &TokenHashes) -> Self {
        Self { row, token_hash: hashes.get(&id).map(|hash| bytea(hash)) }
    }
}

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

/// Brings the tables from what they hold of some people to what they should hold: all rows that differ are written by one statement. Rows
/// that should not exist are deleted before. A row of `users` stays.
///
/// # Errors
/// When the database is lost, or a constraint over several rows says no: its name is in the error.
pub(crate) async fn write_changes<'a>(
    connection: &mut PgConnection,
    people: impl IntoIterator<Item = (&'a Person, &'a Person)>,
    hashes: &TokenHashes,
) -> Result<(), sqlx::Error> {
    let mut changes = Changes::default();
    for (stored, expected) in people {
        changes.add(stored, expected);
    }
    changes.write(connection, hashes).await
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

    async fn write(mut self, connection: &mut PgConnection, hashes: &TokenHashes) -> Result<(), sqlx::Error> {
        delete_links(connection, &self.no_links).await?;
        delete_sessions(connection, &self.no_sessions).await?;
        delete_api_keys(connection, &self.no_api_keys).await?;
        // A deleted user frees an address that another may take.
        self.users.sort_by_key(|(user, is_new)| (!user.has_status(Status::Deleted), *is_new));
        let mut upserts = Upserts::default();
        upserts.add::<UserRow, _>(&self.users.iter().map(|(user, _)| user).collect::<Vec<_>>());
        upserts.add::<VersionRow, _>(&self.versions);
        upserts.add::<ActivityRow, _>(&self.activity);
        upserts.add::<LinkRow, _>(&self.links);
        upserts.add::<SessionRow, _>(&self.sessions.iter().map(|row| WithToken::new(*row, row.id, hashes)).collect::<Vec<_>>());
        upserts.add::<ApiKeyRow, _>(&self.api_keys.iter().map(|row| WithToken::new(*row, row.id, hashes)).collect::<Vec<_>>());
        upserts.execute(connection).await
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
