//! Who asks.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use projections::users::UserView;

use super::account::Account;
use super::answer::request;
use super::api_keys::{ApiKey, current_api_key};
use super::cost;
use super::sessions::{Session, current_session, sessions_of};
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
    /// The session that asks; null for a program with an API key, and in the answer to signing in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn session(&self, ctx: &Context<'_>) -> Option<Result<Session>> {
        current_session(&request(ctx).actor)?;
        match self.sessions_of_user(ctx).await {
            Ok(sessions) => sessions.into_iter().find(|session| session.is_current).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Every session that lets the user in, those that were used last first. Not for API keys.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        Some(self.sessions_of_user(ctx).await)
    }

    /// The API key that asks; null for a session.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn api_key(&self, ctx: &Context<'_>) -> Option<Result<ApiKey>> {
        current_api_key(ctx).await.transpose()
    }
}

impl Viewer {
    async fn sessions_of_user(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let UserView { account_id, id, .. } = self.user.view;
        sessions_of(ctx, account_id, id).await
    }
}
