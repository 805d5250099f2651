//! Passwords: another one for whoever knows the old one, and a link by mail for whoever does not.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use commands::Error;

use super::answer::{Session, app, refused, request, respelled, session};
use super::error::{UserError, top_level};
use super::inputs::Transport;
use super::payloads::session_payload;
use super::viewer::Viewer;

/// Replaces the password of whoever is signed in.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password until now.
    current_password: String,
    /// The password to sign in with from now on, 8 to 256 characters.
    new_password: String,
    /// How the token of the new session is handed over.
    transport: Transport,
    /// Whether one's API keys go on. Otherwise they are revoked, as the sessions end.
    #[graphql(default)]
    keep_api_keys: bool,
}

/// Asks for a link by mail to choose a new password.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The slug of the account; may be left out where one account exists.
    account: Option<String>,
    /// The address to which the link is mailed.
    email: String,
}

/// Chooses a new password with a mailed link.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// What the link ends with.
    token: String,
    /// The password to sign in with from now on, 8 to 256 characters.
    new_password: String,
    /// How the token of the new session is handed over.
    transport: Transport,
}

session_payload!(
    /// What changing one's password answers: it ends every session and begins a new one.
    ChangePasswordPayload
);
session_payload!(
    /// What choosing a new password answers: it signs in.
    ResetPasswordPayload
);

/// What asking for a link answers: the same for every address, whether somebody has it or not.
#[derive(SimpleObject)]
pub(super) struct RequestPasswordResetPayload {
    /// Why nothing was asked for; empty when it was. It says nothing about the address.
    user_errors: Vec<UserError>,
}

/// What changes passwords.
#[derive(Default)]
pub(super) struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Replaces one's own password. Every session ends, the one that asks too, and a new one begins. One's API keys are revoked, unless
    /// `keepApiKeys` says that they go on. Not for API keys.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The old password and the new one.")] input: ChangePasswordInput,
    ) -> Result<ChangePasswordPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.change_password(request(ctx), &input.into()).await;
        Ok(about_new_password(session(ctx, transport, result).await?).into())
    }

    /// Mails a link with which a new password can be chosen, to an active user who may sign in with one. The answer, and how long it
    /// takes, are the same for every address.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who has forgotten a password, or never had one.")] input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        match app(ctx).commands.request_password_reset(request(ctx), &input.into()).await {
            Ok(()) => Ok(RequestPasswordResetPayload { user_errors: vec![] }),
            Err(Error::Refused { refusal, .. }) => Ok(RequestPasswordResetPayload { user_errors: vec![refused(ctx, &refusal)] }),
            Err(error) => Err(top_level(error)),
        }
    }

    /// Chooses a new password with a mailed link, which works for an hour, and once. Every session ends, every API key is revoked, every
    /// other such link is dead, and whoever asks is signed in.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link and the new password.")] input: ResetPasswordInput,
    ) -> Result<ResetPasswordPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.reset_password(request(ctx), &input.into()).await;
        Ok(about_new_password(session(ctx, transport, result).await?).into())
    }
}

/// What is wrong with a password is said of the new one.
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
