//! How many users an account has, by role and status.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, Role};
use sqlx::PgExecutor;

use super::ListedStatus;

/// How long a user counts as active after a sign-in.
const RECENTLY: TimeDelta = TimeDelta::days(30);

/// How many users an account has. Deleted users count only in `by_status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserStats {
    /// How many users are not deleted.
    pub total: u64,
    /// How many users who are not deleted have each role.
    pub by_role: Vec<(Role, u64)>,
    /// How many users have each status.
    pub by_status: Vec<(ListedStatus, u64)>,
    /// How many of them signed in within the last 30 days.
    pub active_in_last_30_days: u64,
}

/// Counts the users of an account at an instant.
pub async fn count_users_by_kind(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<UserStats, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select
            role_rank as "role_rank!",
            case when status <> 'invited' then status when invitation_expires_at <= $2 then 'expired' else 'pending' end as "status!",
            count(*) as "count!",
            count(*) filter (where last_active_at > $3) as "recent!"
        from users
        where account_id = $1
        group by 1, 2
        "#,
        account_id.uuid(),
        now,
        now - RECENTLY,
    );
    let rows = rows.fetch_all(database).await?;
    let sum = |counts: &mut dyn Iterator<Item = i64>| counts.sum::<i64>().unsigned_abs();
    let live = || rows.iter().filter(|row| row.status != ListedStatus::Deleted.as_str());
    let with_role = |role: Role| sum(&mut live().filter(|row| row.role_rank == role as i16).map(|row| row.count));
    let with_status = |status: ListedStatus| sum(&mut rows.iter().filter(|row| row.status == status.as_str()).map(|row| row.count));
    Ok(UserStats {
        total: sum(&mut live().map(|row| row.count)),
        by_role: Role::ALL.map(|role| (role, with_role(role))).into(),
        by_status: ListedStatus::ALL.map(|status| (status, with_status(status))).into(),
        active_in_last_30_days: sum(&mut live().map(|row| row.recent)),
    })
}

/// How many active admins an account has.
pub async fn count_active_admins(database: impl PgExecutor<'_>, account_id: AccountId) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!("select active_admins from admin_guards where account_id = $1", account_id.uuid());
    Ok(count.fetch_optional(database).await?.unwrap_or_default().unsigned_abs())
}
