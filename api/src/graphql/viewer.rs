//! Who asks.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use projections::users::UserView;

use super::account::Account;
use super::api_keys::{ApiKey, current_api_key};
use super::cost;
use super::sessions::{Session, session_that_asks, sessions_of};
use super::user::User;

/// Who asks: the signed-in user, or the user for whom a program asks, and their account.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct Viewer {
    /// The user.
    pub(super) user: User,
    /// Their account, the only one that they can reach.
    pub(super) account: Account,
}

#[ComplexObject]
impl Viewer {
    /// What a page sends as the header `Roster-Acting-For` with each request, once it shows this viewer: when somebody else signs in in
    /// the same browser, its requests are refused with `SESSION_CHANGED`. It is no secret.
    async fn acting_for(&self) -> ID {
        ID(self.user.view.id.to_string())
    }

    /// The session that asks; null for a program with an API key, and in the answer to signing in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn session(&self, ctx: &Context<'_>) -> Option<Result<Session>> {
        let UserView { account_id, id, .. } = self.user.view;
        session_that_asks(ctx, account_id, id).await.transpose()
    }

    /// The sessions that let the user in, those that were used last first, at most 100. Not for API keys.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        let UserView { account_id, id, .. } = self.user.view;
        Some(sessions_of(ctx, account_id, id).await)
    }

    /// The API key that asks; null for a session.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn api_key(&self, ctx: &Context<'_>) -> Option<Result<ApiKey>> {
        current_api_key(ctx).await.transpose()
    }
}
