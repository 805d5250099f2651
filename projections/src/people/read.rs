//! Reads the stored rows of people.

use std::collections::BTreeSet;

use domain::{AccountId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{People, Person};
use crate::api_keys::ApiKeyRow;
use crate::keys::key_columns;
use crate::sessions::{SessionRow, session_columns};
use crate::users::past::{read_activity, read_versions};
use crate::users::row::select_user_rows;
use crate::users::{LinkRow, link_columns};

/// Which rows to read: by the ids of users, except single sessions and keys.
#[derive(Default)]
pub(crate) struct Concerned {
    pub(crate) users: BTreeSet<Uuid>,
    /// Whose links.
    pub(crate) links: BTreeSet<Uuid>,
    /// Whose sessions.
    pub(crate) all_sessions: BTreeSet<Uuid>,
    /// Single sessions, each with its user.
    pub(crate) sessions: BTreeSet<(Uuid, Uuid)>,
    /// Whose API keys.
    pub(crate) all_api_keys: BTreeSet<Uuid>,
    /// Single API keys.
    pub(crate) api_keys: BTreeSet<Uuid>,
}

impl Concerned {
    /// Reads them, with one statement for each kind of row that is asked for.
    pub(crate) async fn read(self, connection: &mut PgConnection) -> Result<People, sqlx::Error> {
        let mut people = People::new();
        if !self.users.is_empty() {
            read_users(connection, &Vec::from_iter(self.users), &mut people).await?;
        }
        if !self.links.is_empty() {
            read_links(connection, &Vec::from_iter(self.links), &mut people).await?;
        }
        if !self.all_sessions.is_empty() {
            read_sessions(connection, &Vec::from_iter(self.all_sessions), &mut people).await?;
        }
        if !self.sessions.is_empty() {
            let (users, ids): (BTreeSet<_>, Vec<_>) = self.sessions.into_iter().unzip();
            read_sessions_by_id(connection, &Vec::from_iter(users), &ids, &mut people).await?;
        }
        if !self.all_api_keys.is_empty() {
            read_api_keys(connection, &Vec::from_iter(self.all_api_keys), &mut people).await?;
        }
        if !self.api_keys.is_empty() {
            read_api_keys_by_id(connection, &Vec::from_iter(self.api_keys), &mut people).await?;
        }
        Ok(people)
    }
}

/// Reads all rows of users, and their past, whatever account the rows name.
pub(crate) async fn read_people(connection: &mut PgConnection, ids: &[Uuid]) -> Result<People, sqlx::Error> {
    let mut people = People::new();
    read_users(connection, ids, &mut people).await?;
    read_links(connection, ids, &mut people).await?;
    read_sessions(connection, ids, &mut people).await?;
    read_api_keys(connection, ids, &mut people).await?;
    for row in read_versions(connection, ids).await? {
        entry(&mut people, row.account_id, row.id).past.versions.push(row);
    }
    for row in read_activity(connection, ids).await? {
        entry(&mut people, row.account_id, row.user_id).past.activity.push(row);
    }
    Ok(people)
}

fn entry(people: &mut People, account: Uuid, user: Uuid) -> &mut Person {
    people.entry((AccountId::new(account), UserId::new(user))).or_default()
}

async fn read_users(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = select_user_rows!("where id = any($1)", ids);
    for row in rows.fetch_all(connection).await? {
        let (account, id) = (row.account_id, row.id);
        entry(people, account, id).user = Some(row);
    }
    Ok(())
}

async fn read_links(connection: &mut PgConnection, users: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = link_columns!(select! LinkRow, "", ("from provider_links where user_id = any($1)"), users);
    for row in rows.fetch_all(connection).await? {
        entry(people, row.account_id, row.user_id).links.insert(row.auth_method.clone(), row);
    }
    Ok(())
}

async fn read_sessions(connection: &mut PgConnection, users: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = session_columns!(select! SessionRow, "", ("from sessions where user_id = any($1)"), users);
    add_sessions(rows.fetch_all(connection).await?, people);
    Ok(())
}

/// Reads some sessions. Naming their users keeps the database from reading the sessions of others, however many these are.
async fn read_sessions_by_id(connection: &mut PgConnection, users: &[Uuid], ids: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = session_columns!(select! SessionRow, "", ("from sessions where user_id = any($1) and id = any($2)"), users, ids);
    add_sessions(rows.fetch_all(connection).await?, people);
    Ok(())
}

fn add_sessions(rows: Vec<SessionRow>, people: &mut People) {
    for row in rows {
        entry(people, row.account_id, row.user_id).sessions.insert(row.id, row);
    }
}

async fn read_api_keys(connection: &mut PgConnection, users: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = key_columns!(select! ApiKeyRow, "user_id, ", ("from api_keys where user_id = any($1)"), users);
    add_api_keys(rows.fetch_all(connection).await?, people);
    Ok(())
}

/// Reads some API keys.
async fn read_api_keys_by_id(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), sqlx::Error> {
    let rows = key_columns!(select! ApiKeyRow, "user_id, ", ("from api_keys where id = any($1)"), ids);
    add_api_keys(rows.fetch_all(connection).await?, people);
    Ok(())
}

fn add_api_keys(rows: Vec<ApiKeyRow>, people: &mut People) {
    for row in rows {
        entry(people, row.account_id, row.user_id).api_keys.insert(row.id, row);
    }
}
