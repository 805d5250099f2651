//! Mutations of accounts.

use async_graphql::{Context, Object, Result};

use crate::graphql::accounts::inputs::{OpenAccountInput, UpdateAccountInput};
use crate::graphql::accounts::payloads::{OpenAccountPayload, UpdateAccountPayload, changed_account};
use crate::graphql::context::{app, own_account, request};
use crate::graphql::sessions::payloads::session;

/// Opens the first account.
#[derive(Default)]
pub(in crate::graphql) struct OpenAccountMutation;

#[Object]
impl OpenAccountMutation {
    /// Opens the first account with the welcome link that `roster account welcome` prints, and signs its admin in.
    async fn open_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The welcome token, the account and its first admin.")] input: OpenAccountInput,
    ) -> Result<OpenAccountPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.open_account(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }
}

/// Changes an account.
#[derive(Default)]
pub(in crate::graphql) struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Changes the name, invitation lifetime, offered sign-in methods, language, logo and color of your account in one step. Admins only.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new values.")] input: UpdateAccountInput,
    ) -> Result<UpdateAccountPayload> {
        let account_id = own_account(ctx)?;
        let result = app(ctx).commands.update_account(request(ctx), account_id, &input.into()).await;
        changed_account(ctx, account_id, result).await
    }
}
