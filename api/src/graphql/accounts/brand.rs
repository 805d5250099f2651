//! How an account shows itself.

use async_graphql::{Context, Object, Result, SimpleObject};
use domain::Slug;
use projections::accounts::{AccountView, find_account_by_slug};

use crate::app::App;
use crate::graphql::context::app;
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::wire::Language;

/// How an account shows itself on pages for signing in and in mails.
#[derive(Clone, Debug, Default, SimpleObject)]
pub(in crate::graphql) struct Brand {
    /// The URL of the logo, which anyone who knows it can load. Another logo has another URL. Null if the account has no logo.
    logo_url: Option<String>,
    /// The color, such as `#1864ab`. Null if the account has no color.
    color: Option<String>,
    /// The color of text on `color`: `#000000` or `#ffffff`, whichever is easier to read. Null if the account has no color.
    text_color: Option<String>,
}

/// What the page for signing in to an account shows to everyone.
#[derive(Clone, Debug, SimpleObject)]
#[expect(clippy::struct_field_names, reason = "the fields have the names that previews of links have")]
pub(in crate::graphql) struct SignInPage {
    /// The name of the account.
    account_name: String,
    /// The language of the account.
    account_language: Language,
    /// How the account shows itself.
    account_brand: Brand,
}

impl Brand {
    pub(in crate::graphql) fn of(app: &App, account: &AccountView) -> Self {
        let color = account.color.as_ref();
        Self {
            logo_url: account.logo.as_ref().map(|digest| app.site.logo_link(digest)),
            color: color.map(|color| color.as_str().to_owned()),
            text_color: color.map(|color| color.text_color().to_owned()),
        }
    }
}

/// The page for signing in.
#[derive(Default)]
pub(in crate::graphql) struct SignInPageQuery;

#[Object]
impl SignInPageQuery {
    /// What the page for signing in to an account shows, for anyone. Null for an account that does not exist, and for one that does not show
    /// itself to everyone (`showsAccount`): no one can tell which of them it is.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn sign_in_page(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the account.")] account: String,
    ) -> Result<Option<SignInPage>> {
        let app = app(ctx);
        let Ok(slug) = Slug::parse(&account) else { return Ok(None) };
        let account = find_account_by_slug(&app.database, &slug).await.map_err(top_level)?;
        Ok(account.filter(|account| account.shows_account).map(|account| SignInPage {
            account_brand: Brand::of(app, &account),
            account_name: account.name,
            account_language: account.language.into(),
        }))
    }
}
