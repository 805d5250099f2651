//! The sign-ins, looked up on every request.

mod fold;
mod list;

use chrono::{DateTime, Utc};
use domain::{AccountId, Role, SessionId, UserId};
use sqlx::PgExecutor;

pub(crate) use fold::{SessionRow, Sessions, apply, changes_all, session_columns};
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

/// Who each of many tokens speaks for at an instant, with the hashes of the tokens: sessions that have not ended, were used since
/// `used_since`, and are of users with access. Tokens without such a session are left out.
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
pub async fn touch_session(database: impl PgExecutor<'_>, id: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let update = sqlx::query!("update sessions set last_seen_at = greatest(last_seen_at, $2) where id = $1", id.uuid(), at);
    update.execute(database).await?;
    Ok(())
}
