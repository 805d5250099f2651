//! What mutations of accounts take.

use async_graphql::ID;

use crate::graphql::input::{input, optional, optional_list};
use crate::graphql::sessions::inputs::Transport;
use crate::wire::Language;

input!(
    /// The input of `openAccount`.
    OpenAccountInput => commands::OpenAccount {
        /// The token at the end of the welcome link.
        token: String,
        /// The name of the account: 1 to 100 characters.
        name: String,
        /// The short name in links: 2 to 40 lower-case letters, digits and inner hyphens.
        slug: String,
        /// The e-mail address of the first admin.
        email: String,
        /// The password of the first admin: 8 to 256 characters.
        password: String,
    }
    and {
        /// How the session token is returned.
        transport: Transport,
    }
);

input!(
    /// The input of `updateAccount`. Fields that are absent or null stay unchanged.
    UpdateAccountInput => commands::UpdateAccount {
        /// The name of the account: 1 to 100 characters. The slug does not change.
        name: Option<String>,
        /// How many hours new invitations work: 1 to 720.
        invitation_hours: Option<i32>,
        /// The ids of all sign-in methods that the account offers: at least one.
        auth_methods: Option<Vec<ID>> = optional_list,
        /// The language of mails to the users of the account.
        language: Option<Language> = optional,
        /// The file of the logo in base64: a PNG, JPEG or WebP image of at most 64 kB and 2,000 × 2,000 pixels. An empty text removes the logo.
        logo: Option<String>,
        /// The color: `#` and six hexadecimal digits, such as `#1864ab`. An empty text removes the color.
        color: Option<String>,
        /// Whether the page for signing in at the slug of the account shows everyone its name, logo, color and language. They also learn that
        /// the account exists.
        shows_account: Option<bool>,
        /// The version that you last read. If it is no longer current, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours changes nothing
        /// more.
        idempotency_key: Option<String>,
    }
);
