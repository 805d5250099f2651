//! The viewer.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use projections::users::UserView;

use super::account::Account;
use super::api_keys::{ApiKey, current_api_key};
use super::cost;
use super::sessions::{Session, session_that_asks, sessions_of};
use super::user::User;

/// The signed-in user, or the user for whom an API key acts, and their account.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct Viewer {
    /// The user.
    pub(super) user: User,
    /// The account of the user. The viewer cannot access any other account.
    pub(super) account: Account,
}

#[ComplexObject]
impl Viewer {
    /// The value that a page sends as the header `Roster-Acting-For` with each request to state which viewer it shows. If another user has
    /// signed in in the same browser since, the request is refused with `SESSION_CHANGED`. It is not a secret.
    async fn acting_for(&self) -> ID {
        ID(self.user.view.id.to_string())
    }

    /// The session of this request. Null for an API key, and in the result of signing in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn session(&self, ctx: &Context<'_>) -> Option<Result<Session>> {
        let UserView { account_id, id, .. } = self.user.view;
        session_that_asks(ctx, account_id, id).await.transpose()
    }

    /// The sessions of the user, most recently used first, at most 100. Not available to API keys.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        let UserView { account_id, id, .. } = self.user.view;
        Some(sessions_of(ctx, account_id, id).await)
    }

    /// The API key of this request. Null for a session.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn api_key(&self, ctx: &Context<'_>) -> Option<Result<ApiKey>> {
        current_api_key(ctx).await.transpose()
    }
}
