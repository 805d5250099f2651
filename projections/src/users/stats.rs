//! How many users an account has, by role and status.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, Role};
use event_store::{Count, CountTo, MAX_COUNTED};
use sqlx::PgExecutor;

use super::ListedStatus;

/// How long a user counts as active after a sign-in.
const RECENTLY: TimeDelta = TimeDelta::days(30);
/// `status_order` of an inactive user.
const INACTIVE: i64 = 1 << 52;
/// `status_order` of an invited user, plus the microseconds of the expiry.
const INVITED: i64 = 2 << 52;

/// How many users an account has. Deleted users count only in `by_status`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserStats {
    /// How many users are not deleted.
    pub total: u64,
    /// How many users who are not deleted have each role.
    pub by_role: Vec<(Role, u64)>,
    /// How many users have each status.
    pub by_status: Vec<(ListedStatus, u64)>,
}

/// The users of an account at an instant, by role and status. The numbers come from `user_counts`; only invitations are divided by their
/// expiry: the fewer of expired and pending ones are counted, and if both are more than [`MAX_COUNTED`], the expired ones.
pub async fn count_users_by_kind(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    now: DateTime<Utc>,
) -> Result<UserStats, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        with kept as (
            select role_rank, status, sum(count)::bigint as count
            from user_counts
            where account_id = $1
            group by role_rank, status
        ), few as (
            select
                (
                    select count(*)
                    from (select from users where account_id = $1 and status_order between $2 and $3 order by status_order limit $4) e
                ) as expired,
                (
                    select count(*)
                    from (select from users where account_id = $1 and status_order > $5 and status_order < $2 order by status_order limit $4) p
                ) as pending
        )
        select role_rank as "role_rank!", status as "status!", count as "count!" from kept
        union all
        select
            -1::smallint,
            'expired',
            case
                when expired < $4 then expired
                when pending < $4 then (select sum(count)::bigint from kept where status = 'invited') - pending
                else (select count(*) from users where account_id = $1 and status_order between $2 and $3)
            end
        from few
        "#,
        account_id.uuid(),
        INVITED - now.timestamp_micros(),
        INVITED,
        i64::from(MAX_COUNTED) + 1,
        INACTIVE,
    );
    let rows = rows.fetch_all(database).await?;
    let sum = |counts: &mut dyn Iterator<Item = i64>| counts.sum::<i64>().unsigned_abs();
    let stored = |status: &str| sum(&mut rows.iter().filter(|row| row.status == status).map(|row| row.count));
    let live = || rows.iter().filter(|row| row.role_rank >= 0 && row.status != ListedStatus::Deleted.as_str());
    let with_role = |role: Role| sum(&mut live().filter(|row| row.role_rank == role as i16).map(|row| row.count));
    let expired = stored(ListedStatus::ExpiredInvitation.as_str());
    let with_status = |status: ListedStatus| match status {
        ListedStatus::ExpiredInvitation => expired,
        ListedStatus::PendingInvitation => stored(status.stored()) - expired,
        _ => stored(status.stored()),
    };
    Ok(UserStats {
        total: sum(&mut live().map(|row| row.count)),
        by_role: Role::ALL.map(|role| (role, with_role(role))).into(),
        by_status: ListedStatus::ALL.map(|status| (status, with_status(status))).into(),
    })
}

/// How many users of an account have signed in within the last 30 days and are not deleted.
pub async fn count_recently_active(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    now: DateTime<Utc>,
    to: CountTo,
) -> Result<Count, sqlx::Error> {
    let statement =
        to.statement("users where account_id = $1 and coalesce(last_active_at, '-infinity'::timestamptz) > $2 and status <> 'deleted'");
    let select = sqlx::query_scalar(&statement).persistent(false).bind(account_id.uuid()).bind(now - RECENTLY);
    Ok(to.count(select.fetch_one(database).await?))
}

/// How many active admins an account has.
pub async fn count_active_admins(database: impl PgExecutor<'_>, account_id: AccountId) -> Result<u64, sqlx::Error> {
    let count = sqlx::query_scalar!("select active_admins from admin_guards where account_id = $1", account_id.uuid());
    Ok(count.fetch_optional(database).await?.unwrap_or_default().unsigned_abs())
}
