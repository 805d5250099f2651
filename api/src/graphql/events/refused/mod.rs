//! What was tried and refused, in pages. Start reading at `connection.rs`; `attempt.rs` is what clients see of one attempt.

mod attempt;
mod connection;
mod summary;

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;

pub(in crate::graphql) use self::attempt::RefusedAttempt;
pub(in crate::graphql) use self::connection::find_attempt;
use self::connection::{RefusedAttemptConnection, RefusedAttemptFilter, page_of_attempts};

/// What can be asked of what was refused.
#[derive(Default)]
pub(in crate::graphql) struct RefusedAttemptQuery;

#[Object]
impl RefusedAttemptQuery {
    /// What was tried in one's account and refused, the newest first: sign-ins that failed, and changes that were forbidden. They are no
    /// events, because nothing happened: up to 10,000 are kept, for 90 days, and some may be missing where very many came at once or a
    /// server died. A new one shows within a second or so. Admins, editors, and keys with the scope `AUDIT_READ`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn refused_attempts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning or after a place: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "Which attempts; all of them when absent.")] filter: Option<RefusedAttemptFilter>,
    ) -> Option<Result<RefusedAttemptConnection>> {
        Some(page_of_attempts(ctx, first, after, filter.unwrap_or_default()).await)
    }
}
