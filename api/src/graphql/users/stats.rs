//! The number of users of an account by role and status.

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use domain::AccountId;
use event_store::CountTo;
use projections::users::{UserStats as Counted, count_recently_active, count_users_by_kind};

use crate::graphql::context::{app, listable_account, request};
use crate::graphql::cost;
use crate::graphql::count::Count;
use crate::graphql::error::top_level;
use crate::wire::{Role, UserStatus};

/// The number of users of an account. Deleted users count only in `byStatus`.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(crate) struct UserStats {
    #[graphql(skip)]
    account_id: AccountId,
    /// The number of users who are not deleted.
    total: u64,
    /// The number of users with each role, for every role.
    by_role: Vec<RoleCount>,
    /// The number of users with each status, for every status.
    by_status: Vec<StatusCount>,
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

#[ComplexObject]
impl UserStats {
    /// The exact number of users who signed in within the last 30 days. It takes the longer to count the more they are: use `recentlyActive`
    /// on a screen.
    #[graphql(complexity = "cost::statistic(0)")]
    async fn active_in_last_30_days(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(self.count_active(ctx, CountTo::End).await?.count)
    }

    /// The number of users who signed in within the last 30 days, counted up to 10,000.
    #[graphql(complexity = "cost::statistic(child_complexity)")]
    async fn recently_active(&self, ctx: &Context<'_>) -> Result<Count> {
        Ok(self.count_active(ctx, CountTo::Bound).await?.into())
    }
}

impl UserStats {
    fn new(account_id: AccountId, counted: Counted) -> Self {
        Self {
            account_id,
            total: counted.total,
            by_role: counted.by_role.into_iter().map(|(role, count)| RoleCount { role: role.into(), count }).collect(),
            by_status: counted.by_status.into_iter().map(|(status, count)| StatusCount { status: status.into(), count }).collect(),
        }
    }

    async fn count_active(&self, ctx: &Context<'_>, to: CountTo) -> Result<event_store::Count> {
        count_recently_active(&app(ctx).database, self.account_id, request(ctx).at, to).await.map_err(top_level)
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
    let account_id = listable_account(ctx)?;
    let counted = count_users_by_kind(&app(ctx).database, account_id, request(ctx).at).await;
    Ok(UserStats::new(account_id, counted.map_err(top_level)?))
}
