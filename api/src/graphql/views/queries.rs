//! Queries of saved views.

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;
use crate::graphql::views::saved_view::{SavedView, saved_views};

/// Queries for saved views.
#[derive(Default)]
pub(in crate::graphql) struct ViewQuery;

#[Object]
impl ViewQuery {
    /// Your own saved views of the list of users, then those that all admins of the account share, each by name. Admins only, not keys.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn saved_views(&self, ctx: &Context<'_>) -> Option<Result<Vec<SavedView>>> {
        Some(saved_views(ctx).await)
    }
}
