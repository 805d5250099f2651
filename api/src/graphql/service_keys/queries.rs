//! Queries of service keys.

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;
use crate::graphql::keys::{KeyConnection, page_of_keys};
use crate::graphql::service_keys::service_key::{ServiceKey, ServiceViewer, service_viewer};

/// Queries for service keys.
#[derive(Default)]
pub(in crate::graphql) struct ServiceKeyQuery;

#[Object]
impl ServiceKeyQuery {
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
