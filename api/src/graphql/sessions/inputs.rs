//! What mutations of sessions take.

use async_graphql::{Enum, ID};

use crate::graphql::input::{input, optional};

/// How a session token is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Transport {
    /// For browsers: in an HTTP-only cookie. The payload contains no token.
    Cookie,
    /// For programs: as `token` in the payload, to be sent as `Authorization: Bearer …`.
    Token,
}

input!(
    /// The input of `signIn`.
    SignInInput => commands::SignIn {
        /// The slug of the account. Optional if only one account exists.
        account: Option<String>,
        /// The e-mail address.
        email: String,
        /// The password.
        password: String,
    }
    and {
        /// How the session token is returned.
        transport: Transport,
    }
);

input!(
    /// The input of `endSession`.
    EndSessionInput {
        /// The id of the session.
        id: ID,
    }
);

input!(
    /// The input of `endSessions`.
    EndSessionsInput => commands::EndSessions {
        /// The id of the user. Default: you.
        user_id: Option<ID> = optional,
        /// Whether the session of this request continues.
        #[graphql(default)]
        keep_current: bool,
    }
);
