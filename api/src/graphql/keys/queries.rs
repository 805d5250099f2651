//! Queries of keys.

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;
use crate::graphql::keys::api_key::ApiKey;
use crate::graphql::keys::page::{KeyConnection, page_of_keys};
use crate::graphql::keys::service_key::{ServiceKey, ServiceViewer, service_viewer};

/// Queries for keys.
#[derive(Default)]
pub(in crate::graphql) struct KeyQuery;

#[Object]
impl KeyQuery {
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

    /// The service keys of your account, in pages, newest first. Admins only, not keys.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn service_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Whether to include expired and revoked keys.", default)] include_ended: bool,
    ) -> Option<Result<KeyConnection<ServiceKey>>> {
        Some(page_of_keys(ctx, first, after, include_ended).await)
    }

    /// The service key of this request and its account. Null for all other callers. For a service key, `viewer` is null.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn service_viewer(&self, ctx: &Context<'_>) -> Option<Result<ServiceViewer>> {
        service_viewer(ctx).await.transpose()
    }
}
