//! How many users an account has of each kind.

use async_graphql::SimpleObject;
use projections::users::UserStats as Counted;

use crate::wire::{Role, UserStatus};

/// How many users an account has, deleted ones aside but in `byStatus`.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct UserStats {
    /// How many are not deleted.
    total: u64,
    /// How many have each role, for every role.
    by_role: Vec<RoleCount>,
    /// How many stand like each status, for every status.
    by_status: Vec<StatusCount>,
    /// How many signed in within the last 30 days.
    active_in_last_30_days: u64,
}

/// How many users have a role.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct RoleCount {
    /// The role.
    role: Role,
    /// How many have it.
    count: u64,
}

/// How many users stand like a status.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct StatusCount {
    /// The status.
    status: UserStatus,
    /// How many stand like it.
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
