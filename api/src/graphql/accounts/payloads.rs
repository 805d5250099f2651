//! What mutations of accounts answer.

use async_graphql::{Context, Result};
use commands::Error;
use domain::AccountId;
use projections::accounts::find_account;

use crate::graphql::accounts::account::Account;
use crate::graphql::context::app;
use crate::graphql::error::top_level;
use crate::graphql::payload::{outcome, payload};
use crate::graphql::sessions::payloads::session_payload;

session_payload!(
    /// The result of `openAccount`. On success the admin is signed in.
    OpenAccountPayload
);

payload!(
    /// The result of `updateAccount`.
    UpdateAccountPayload {
        /// The account after the change. Null if the mutation was refused.
        account: Option<Account>,
    }
);

/// The payload of changing an account: the account in its current state, or why it was refused.
pub(in crate::graphql) async fn changed_account(
    ctx: &Context<'_>,
    account_id: AccountId,
    result: Result<u64, Error>,
) -> Result<UpdateAccountPayload> {
    let (version, user_errors) = outcome(ctx, result)?;
    let account = match version {
        Some(_) => find_account(&app(ctx).database, account_id).await.map_err(top_level)?.map(Into::into),
        None => None,
    };
    Ok(UpdateAccountPayload { account, user_errors })
}
