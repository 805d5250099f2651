//! Queries of accounts and ways to sign in.

use async_graphql::{Context, Object, Result};

use crate::graphql::accounts::auth_method::AuthMethod;
use crate::graphql::context::{app, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;

/// The configured ways to sign in.
#[derive(Default)]
pub(in crate::graphql) struct AuthMethodQuery;

#[Object]
impl AuthMethodQuery {
    /// The sign-in methods that this Roster server is configured for.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Option<Vec<AuthMethod>> {
        Some(app(ctx).commands.auth_methods().iter().map(AuthMethod::from).collect())
    }
}

/// Whether the first account can be opened.
#[derive(Default)]
pub(in crate::graphql) struct FirstAccountQuery;

#[Object]
impl FirstAccountQuery {
    /// Whether a welcome link can open the first account. False once an account exists. Reading it does not use the link up.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn opens_first_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<bool>> {
        Some(app(ctx).commands.opens_first_account(request(ctx), &token).await.map_err(top_level))
    }
}
