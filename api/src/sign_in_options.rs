//! The ways to sign in that are shown to a visitor.

use domain::{AuthMethod, AuthMethodKind, Slug};
use projections::accounts::find_account_by_slug;

use crate::app::App;

/// A way in.
#[derive(Clone, Debug)]
pub struct SignInOption {
    /// What it is.
    pub method: AuthMethod,
    /// The path to send a browser to; `None` for a password, which is asked for in place.
    pub path: Option<String>,
}

/// The ways in that an account offers. Of accounts that do not exist nothing is told: they offer all that are configured, as those
/// do that have not chosen.
///
/// # Errors
/// When the database is lost.
pub async fn sign_in_options(app: &App, account: Option<&str>) -> Result<Vec<SignInOption>, event_store::DatabaseError> {
    let slug = account.and_then(|slug| Slug::parse(slug).ok());
    let account = match &slug {
        Some(slug) => find_account_by_slug(&app.database, slug).await?,
        None => None,
    };
    let offered = account.map_or_else(|| app.commands.offered(), |account| app.commands.offered_by(&account));
    let query = slug.map_or_else(String::new, |slug| format!("?account={}", slug.as_str()));
    let path = |method: &AuthMethod| match method.kind {
        AuthMethodKind::Password => None,
        AuthMethodKind::OpenIdConnect => Some(format!("/sign-in/{}{query}", method.id)),
    };
    let offered = app.commands.auth_methods().iter().filter(|method| offered.contains(&method.id));
    Ok(offered.map(|method| SignInOption { path: path(method), method: method.clone() }).collect())
}
