//! One sign-in with a provider, step by step, without anything of Roster but `oidc`.

use chrono::Utc;
use domain::{AuthMethodId, EmailAddress, ProviderIdentity};
use oidc::{Callback, Proofs, Proven, ProviderError, ProviderSettings, Providers};
use reqwest::Url;
use test_support::OpenIdProvider;

use test_support::{AtProvider, Browser};

/// No one is there: only the provider's answer is looked at.
const SITE: &str = "http://127.0.0.1:9";

/// Providers that know the given one as `test`.
pub(crate) fn providers(issuer: &str) -> Providers {
    let settings = ProviderSettings::parse("test", "Test", issuer, OpenIdProvider::CLIENT_ID).unwrap();
    let settings = settings.with_secret(OpenIdProvider::CLIENT_SECRET.into()).unwrap();
    Providers::new(vec![settings], |id| format!("{SITE}/sign-in/callback/{id}")).unwrap()
}

pub(crate) fn id() -> AuthMethodId {
    AuthMethodId::parse("test").unwrap()
}

/// Proofs that differ from those of another number.
pub(crate) fn proofs(number: u32) -> Proofs {
    let of = |what: &str| format!("{what}-{number:-<50}").into();
    Proofs { state: of("state"), nonce: of("nonce"), verifier: of("verifier") }
}

/// The way to the provider and back, as far as the browser: what it comes back with.
pub(crate) async fn go(providers: &Providers, proofs: &Proofs, command: AtProvider<'_>) -> Callback {
    let address = providers.begin(&id(), proofs).await.unwrap();
    read(&Browser::new().visit(&address, command).await)
}

/// The whole way.
pub(crate) async fn sign_in(providers: &Providers, command: AtProvider<'_>) -> Result<Proven, ProviderError> {
    let proofs = proofs(1);
    let callback = go(providers, &proofs, command).await;
    providers.finish(&id(), &callback, &proofs, Utc::now()).await
}

pub(crate) fn read(url: &Url) -> Callback {
    assert!(url.as_str().starts_with(&format!("{SITE}/sign-in/callback/test?")), "{url}");
    let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Callback { code: value("code"), state: value("state"), iss: value("iss"), error: value("error") }
}

/// The address that a provider names.
pub(crate) fn address(identity: &ProviderIdentity) -> Option<&str> {
    identity.email.as_ref().map(EmailAddress::as_given)
}
