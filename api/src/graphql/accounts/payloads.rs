//! What mutations of accounts answer.

use async_graphql::{Context, Result, SimpleObject};
use commands::Error;
use domain::AccountId;
use projections::accounts::find_account;

use crate::graphql::accounts::account::Account;
use crate::graphql::context::app;
use crate::graphql::error::{UserError, refused, top_level};
use crate::graphql::sessions::payloads::session_payload;

session_payload!(
    /// The result of `openAccount`. On success the admin is signed in.
    OpenAccountPayload
);

/// The result of `updateAccount`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct UpdateAccountPayload {
    /// The account after the change. Null if the mutation was refused.
    pub(in crate::graphql) account: Option<Account>,
    /// Why the mutation was refused. Empty on success.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// The payload of changing an account: the account in its current state, or why it was refused.
pub(in crate::graphql) async fn changed_account(
    ctx: &Context<'_>,
    account_id: AccountId,
    result: Result<u64, Error>,
) -> Result<UpdateAccountPayload> {
    match result {
        Ok(_version) => {
            let account = find_account(&app(ctx).database, account_id).await.map_err(|error| top_level(error.into()))?;
            Ok(UpdateAccountPayload { account: account.map(Into::into), user_errors: vec![] })
        }
        Err(Error::Refused { refusal, .. }) => Ok(UpdateAccountPayload { account: None, user_errors: vec![refused(ctx, &refusal)] }),
        Err(error) => Err(top_level(error)),
    }
}
