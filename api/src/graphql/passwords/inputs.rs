//! What mutations of passwords take.

use crate::graphql::input::input;
use crate::graphql::sessions::inputs::Transport;

input!(
    /// The input of `changePassword`.
    ChangePasswordInput {
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
);

impl From<ChangePasswordInput> for commands::ChangePassword {
    fn from(input: ChangePasswordInput) -> Self {
        let ChangePasswordInput { current_password, new_password, transport: _, keep_api_keys } = input;
        Self { current_password: current_password.into(), new_password: new_password.into(), keep_api_keys }
    }
}

input!(
    /// The input of `requestPasswordReset`.
    RequestPasswordResetInput => commands::RequestPasswordReset {
        /// The slug of the account. Optional if only one account exists.
        account: Option<String>,
        /// The e-mail address that the link is sent to.
        email: String,
    }
);

input!(
    /// The input of `resetPassword`.
    ResetPasswordInput => commands::ResetPassword {
        /// The token at the end of the link.
        token: String,
        /// The new password: 8 to 256 characters.
        new_password: String,
    }
    and {
        /// How the token of the new session is returned.
        transport: Transport,
    }
);
