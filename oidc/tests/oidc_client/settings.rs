//! The file in which an operator describes providers.

use std::fs;

use oidc::{ProviderSettings, ProviderSettingsError, read_providers};
use test_support::TestFolder;

fn read(text: &str) -> Result<Vec<ProviderSettings>, ProviderSettingsError> {
    let folder = TestFolder::create().unwrap();
    fs::write(folder.path().join("secret"), "hidden\n").unwrap();
    fs::write(folder.path().join("empty"), "\n").unwrap();
    let file = folder.path().join("providers.toml");
    fs::write(&file, text).unwrap();
    read_providers(&file)
}

/// A provider without its first and last brace, to be added to.
fn with(lines: &str) -> String {
    format!("[[provider]]\nid = 'company'\nlabel = 'Company'\nissuer = 'https://id.example'\nclient_id = 'roster'\n{lines}")
}

#[test]
fn providers_are_read_from_a_file() {
    let second = "[[provider]]\nid = 'other'\nlabel = 'Other'\nissuer = 'http://127.0.0.1:9/realms/x'\nclient_id = 'c'\nprompt = 'login'\n";
    let more = "client_secret_file = 'secret'\nscopes = ['openid', 'email']\n";
    let providers = read(&format!("{}{second}", with(more))).unwrap();
    let labels: Vec<_> = providers.iter().map(|provider| provider.auth_method().label).collect();
    assert_eq!(labels, ["Company", "Other"]);
    assert!(read("").unwrap().is_empty());
    let shown = format!("{:?}", read(&with("client_secret = 'hidden'")).unwrap());
    assert!(shown.contains("company") && !shown.contains("hidden"), "{shown}");
}

#[test]
fn whatever_is_wrong_is_said_without_a_secret() {
    let other = |from: &str, to: &str| with("client_secret = 'hidden'").replace(from, to);
    for (text, expected) in [
        (with("client_secrets = 'hidden'"), "line 6: unknown field `client_secrets`"),
        (with("client_secret = ['hidden']"), "line 6: this is not understood"),
        (with("client_secret = 'hidden"), "line 6: this is not understood"),
        (other("issuer = ", "# "), "missing field `issuer`"),
        (other("'company'", "'password'"), "cannot have the id password"),
        (other("'company'", "'Company'"), "the provider id \"Company\" must have"),
        (other("'Company'", "' '"), "the label of the provider company"),
        (other("'roster'", "''"), "needs the client_id"),
        (other("https://id.example", "http://id.example"), "must begin with https://"),
        (other("https://id.example", "id.example"), "must look like https://id.example.com"),
        (other("https://id.example", "https://id.example?x=1"), "must look like"),
        (other("https://id.example", "https://me:hidden@id.example"), "must look like"),
        (with("client_secret = ''"), "client_secret or a client_secret_file that is not empty"),
        (with("client_secret_file = 'empty'"), "that is not empty"),
        (with("client_secret = 'hidden'\nclient_secret_file = 'secret'"), "client_secret or a client_secret_file"),
        (with("client_secret_file = 'absent'"), "absent cannot be read"),
        (with("scopes = ['profile']"), "must contain \"openid\" and \"email\""),
        (with("prompt = 'none'"), "the prompt of the provider company"),
        (with("ca_file = 'secret'"), "no usable PEM certificate"),
        (with(&with("")), "two providers have the id company"),
    ] {
        let said = read(&text).unwrap_err().to_string();
        assert!(said.contains(expected) && !said.contains("hidden"), "{text}\n{said}");
    }
}

#[test]
fn google_needs_an_id_and_a_secret() {
    let google = ProviderSettings::google("id", "secret".into()).unwrap();
    assert_eq!((google.auth_method().id.as_str(), google.auth_method().label.as_str()), ("google", "Google"));
    assert!(ProviderSettings::google("", "secret".into()).is_err());
    assert!(ProviderSettings::google("id", "".into()).is_err());
}
