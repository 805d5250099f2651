//! The sign-in methods, for clients that are not signed in.

use async_graphql::{Context, ID, Object, Result, SimpleObject};

use crate::app::App;
use crate::graphql::accounts::auth_method::AuthMethodKind;
use crate::graphql::context::app;
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::sign_in_options;

/// A sign-in method, as a sign-in page shows it.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct SignInOption {
    /// The id of the method, such as `password` or `google`.
    id: ID,
    /// The kind of method.
    kind: AuthMethodKind,
    /// The label for people, such as "Google".
    label: String,
    /// The URL to send the browser to. Null for a password; use `signIn` instead.
    url: Option<String>,
}

/// Queries that need no session.
#[derive(Default)]
pub(in crate::graphql) struct SignInQuery;

#[Object]
impl SignInQuery {
    /// The sign-in methods of an account, for anyone. An unknown account returns the same as an account that has not chosen its methods:
    /// all that this server is configured for.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn sign_in_options(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the account. Without it, the user's identity determines the account that they are signed in to.")]
        account: Option<String>,
    ) -> Option<Result<Vec<SignInOption>>> {
        Some(options(app(ctx), account.as_deref()).await)
    }
}

async fn options(app: &App, account: Option<&str>) -> Result<Vec<SignInOption>> {
    let options = sign_in_options::sign_in_options(app, account).await.map_err(top_level)?;
    Ok(options.into_iter().map(|option| SignInOption::of(app, option)).collect())
}

impl SignInOption {
    fn of(app: &App, option: sign_in_options::SignInOption) -> Self {
        let sign_in_options::SignInOption { method, path } = option;
        Self { id: method.id.as_str().into(), kind: method.kind.into(), label: method.label, url: path.map(|path| app.site.link(&path)) }
    }
}
