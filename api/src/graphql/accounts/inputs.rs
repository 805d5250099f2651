//! What mutations of accounts take.

use async_graphql::{ID, InputObject};

use crate::graphql::sessions::inputs::Transport;
use crate::graphql::users::inputs::texts;

/// The input of `openAccount`.
#[derive(InputObject)]
pub struct OpenAccountInput {
    /// The token at the end of the welcome link.
    pub(in crate::graphql) token: String,
    /// The name of the account: 1 to 100 characters.
    pub(in crate::graphql) name: String,
    /// The short name in links: 2 to 40 lower-case letters, digits and inner hyphens.
    pub(in crate::graphql) slug: String,
    /// The e-mail address of the first admin.
    pub(in crate::graphql) email: String,
    /// The password of the first admin: 8 to 256 characters.
    pub(in crate::graphql) password: String,
    /// How the session token is returned.
    pub(in crate::graphql) transport: Transport,
}

/// The input of `updateAccount`. Fields that are absent or null stay unchanged.
#[derive(InputObject)]
pub struct UpdateAccountInput {
    /// The name of the account: 1 to 100 characters. The slug does not change.
    pub(in crate::graphql) name: Option<String>,
    /// How many hours new invitations work: 1 to 720.
    pub(in crate::graphql) invitation_hours: Option<i32>,
    /// The ids of all sign-in methods that the account offers: at least one.
    pub(in crate::graphql) auth_methods: Option<Vec<ID>>,
    /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
    pub(in crate::graphql) expected_version: Option<u64>,
    /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
    /// more.
    pub(in crate::graphql) idempotency_key: Option<String>,
}

impl From<OpenAccountInput> for commands::OpenAccount {
    fn from(input: OpenAccountInput) -> Self {
        Self { token: input.token, name: input.name, slug: input.slug, email: input.email, password: input.password.into() }
    }
}

impl From<UpdateAccountInput> for commands::UpdateAccount {
    fn from(input: UpdateAccountInput) -> Self {
        Self {
            name: input.name,
            invitation_hours: input.invitation_hours,
            auth_methods: input.auth_methods.map(texts),
            expected_version: input.expected_version,
            idempotency_key: input.idempotency_key,
        }
    }
}
