//! The viewer.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use domain::{AccountId, Actor, UserId};
use projections::accounts::find_account;
use projections::users::UserView;

use crate::graphql::accounts::account::Account;
use crate::graphql::context::{SessionUser, reads, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::graphql::keys::api_key::ApiKey;
use crate::graphql::keys::page::current_key;
use crate::graphql::sessions::session::{Session, session_that_asks, sessions_of};
use crate::graphql::users::find::user;
use crate::graphql::users::user::User;

/// The signed-in user, or the user for whom an API key acts, and their account.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Viewer {
    /// The user.
    pub(in crate::graphql) user: User,
    /// Loaded if it is selected.
    #[graphql(skip)]
    account: Option<Account>,
}

#[expect(clippy::unused_async, reason = "fields of a complex object are async")]
#[ComplexObject]
impl Viewer {
    /// The account of the user. The viewer cannot access any other account.
    async fn account(&self) -> Result<&Account> {
        self.account.as_ref().ok_or_else(|| "the account of a viewer was not loaded".into())
    }

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
        current_key(ctx).await.transpose()
    }
}

/// A user and their account.
pub(in crate::graphql) async fn viewer(ctx: &Context<'_>, account_id: AccountId, user_id: UserId) -> Result<Option<Viewer>> {
    let account = load_account(ctx, account_id).await?;
    Ok(user(ctx, account_id, user_id).await?.map(|user| Viewer { user, account }))
}

/// The signed-in user and their account. `ctx` is that of the field, whose selection shows what is needed.
pub(in crate::graphql) async fn own_viewer(ctx: &Context<'_>) -> Result<Option<Viewer>> {
    let (Actor::User { account: account_id, user: user_id, .. } | Actor::ApiKey { account: account_id, user: user_id, .. }) =
        request(ctx).actor
    else {
        return Ok(None);
    };
    let user = match ctx.data_opt::<SessionUser>() {
        Some(SessionUser(view)) => Some(User::now(view.clone())),
        None => user(ctx, account_id, user_id).await?,
    };
    let account = if ctx.look_ahead().field("account").exists() { load_account(ctx, account_id).await? } else { None };
    Ok(user.map(|user| Viewer { user, account }))
}

async fn load_account(ctx: &Context<'_>, id: AccountId) -> Result<Option<Account>> {
    let account = find_account(reads(ctx), id).await.map_err(top_level)?;
    Ok(account.map(Account::from))
}
