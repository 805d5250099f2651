//! The way to a provider and back: links that send a browser there, the address at which it comes back, and a choice of accounts.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use commands::{AccountChoice, Context, Destination, ProviderOutcome, ReturnedSignIn, SignedIn};
use domain::{AuthMethodId, Refusal, Slug};
use projections::accounts::find_account;
use projections::users::find_user;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tracing::{info, warn};

use super::page::{Asking, Broken, refusal, sentence, show, show_refusal, signed_in, status_of};
use crate::app::App;
use crate::http::NO_ONE;
use crate::http::session_cookie::{
    browser_cookie, browser_text, expired_browser_cookie, expired_return_cookie, return_address, return_cookie,
};
use oidc::{Callback, Proofs, Proven, ProviderError};

#[derive(Deserialize)]
pub(super) struct BeginQuery {
    account: Option<String>,
    invitation: Option<String>,
    /// Where the browser goes on when it has signed in.
    next: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ChoiceForm {
    choice: String,
}

/// The message when no user is signed in, and where to start again.
#[derive(Template)]
#[template(path = "pages/provider_problem.html")]
struct ProblemPage<'a> {
    text: &'a str,
    code: &'a str,
    again: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/choose_account.html")]
struct ChoicePage<'a> {
    choices: &'a [AccountChoice],
    /// Who is signed in in this browser, and loses that session by choosing.
    signed_in: Option<String>,
    /// The user whom the page shows: someone may sign in in another tab before an account is chosen.
    acting_for: String,
}

/// Sends a browser to a provider. Mail scanners come here too: that consumes nothing.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    headers: HeaderMap,
    Path(provider): Path<String>,
    query: Result<Query<BeginQuery>, QueryRejection>,
) -> Result<Response, Broken> {
    let (Some(id), Ok(Query(query))) = (provider_id(&app, &provider), query) else { return Ok(no_such_provider()) };
    let next = query.next.clone().filter(|next| app.site.leads_on(next));
    let destination = match query {
        BeginQuery { invitation: Some(token), .. } => Destination::Invitation(token.into()),
        BeginQuery { account: Some(slug), .. } => Destination::Account(slug),
        BeginQuery { .. } => Destination::Anywhere,
    };
    let begun = match app.commands.begin_provider_sign_in(&ctx, &id, &destination, browser_text(&headers, &app.site)).await {
        Ok(begun) => begun,
        Err(error) => return Ok(refused(&refusal(error)?, None)),
    };
    let proofs = proofs(&begun.proofs);
    Ok(match app.providers.begin(&id, &proofs).await {
        Ok(address) => {
            let cookie = browser_cookie(&app.site, begun.browser.expose_secret(), begun.lasts_seconds);
            let next = match next {
                Some(next) => return_cookie(&app.site, &next, begun.lasts_seconds),
                None => expired_return_cookie(&app.site),
            };
            let cookies = [(SET_COOKIE, HeaderValue::from_str(&cookie)?), (SET_COOKIE, HeaderValue::from_str(&next)?)];
            (StatusCode::SEE_OTHER, [(LOCATION, HeaderValue::from_str(&address)?)], AppendHeaders(cookies)).into_response()
        }
        Err(error) => not_proven(&id, &error, Some(again(&id, &destination))),
    })
}

/// Takes a browser back from a provider. Without the browser that was sent away nothing happens.
pub(super) async fn callback(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    headers: HeaderMap,
    Path(provider): Path<String>,
    query: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, Broken> {
    let Some(id) = provider_id(&app, &provider) else { return Ok(no_such_provider()) };
    let browser = browser_text(&headers, &app.site).unwrap_or_default();
    let (callback, state) = match query {
        Ok(Query(callback)) => (callback.clone(), callback.state.unwrap_or_default()),
        Err(_) => return Ok(refused(&Refusal::ProviderSignInFailed, None)),
    };
    let ReturnedSignIn { proofs: sent, destination } = match app.commands.return_from_provider(&ctx, &id, &state, browser).await {
        Ok(returned) => returned,
        Err(error) => return Ok(refused(&refusal(error)?, None)),
    };
    let proven = match app.providers.finish(&id, &callback, &proofs(&sent), ctx.at).await {
        Ok(proven) => proven,
        Err(error) => return Ok(not_proven(&id, &error, Some(again(&id, &destination)))),
    };
    match let_in(&app, &ctx, &proven, &destination, browser).await {
        Ok(ProviderOutcome::SignedIn(session)) => enter(&app, &headers, &session),
        Ok(ProviderOutcome::Choose(choices)) => {
            let acting_for = ctx.actor.user().map_or_else(|| NO_ONE.to_owned(), |user| user.to_string());
            Ok(show(StatusCode::OK, &ChoicePage { choices: &choices, signed_in: signed_in_as(&app, &ctx).await?, acting_for }))
        }
        Err(error) => Ok(refused(&refusal(error)?, Some(again(&id, &destination)))),
    }
}

/// Signs in to the account that was chosen.
pub(super) async fn choose(
    State(app): State<Arc<App>>,
    Asking(ctx): Asking,
    headers: HeaderMap,
    Form(ChoiceForm { choice }): Form<ChoiceForm>,
) -> Result<Response, Broken> {
    let browser = browser_text(&headers, &app.site).unwrap_or_default();
    match app.commands.sign_in_to_choice(&ctx, &choice, browser).await {
        Ok(session) => enter(&app, &headers, &session),
        Err(error) => Ok(refused(&refusal(error)?, None)),
    }
}

/// Who is signed in in this browser: their name or address, and their account.
async fn signed_in_as(app: &App, ctx: &Context) -> Result<Option<String>, Broken> {
    let (Some(account_id), Some(user_id)) = (ctx.actor.account(), ctx.actor.user()) else { return Ok(None) };
    let user = find_user(&app.database, account_id, user_id).await?;
    let account = find_account(&app.database, account_id).await?;
    let person = user.zip(account).map(|(user, account)| format!("{} in {}", user.name.unwrap_or(user.email), account.name));
    Ok(person)
}

async fn let_in(
    app: &App,
    ctx: &Context,
    proven: &Proven,
    destination: &Destination,
    browser: &str,
) -> Result<ProviderOutcome, commands::Error> {
    let Proven { identity, name } = proven;
    match destination {
        Destination::Invitation(token) => {
            let name = name.as_ref().map(|name| name.0.as_str());
            let accepted = app.commands.accept_invitation_with_provider(ctx, token.expose_secret(), identity, name).await;
            accepted.map(ProviderOutcome::SignedIn)
        }
        Destination::Account(slug) => app.commands.sign_in_with_provider(ctx, identity, Some(slug), browser).await,
        Destination::Anywhere => app.commands.sign_in_with_provider(ctx, identity, None, browser).await,
    }
}

/// Goes on as a signed-in user, whose browser need not remember that it was away.
fn enter(app: &App, headers: &HeaderMap, session: &SignedIn) -> Result<Response, Broken> {
    let mut response = signed_in(app, session)?;
    if let Some(address) = return_address(headers, &app.site) {
        response.headers_mut().insert(LOCATION, HeaderValue::from_str(&address)?);
    }
    for cookie in [expired_browser_cookie(&app.site), expired_return_cookie(&app.site)] {
        response.headers_mut().append(SET_COOKIE, HeaderValue::from_str(&cookie)?);
    }
    Ok(response)
}

fn provider_id(app: &App, text: &str) -> Option<AuthMethodId> {
    AuthMethodId::parse(text).ok().filter(|id| app.providers.contains(id))
}

fn proofs(sent: &commands::SignInProofs) -> Proofs {
    let commands::SignInProofs { state, nonce, verifier } = sent.clone();
    Proofs { state, nonce, verifier }
}

/// Where the same can be tried again.
fn again(id: &AuthMethodId, destination: &Destination) -> String {
    match destination {
        Destination::Account(slug) => match Slug::parse(slug) {
            Ok(slug) => format!("/sign-in/{id}?account={}", slug.as_str()),
            Err(_) => format!("/sign-in/{id}"),
        },
        Destination::Invitation(token) => format!("/sign-in/{id}?invitation={}", token.expose_secret()),
        Destination::Anywhere => format!("/sign-in/{id}"),
    }
}

fn no_such_provider() -> Response {
    let text = "This sign-in method does not exist. Go back to the previous page and choose another one.";
    show(StatusCode::NOT_FOUND, &ProblemPage { text, code: "UNKNOWN_PROVIDER", again: None })
}

fn refused(refusal: &Refusal, again: Option<String>) -> Response {
    info!(reason = refusal.code(), "a sign-in with a provider was refused");
    let status = match refusal {
        Refusal::InvalidInvitationLink => StatusCode::NOT_FOUND,
        refusal => status_of(refusal),
    };
    show_refusal(status, refusal, &ProblemPage { text: &sentence(&refusal.to_string()), code: refusal.code(), again })
}

fn not_proven(id: &AuthMethodId, error: &ProviderError, again: Option<String>) -> Response {
    let (status, text) = match error {
        ProviderError::Unreachable { .. } => {
            (StatusCode::BAD_GATEWAY, "The provider cannot be reached. Try again in a moment, or use another sign-in method.")
        }
        ProviderError::Unusable { .. } | ProviderError::Unknown(_) => (
            StatusCode::BAD_GATEWAY,
            "The provider is not configured correctly. Use another sign-in method, and tell the operator of this server.",
        ),
        ProviderError::Declined => (StatusCode::UNPROCESSABLE_ENTITY, "You did not sign in at the provider. Nothing was changed."),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "The provider's response could not be verified, so you are not signed in. Start again."),
    };
    if matches!(error, ProviderError::Declined) {
        info!(provider = %id, reason = error.code(), "a sign-in with a provider came to nothing");
    } else {
        warn!(provider = %id, reason = error.code(), %error, "a sign-in with a provider came to nothing");
    }
    show(status, &ProblemPage { text, code: error.code(), again })
}
