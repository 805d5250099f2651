//! Refused attempts, in pages. Start reading at `connection.rs`; `attempt.rs` is an attempt as clients see it.

mod attempt;
mod connection;
mod summary;

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;

pub(in crate::graphql) use self::attempt::RefusedAttempt;
pub(in crate::graphql) use self::connection::find_attempt;
use self::connection::{RefusedAttemptConnection, RefusedAttemptFilter, page_of_attempts};

/// Queries for refused attempts.
#[derive(Default)]
pub(in crate::graphql) struct RefusedAttemptQuery;

#[Object]
impl RefusedAttemptQuery {
    /// Refused attempts in your account, newest first: failed sign-ins and forbidden changes. They are not events, because nothing changed.
    /// Roster keeps up to 10,000 for 90 days; some may be missing after a very large number of attempts or a crash. A new attempt appears
    /// within about a second. For admins, editors, and keys with the scope `AUDIT_READ`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn refused_attempts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Which attempts to return. Default: all.")] filter: Option<RefusedAttemptFilter>,
    ) -> Option<Result<RefusedAttemptConnection>> {
        Some(page_of_attempts(ctx, first, after, filter.unwrap_or_default()).await)
    }
}
