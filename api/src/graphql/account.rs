//! An account.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};
use projections::accounts::AccountView;

/// An account: an organisation with its users.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Account {
    /// The id of the account.
    id: ID,
    /// What people read.
    name: String,
    /// Its part of every link, such as `acme` in `/acme/sign-in`.
    slug: String,
    /// When it was opened.
    created_at: DateTime<Utc>,
}

impl From<AccountView> for Account {
    fn from(view: AccountView) -> Self {
        Self { id: view.id.to_string().into(), name: view.name, slug: view.slug, created_at: view.created_at }
    }
}
