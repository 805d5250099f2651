//! An account.

use async_graphql::{ComplexObject, Context, ID, SimpleObject};
use chrono::{DateTime, Utc};
use domain::AuthMethods;
use projections::accounts::AccountView;

use crate::graphql::accounts::auth_method::{AuthMethod, configured};
use crate::graphql::accounts::brand::Brand;
use crate::graphql::context::app;
use crate::wire::Language;

/// An account: an organization and its users.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct Account {
    /// The id of the account.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// The display name.
    name: String,
    /// The short name in links, such as `acme` in `/acme/sign-in`.
    slug: String,
    /// When the account was opened.
    created_at: DateTime<Utc>,
    /// The version of the account, for `expectedVersion`. It increases with every change.
    version: u64,
    /// How many hours an invitation link works after it is sent.
    invitation_hours: u16,
    /// The language of mails to the users of the account, and of pages for visitors who have not chosen one.
    language: Language,
    /// Whether the page for signing in at the slug of the account shows everyone its name, logo, color and language (`signInPage`).
    #[graphql(name = "showsAccount")]
    is_shown: bool,
    #[graphql(skip)]
    choice: Option<AuthMethods>,
    #[graphql(skip)]
    view: AccountView,
}

#[ComplexObject]
impl Account {
    /// How the account shows itself on pages for signing in and in mails.
    async fn brand(&self, ctx: &Context<'_>) -> Brand {
        Brand::of(app(ctx), &self.view)
    }

    /// The sign-in methods that the account offers to its users.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Vec<AuthMethod> {
        let commands = &app(ctx).commands;
        let ids: Vec<_> = commands.offered().chosen_by(self.choice.as_ref()).iter().cloned().collect();
        configured(commands.auth_methods(), &ids)
    }
}

impl From<AccountView> for Account {
    fn from(view: AccountView) -> Self {
        Self {
            view: view.clone(),
            id: view.id.to_string().into(),
            name: view.name,
            slug: view.slug,
            created_at: view.created_at,
            version: view.version,
            invitation_hours: view.invitation_hours.get(),
            language: view.language.into(),
            is_shown: view.shows_account,
            choice: view.auth_methods,
        }
    }
}
