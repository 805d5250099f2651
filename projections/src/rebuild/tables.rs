//! Everything that readers see of some people, as the tables have it.

use domain::{AccountId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::events::{ApiKey, Link, People, Person, Session};
use crate::Error;
use crate::users::row::select_users;
use crate::users::{Version, VersionRow};

/// Reads what the tables hold of some people, whatever account the rows say.
pub(super) async fn read(connection: &mut PgConnection, ids: &[Uuid]) -> Result<People, Error> {
    let mut people = People::new();
    read_users(connection, ids, &mut people).await?;
    read_links(connection, ids, &mut people).await?;
    read_sessions(connection, ids, &mut people).await?;
    read_api_keys(connection, ids, &mut people).await?;
    read_versions(connection, ids, &mut people).await?;
    Ok(people)
}

fn entry(people: &mut People, account: Uuid, user: Uuid) -> &mut Person {
    people.entry((AccountId::new(account), UserId::new(user))).or_default()
}

async fn read_users(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), Error> {
    let rows = select_users!("where id = any($1)", ids);
    for row in rows.fetch_all(connection).await? {
        let (account, id) = (row.account_id, row.id);
        entry(people, account, id).user = Some(row.try_into()?);
    }
    Ok(())
}

async fn read_links(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), Error> {
    let rows = sqlx::query!(
        "select account_id, user_id, auth_method, issuer, subject, linked_at from provider_links where user_id = any($1)",
        ids
    );
    for row in rows.fetch_all(connection).await? {
        let link = Link { issuer: row.issuer, subject: row.subject, linked_at: row.linked_at };
        entry(people, row.account_id, row.user_id).links.insert(row.auth_method, link);
    }
    Ok(())
}

async fn read_sessions(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), Error> {
    let rows = sqlx::query!(
        r#"
        select account_id, user_id, id, auth_method, started_at, expires_at, ended_at, address, user_agent
        from sessions
        where user_id = any($1)
        "#,
        ids,
    );
    for row in rows.fetch_all(connection).await? {
        let session = Session {
            auth_method: row.auth_method,
            started_at: row.started_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            address: row.address,
            user_agent: row.user_agent,
        };
        entry(people, row.account_id, row.user_id).sessions.insert(row.id, session);
    }
    Ok(())
}

async fn read_api_keys(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), Error> {
    let rows = sqlx::query!(
        "select account_id, user_id, id, name, scopes, created_at, expires_at, revoked_at from api_keys where user_id = any($1)",
        ids
    );
    for row in rows.fetch_all(connection).await? {
        let key = ApiKey {
            name: row.name,
            scopes: row.scopes,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        };
        entry(people, row.account_id, row.user_id).api_keys.insert(row.id, key);
    }
    Ok(())
}

async fn read_versions(connection: &mut PgConnection, ids: &[Uuid], people: &mut People) -> Result<(), Error> {
    let rows = sqlx::query_as!(
        VersionRow,
        r#"
        select
            from_place, until_place, sessions_valid_from, account_id, id, version, email, email_normalised, name, role, status, auth_methods,
            created_at, last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, delivery_state, delivery_at,
            delivery_attempts, delivery_detail, erased_at
        from user_versions
        where id = any($1)
        order by from_place
        "#,
        ids,
    );
    for row in rows.fetch_all(connection).await? {
        let (account, id) = (row.account_id, row.id);
        entry(people, account, id).versions.push(Version::try_from(row)?);
    }
    Ok(())
}
