//! From where a user is signed in, as they see it.

use chrono::{DateTime, Utc};
use domain::{AccountId, AuthMethodId, SessionId, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

/// A session that lets someone in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// Its id.
    pub id: SessionId,
    /// How they signed in.
    pub auth_method: AuthMethodId,
    /// When.
    pub started_at: DateTime<Utc>,
    /// When it was last used, to the minute or so.
    pub last_seen_at: DateTime<Utc>,
    /// From this instant on it is over, however much it is used.
    pub expires_at: DateTime<Utc>,
    /// The address that they came from, where it is known.
    pub address: Option<String>,
    /// What their program said of itself, where it did.
    pub user_agent: Option<String>,
}

/// How many sessions of a user are listed at most. There may be more: they can all be ended together.
pub const MAX_LISTED: u32 = 100;

/// The columns of a listed session.
struct SessionRow {
    id: Uuid,
    auth_method: String,
    started_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    address: Option<String>,
    user_agent: Option<String>,
}

impl TryFrom<SessionRow> for ListedSession {
    type Error = sqlx::Error;

    fn try_from(row: SessionRow) -> Result<Self, sqlx::Error> {
        let unreadable = |_| sqlx::Error::Decode("sessions.auth_method holds no id".into());
        Ok(Self {
            id: SessionId::new(row.id),
            auth_method: AuthMethodId::parse(&row.auth_method).map_err(unreadable)?,
            started_at: row.started_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            address: row.address,
            user_agent: row.user_agent,
        })
    }
}

/// A statement over the sessions of a user that let them in at an instant, if they were used since another. Its own parameters begin with `$5`.
macro_rules! select_open_sessions {
    (
        $query:ident!($($row:ident,)? $columns:literal) $rest:literal,
        $user:expr, $now:expr, $used_since:expr $(, $argument:expr)* $(,)?
    ) => {
        sqlx::$query!(
            $($row,)?
            "select " + $columns + " \
            from sessions s \
            join users u on u.id = s.user_id and u.account_id = s.account_id \
            where s.account_id = $1 \
                and s.user_id = $2 \
                and s.ended_at is null \
                and s.expires_at > $3 \
                and s.last_seen_at > $4 \
                and u.status = 'active' \
                and s.started_at >= u.sessions_valid_from "
                + $rest,
            $user.0.uuid(),
            $user.1.uuid(),
            $now,
            $used_since
            $(, $argument)*
        )
    };
}

/// The same, with the columns of a listed session.
macro_rules! select_listed {
    ($($argument:tt)*) => {
        select_open_sessions!(
            query_as!(SessionRow, "s.id, s.auth_method, s.started_at, s.last_seen_at, s.expires_at, s.address, s.user_agent")
            $($argument)*
        )
    };
}

/// The sessions of a user that let them in at an instant, those that were used last first, at most [`MAX_LISTED`].
pub async fn list_sessions(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
    now: DateTime<Utc>,
    used_since: DateTime<Utc>,
) -> Result<Vec<ListedSession>, sqlx::Error> {
    let (user, limit) = ((account_id, user_id), i64::from(MAX_LISTED));
    let rows = select_listed!("order by s.last_seen_at desc, s.id desc limit $5", user, now, used_since, limit);
    rows.fetch_all(database).await?.into_iter().map(ListedSession::try_from).collect()
}

/// One session of a user, if it lets them in at an instant.
pub async fn find_open_session(
    database: impl PgExecutor<'_>,
    user: (AccountId, UserId),
    id: SessionId,
    now: DateTime<Utc>,
    used_since: DateTime<Utc>,
) -> Result<Option<ListedSession>, sqlx::Error> {
    let row = select_listed!("and s.id = $5", user, now, used_since, id.uuid());
    row.fetch_optional(database).await?.map(ListedSession::try_from).transpose()
}

/// The ids of all sessions of a user that let them in at an instant.
pub async fn list_open_sessions(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    user_id: UserId,
    now: DateTime<Utc>,
    used_since: DateTime<Utc>,
) -> Result<Vec<SessionId>, sqlx::Error> {
    let user = (account_id, user_id);
    let ids = select_open_sessions!(query_scalar!("s.id") "order by s.started_at, s.id", user, now, used_since);
    Ok(ids.fetch_all(database).await?.into_iter().map(SessionId::new).collect())
}

/// Whose session of an account this is, over or not.
pub async fn find_session_owner(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: SessionId,
) -> Result<Option<UserId>, sqlx::Error> {
    let found = sqlx::query_scalar!("select user_id from sessions where account_id = $1 and id = $2", account_id.uuid(), id.uuid());
    Ok(found.fetch_optional(database).await?.map(UserId::new))
}
