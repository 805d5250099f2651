//! The sign-ins, looked up on every request.

mod list;

use chrono::{DateTime, Utc};
use domain::session::SessionEvent;
use domain::{AccountId, Personal, Role, SessionId, UserId};
use sqlx::{PgConnection, PgExecutor};

pub use list::{ListedSession, MAX_LISTED, find_open_session, find_session_owner, list_open_sessions, list_sessions};

/// Who asks, as a session token proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// The sign-in.
    pub id: SessionId,
    /// Whose member the user is.
    pub account_id: AccountId,
    /// Who.
    pub user_id: UserId,
    /// Their role at this moment.
    pub role: Role,
    /// When it was last used, to the minute or so.
    pub last_seen_at: DateTime<Utc>,
}

/// Whether a session came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Started {
    /// It did, and the user's `last_active_at` says so.
    Yes,
    /// The user has no access, or not in this way, at the moment of writing.
    NoAccess,
}

/// Writes that a session has started, for a user who has access at this very moment.
///
/// Row lock and condition are those of a deactivation, so that whichever comes second sees the
/// first: a session never outlives its user's access, whatever the clocks say.
///
/// # Errors
/// When the database is lost.
pub async fn project_session_start(
    connection: &mut PgConnection,
    id: SessionId,
    event: &SessionEvent,
    token_hash: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<Started, sqlx::Error> {
    let SessionEvent::Started { account_id, user_id, auth_method, expires_at, address, user_agent } = event else {
        return Ok(Started::Yes);
    };
    let written = sqlx::query!(
        r#"
        with active as (
            update users
            set last_active_at = greatest($7, sessions_valid_from, last_active_at)
            where account_id = $2 and id = $3 and status = 'active' and $5 = any(auth_methods)
            returning last_active_at
        )
        insert into sessions (
            id, account_id, user_id, token_hash, auth_method, started_at, expires_at, last_seen_at, address, user_agent
        )
        select $1, $2, $3, $4, $5, last_active_at, $6, $7, $8, $9
        from active
        "#,
        id.uuid(),
        account_id.uuid(),
        user_id.uuid(),
        token_hash.as_slice(),
        auth_method.as_str(),
        expires_at,
        at,
        address.as_ref().and_then(Personal::known).map(ToString::to_string),
        user_agent.as_ref().and_then(Personal::known),
    );
    let rows = written.execute(connection).await?.rows_affected();
    Ok(if rows == 1 { Started::Yes } else { Started::NoAccess })
}

/// Writes that sessions of a user were ended. Naming the user keeps it from reading the sessions of others, however many are ended.
///
/// # Errors
/// When the database is lost.
pub async fn project_session_ends(
    connection: &mut PgConnection,
    (account_id, user_id): (AccountId, UserId),
    ids: &[SessionId],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let update = sqlx::query!(
        "update sessions set ended_at = $4 where account_id = $1 and user_id = $2 and id = any($3)",
        account_id.uuid(),
        user_id.uuid(),
        &ids,
        at,
    );
    update.execute(connection).await?;
    Ok(())
}

/// Ends the sessions of a user that were begun in a way that is allowed no more. A sign-in under way holds the row of the user, which
/// was changed before this: it is seen here, or sees the change.
///
/// # Errors
/// When the database is lost.
pub(crate) async fn end_sessions_begun_otherwise(
    connection: &mut PgConnection,
    account_id: AccountId,
    user_id: UserId,
    allowed: &[String],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let update = sqlx::query!(
        r#"
        update sessions set ended_at = $4
        where account_id = $1 and user_id = $2 and ended_at is null and auth_method <> all($3)
        "#,
        account_id.uuid(),
        user_id.uuid(),
        allowed,
        at,
    );
    update.execute(connection).await?;
    Ok(())
}

/// Who each of many tokens speaks for at an instant, with the hashes of the tokens: sessions that have not ended, were used since
/// `used_since`, and are of users with access. Tokens that speak for nobody are left out.
///
/// # Errors
/// When the database is lost.
pub async fn find_sessions(
    database: impl PgExecutor<'_>,
    token_hashes: &[Vec<u8>],
    now: DateTime<Utc>,
    used_since: DateTime<Utc>,
) -> Result<Vec<(Vec<u8>, SessionView)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select s.token_hash, s.id, s.account_id, s.user_id, s.last_seen_at, u.role
        from sessions s
        join users u on u.id = s.user_id and u.account_id = s.account_id
        where s.token_hash = any($1)
            and s.ended_at is null
            and s.expires_at > $2
            and s.last_seen_at > $3
            and u.status = 'active'
            and s.started_at >= u.sessions_valid_from
        "#,
        token_hashes,
        now,
        used_since,
    );
    let sessions = rows.fetch_all(database).await?.into_iter().map(|row| {
        let view = SessionView {
            id: SessionId::new(row.id),
            account_id: AccountId::new(row.account_id),
            user_id: UserId::new(row.user_id),
            role: row.role.parse().map_err(|_| sqlx::Error::Decode("users.role holds no role".into()))?,
            last_seen_at: row.last_seen_at,
        };
        Ok((row.token_hash, view))
    });
    sessions.collect()
}

/// Writes that a session was used. That is no event.
///
/// # Errors
/// When the database is lost.
pub async fn touch_session(database: impl PgExecutor<'_>, id: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let update = sqlx::query!("update sessions set last_seen_at = greatest(last_seen_at, $2) where id = $1", id.uuid(), at);
    update.execute(database).await?;
    Ok(())
}
