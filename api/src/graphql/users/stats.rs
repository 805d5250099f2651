//! The number of users of an account by role and status.

use async_graphql::{Context, Object, Result, SimpleObject};
use projections::users::{UserStats as Counted, count_users_by_kind};

use crate::graphql::context::{app, listable_account, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::wire::{Role, UserStatus};

/// The number of users of an account. Deleted users count only in `byStatus`.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct UserStats {
    /// The number of users who are not deleted.
    total: u64,
    /// The number of users with each role, for every role.
    by_role: Vec<RoleCount>,
    /// The number of users with each status, for every status.
    by_status: Vec<StatusCount>,
    /// The number of users who signed in within the last 30 days.
    active_in_last_30_days: u64,
}

/// The number of users with a role.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct RoleCount {
    /// The role.
    role: Role,
    /// The number of users.
    count: u64,
}

/// The number of users with a status.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct StatusCount {
    /// The status.
    status: UserStatus,
    /// The number of users.
    count: u64,
}

impl From<Counted> for UserStats {
    fn from(counted: Counted) -> Self {
        Self {
            total: counted.total,
            by_role: counted.by_role.into_iter().map(|(role, count)| RoleCount { role: role.into(), count }).collect(),
            by_status: counted.by_status.into_iter().map(|(status, count)| StatusCount { status: status.into(), count }).collect(),
            active_in_last_30_days: counted.active_in_last_30_days,
        }
    }
}

/// Counts of users.
#[derive(Default)]
pub(in crate::graphql) struct UserStatsQuery;

#[Object]
impl UserStatsQuery {
    /// The number of users of your account by role and status. Admins only.
    #[graphql(complexity = "cost::statistic(child_complexity)")]
    async fn user_stats(&self, ctx: &Context<'_>) -> Option<Result<UserStats>> {
        Some(stats(ctx).await)
    }
}

async fn stats(ctx: &Context<'_>) -> Result<UserStats> {
    Ok(count_users_by_kind(&app(ctx).database, listable_account(ctx)?, request(ctx).at).await.map_err(top_level)?.into())
}
