//! The sign-ins, looked up on every request.

mod fold;
mod list;

use chrono::{DateTime, Utc};
use domain::{AccountId, Role, SessionId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::users::UserView;
use crate::users::row::{ListedRow, user_columns};

pub(crate) use fold::{SessionRow, Sessions, apply, changes_all, session_columns};
pub use list::{ListedSession, MAX_LISTED, find_open_session, find_session_owner, list_open_sessions, list_sessions};

user_columns!(row!
    /// A session with the row of its user.
    SessionUserRow in "sessions" by ["session_id"] and {
        "session_id" session_id: Uuid,
        "session_last_seen_at" session_last_seen_at: DateTime<Utc>,
        "last_active_at" last_active_at: Option<DateTime<Utc>>,
    }
);

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

/// Who a token speaks for at an instant, with the user as they are now: the same sessions as [`find_sessions`] finds.
///
/// # Errors
/// When the database is lost.
pub async fn find_session(
    database: impl PgExecutor<'_>,
    token_hash: &[u8],
    now: DateTime<Utc>,
    used_since: DateTime<Utc>,
) -> Result<Option<(SessionView, UserView)>, sqlx::Error> {
    let row = user_columns!(
        select! SessionUserRow, "session_id, session_last_seen_at, last_active_at, ",
        (
            "from users
            join (
                select
                    id as session_id,
                    account_id as session_account_id,
                    user_id as session_user_id,
                    started_at as session_started_at,
                    last_seen_at as session_last_seen_at
                from sessions
                where token_hash = $1
                    and ended_at is null
                    and expires_at > $2
                    and last_seen_at > $3
            ) session on id = session_user_id and account_id = session_account_id
            where status = 'active'
                and session_started_at >= sessions_valid_from"
        ),
        token_hash, now, used_since
    );
    let Some(row) = row.fetch_optional(database).await? else { return Ok(None) };
    let (id, last_seen_at) = (SessionId::new(row.session_id), row.session_last_seen_at);
    let user = UserView::try_from(user_columns!(copy! row => ListedRow { last_active_at: row.last_active_at }))?;
    Ok(Some((SessionView { id, account_id: user.account_id, user_id: user.id, role: user.role, last_seen_at }, user)))
}

/// Writes that a session was used. That is no event.
pub async fn touch_session(database: impl PgExecutor<'_>, id: SessionId, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let update = sqlx::query!("update sessions set last_seen_at = greatest(last_seen_at, $2) where id = $1", id.uuid(), at);
    update.execute(database).await?;
    Ok(())
}
