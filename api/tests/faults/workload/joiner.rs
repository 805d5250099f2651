//! A client that signs in, looks who it is, and accepts the invitations that have arrived.

use std::{mem, time::Duration};

use mail_parser::MessageParser;
use serde_json::json;
use test_support::ReceivedMail;

use super::client::{Client, Repeat};
use super::site::{PASSWORD, SLUG};

const THINKING: Duration = Duration::from_millis(200);

/// Joins and signs in until the workload is over.
pub(crate) async fn join(mut client: Client) {
    let mut waiting = vec![];
    while !client.is_over() {
        sign_in(&mut client).await;
        waiting.append(&mut client.site.to_join.lock().expect("no holder panics"));
        let mails = if waiting.is_empty() { vec![] } else { client.site.smtp.messages() };
        for email in mem::take(&mut waiting) {
            match mails.iter().find(|mail| mail.to.contains(&email)) {
                Some(mail) if !client.is_over() => accept(&mut client, mail).await,
                _ => waiting.push(email),
            }
        }
        client.think(THINKING).await;
    }
}

async fn sign_in(client: &mut Client) {
    let input = json!({ "account": SLUG, "email": client.site.member, "password": PASSWORD, "transport": "TOKEN" });
    client.token = None;
    // It takes no key: if no one knows whether it happened, a session may be left over.
    let Some(payload) = client.run("signIn", input, Repeat::Never).await else { return };
    client.token = payload["token"].as_str().map(str::to_owned);
    let viewer = client.read("{ viewer { user { email } } }").await;
    let expected = client.site.member.clone();
    if let Some(viewer) = viewer.filter(|viewer| viewer["viewer"]["user"]["email"] != expected.as_str()) {
        client.unexpected(format!("the session of {expected} is answered {viewer}"));
    }
}

async fn accept(client: &mut Client, mail: &ReceivedMail) {
    client.token = None;
    let Some(token) = token_of(mail) else { return };
    let input = json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" });
    client.run("acceptInvitation", input, Repeat::UntilRefusedWith("INVITATION_ALREADY_ACCEPTED")).await;
}

/// The token of the link in an invitation, whichever server has sent it.
pub(crate) fn token_of(mail: &ReceivedMail) -> Option<String> {
    let message = MessageParser::default().parse(&mail.raw)?;
    let text = message.body_text(0)?;
    let beginning = format!("/{SLUG}/invitations/");
    text.lines().find_map(|line| line.trim().split_once(&beginning)).map(|(_, token)| token.to_owned())
}
