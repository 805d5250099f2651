//! What mutations of sessions take.

use async_graphql::{Enum, ID, InputObject};

/// How a session token is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Transport {
    /// For browsers: in an HTTP-only cookie. The payload contains no token.
    Cookie,
    /// For programs: as `token` in the payload, to be sent as `Authorization: Bearer …`.
    Token,
}

/// The input of `signIn`.
#[derive(InputObject)]
pub struct SignInInput {
    /// The slug of the account. Optional if only one account exists.
    pub(in crate::graphql) account: Option<String>,
    /// The e-mail address.
    pub(in crate::graphql) email: String,
    /// The password.
    pub(in crate::graphql) password: String,
    /// How the session token is returned.
    pub(in crate::graphql) transport: Transport,
}

impl From<SignInInput> for commands::SignIn {
    fn from(input: SignInInput) -> Self {
        Self { account: input.account, email: input.email, password: input.password.into() }
    }
}

/// The input of `endSession`.
#[derive(InputObject)]
pub(in crate::graphql) struct EndSessionInput {
    /// The id of the session.
    pub(in crate::graphql) id: ID,
}

/// The input of `endSessions`.
#[derive(InputObject)]
pub struct EndSessionsInput {
    /// The id of the user. Default: you.
    pub(in crate::graphql) user_id: Option<ID>,
    /// Whether the session of this request continues.
    #[graphql(default)]
    pub(in crate::graphql) keep_current: bool,
}

impl From<EndSessionsInput> for commands::EndSessions {
    fn from(input: EndSessionsInput) -> Self {
        Self { user_id: input.user_id.map(|id| id.to_string()), keep_current: input.keep_current }
    }
}
