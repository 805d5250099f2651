//! Queries of the history.

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;
use crate::graphql::events::{EventConnection, EventFilter, EventPage, end_of_events, page_of_events};
use crate::wire::OrderDirection;

/// The history of the own account.
#[derive(Default)]
pub(in crate::graphql) struct EventQuery;

#[Object]
impl EventQuery {
    /// The cursor of the last event of your account, for `userEvents(after:)`. To follow a list without missing a change, read this cursor
    /// first, then the list, then subscribe after the cursor. The subscription may repeat changes that the list already contains. Requires
    /// permission to follow events.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn event_cursor(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Some(end_of_events(ctx).await)
    }

    /// All events of your account, in pages: who did what to whom, when, and what changed. Past entries never change, except that erased
    /// users become anonymous. The newest events may be missing; `completeUntil` says how far the list is complete. For admins, editors,
    /// and keys with the scope `AUDIT_READ`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Which events to return. Default: all.")] filter: Option<EventFilter>,
        #[graphql(desc = "`DESC` returns the newest first, `ASC` the oldest. Default: `DESC`.")] direction: Option<OrderDirection>,
    ) -> Option<Result<EventConnection>> {
        Some(page_of_events(ctx, EventPage { first, after, direction }, filter.unwrap_or_default()).await)
    }
}
