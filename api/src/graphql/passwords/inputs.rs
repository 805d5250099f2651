//! What mutations of passwords take.

use async_graphql::InputObject;

use crate::graphql::sessions::inputs::Transport;

/// The input of `changePassword`.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    pub(in crate::graphql) current_password: String,
    /// The new password: 8 to 256 characters.
    pub(in crate::graphql) new_password: String,
    /// How the token of the new session is returned.
    pub(in crate::graphql) transport: Transport,
    /// Whether your API keys keep working. By default they are revoked.
    #[graphql(default)]
    pub(in crate::graphql) keep_api_keys: bool,
}

/// The input of `requestPasswordReset`.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// The slug of the account. Optional if only one account exists.
    pub(in crate::graphql) account: Option<String>,
    /// The e-mail address that the link is sent to.
    pub(in crate::graphql) email: String,
}

/// The input of `resetPassword`.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The token at the end of the link.
    pub(in crate::graphql) token: String,
    /// The new password: 8 to 256 characters.
    pub(in crate::graphql) new_password: String,
    /// How the token of the new session is returned.
    pub(in crate::graphql) transport: Transport,
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
