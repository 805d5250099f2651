//! Mutations of passwords.

use async_graphql::{Context, Object, Result};

use crate::graphql::context::{app, request};
use crate::graphql::error::respelled;
use crate::graphql::passwords::inputs::{ChangePasswordInput, RequestPasswordResetInput, ResetPasswordInput};
use crate::graphql::passwords::payloads::{ChangePasswordPayload, RequestPasswordResetPayload, ResetPasswordPayload};
use crate::graphql::payload::outcome;
use crate::graphql::sessions::payloads::{NewSession, session};

/// Mutations for passwords.
#[derive(Default)]
pub(in crate::graphql) struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Replaces your password. Every session ends, including this one, and a new session starts. Your API keys are revoked unless
    /// `keepApiKeys` is true. Not available to API keys.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The current password and the new one.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.change_password(request(ctx), &input.into()).await;
        Ok(about_new_password(session(ctx, transport, result).await?).into())
    }

    /// Mails a link for setting a new password, if the address belongs to an active user who may sign in with a password. The result and
    /// the response time are the same for every address.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and the address.")] input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        let (_, user_errors) = outcome(ctx, app(ctx).commands.request_password_reset(request(ctx), &input.into()).await)?;
        Ok(RequestPasswordResetPayload { user_errors })
    }

    /// Sets a new password with a mailed link and signs the user in. A link works once, for an hour. All sessions, API keys and other reset
    /// links of the user end.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the link and the new password.")] input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.reset_password(request(ctx), &input.into()).await;
        Ok(about_new_password(session(ctx, transport, result).await?).into())
    }
}

/// Errors of a password concern the field of the new one.
fn about_new_password(session: NewSession) -> NewSession {
    NewSession { user_errors: respelled(session.user_errors, "password", Some("newPassword")), ..session }
}
