//! Passwords: changing them with the current one, or with a mailed link.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use commands::Error;

use super::answer::{Session, app, refused, request, respelled, session};
use super::error::{UserError, top_level};
use super::inputs::Transport;
use super::payloads::session_payload;
use super::viewer::Viewer;

/// The input of `changePassword`.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    current_password: String,
    /// The new password: 8 to 256 characters.
    new_password: String,
    /// How the token of the new session is returned.
    transport: Transport,
    /// Whether your API keys keep working. By default they are revoked.
    #[graphql(default)]
    keep_api_keys: bool,
}

/// The input of `requestPasswordReset`.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The slug of the account. Optional if only one account exists.
    account: Option<String>,
    /// The e-mail address that the link is sent to.
    email: String,
}

/// The input of `resetPassword`.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The token at the end of the link.
    token: String,
    /// The new password: 8 to 256 characters.
    new_password: String,
    /// How the token of the new session is returned.
    transport: Transport,
}

session_payload!(
    /// The result of `changePassword`. On success every session ends and a new one starts.
    ChangePasswordPayload
);
session_payload!(
    /// The result of `resetPassword`. On success the user is signed in.
    ResetPasswordPayload
);

/// The result of `requestPasswordReset`. It is the same whether or not a user has the address.
#[derive(SimpleObject)]
pub(super) struct RequestPasswordResetPayload {
    /// Why the request was refused. Empty on success. It does not depend on whether a user has the address.
    user_errors: Vec<UserError>,
}

/// Mutations for passwords.
#[derive(Default)]
pub(super) struct PasswordMutation;

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
        match app(ctx).commands.request_password_reset(request(ctx), &input.into()).await {
            Ok(()) => Ok(RequestPasswordResetPayload { user_errors: vec![] }),
            Err(Error::Refused { refusal, .. }) => Ok(RequestPasswordResetPayload { user_errors: vec![refused(ctx, &refusal)] }),
            Err(error) => Err(top_level(error)),
        }
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
fn about_new_password(session: Session) -> Session {
    Session { user_errors: respelled(session.user_errors, "password", Some("newPassword")), ..session }
}

impl From<ChangePasswordInput> for commands::ChangePassword {
    fn from(input: ChangePasswordInput) -> Self {
        let ChangePasswordInput { current_password, new_password, transport: _, keep_api_keys } = input;
        Self { current_password: current_password.into(), new_password: new_password.into(), keep_api_keys }
    }
}

impl From<RequestPasswordResetInput> for commands::RequestPasswordReset {
    fn from(input: RequestPasswordResetInput) -> Self {
        Self { account: input.account, email: input.email }
    }
}

impl From<ResetPasswordInput> for commands::ResetPassword {
    fn from(input: ResetPasswordInput) -> Self {
        Self { token: input.token, new_password: input.new_password.into() }
    }
}
