//! Queries of API keys.

use async_graphql::{Context, Object, Result};

use crate::graphql::api_keys::api_key::ApiKey;
use crate::graphql::cost;
use crate::graphql::keys::{KeyConnection, page_of_keys};

/// Queries for API keys.
#[derive(Default)]
pub(in crate::graphql) struct ApiKeyQuery;

#[Object]
impl ApiKeyQuery {
    /// The API keys of your account, in pages, newest first. Admins only; other users read their own with `viewer { user { apiKeys } }`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Whether to include expired and revoked keys, and keys of deleted users.", default)] include_ended: bool,
    ) -> Option<Result<KeyConnection<ApiKey>>> {
        Some(page_of_keys(ctx, first, after, include_ended).await)
    }
}
