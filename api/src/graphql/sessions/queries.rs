//! Who the caller is.

use async_graphql::{Context, Object, Result};

use crate::graphql::cost;
use crate::graphql::sessions::viewer::{Viewer, own_viewer};

/// Who the caller is.
#[derive(Default)]
pub(in crate::graphql) struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// The signed-in user and their account. Null if no user is signed in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        own_viewer(ctx).await.transpose()
    }
}
