//! A new password: for a user who knows the old one, and for the reader of mail to the address.

use chrono::{TimeDelta, Utc};
use reqwest::header::HeaderMap;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::enumeration::PATIENT;
use crate::letters::{read, reset_token_of};
use crate::person::{Answer, Person};
use crate::program::{MASTER_KEY, Program};
use crate::world::{PASSWORD, World};

const EVE: &str = "eve@acme.example";
const OTHER: &str = "copper kettles never apologise";

fn change(current: &str, new: &str) -> Value {
    json!({ "currentPassword": current, "newPassword": new, "transport": "TOKEN" })
}

fn reset(token: &str, new: &str) -> Value {
    json!({ "token": token, "newPassword": new, "transport": "TOKEN" })
}

/// Asks for a link, and reads the token in the mail with this number to the address.
async fn mailed_link(world: &World, email: &str, number: usize) -> String {
    world.visitor().run("requestPasswordReset", json!({ "account": "acme", "email": email })).await.done();
    let mails = world.smtp.wait_for(email, number).await;
    world.until_mail_is_settled().await;
    reset_token_of(&mails[number - 1], &world.roster.url, "acme")
}

/// What a link is about, for its holder.
async fn look_at(world: &World, token: &str) -> Answer {
    let document = "query($token: String!) { passwordReset(token: $token) { accountName accountSlug email } }";
    world.visitor().ask(document, json!({ "token": token })).await
}

#[tokio::test]
async fn anyone_who_knows_the_old_password_sets_another_one() {
    let world = World::start().await;
    let eve = world.member(EVE, "VIEWER").await;
    let elsewhere = eve.signed_in(&world.visitor().sign_in("acme", EVE, PASSWORD).await);
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    for (input, code, field) in [
        (change("not the password", OTHER), "WRONG_PASSWORD", "currentPassword"),
        (change(PASSWORD, "password"), "WEAK_PASSWORD", "newPassword"),
        (change(PASSWORD, "acmeworks"), "WEAK_PASSWORD", "newPassword"),
        (change("", ""), "WEAK_PASSWORD", "newPassword"),
    ] {
        assert_eq!(eve.run("changePassword", input.clone()).await.refused(), (code, Some(field)), "{input}");
    }
    assert_eq!(world.visitor().attempt("changePassword", change(PASSWORD, OTHER)).await.code(), Some("UNAUTHENTICATED"));
    assert_eq!(world.everything().await, before);

    let changed = eve.signed_in(&eve.run("changePassword", change(PASSWORD, OTHER)).await);
    assert_eq!(changed.viewer().await.as_deref(), Some(EVE));
    assert_eq!((eve.viewer().await, elsewhere.viewer().await), (None, None), "every other session is over");
    assert_eq!(world.visitor().sign_in("acme", EVE, PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    let into_cookie = json!({ "currentPassword": OTHER, "newPassword": PASSWORD, "transport": "COOKIE" });
    let answer = changed.attempt("changePassword", into_cookie).await;
    assert_eq!(answer.body["data"]["changePassword"]["token"], Value::Null);
    assert!(answer.header("set-cookie")[0].starts_with(&world.cookie("roster_s_")), "{answer:?}");
    assert!(world.admin.viewer().await.is_some(), "no one else is touched");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_anyone_who_reads_the_mail() {
    let world = World::start().await;
    let eve = world.member(EVE, "EDITOR").await;
    let token = mailed_link(&world, EVE, 2).await;
    let (_, invitation) = world.invited_at("late@acme.example", Utc::now() - TimeDelta::hours(24)).await;
    let mails = world.smtp.wait_for(EVE, 2).await;
    let mail = read(&mails[1]);
    assert_eq!(mail.subject(), Some("Your new password for Acme Works"));
    let text = mail.body_text(0).unwrap().replace("\r\n", "\n");
    for said in ["Acme Works", EVE, "works for 1 hour", "If it was not you, ignore this mail: nothing has changed."] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let link = format!("{}/acme/reset-password/{token}", world.roster.url);
    assert!(mail.body_html(0).unwrap().contains(&link));

    world.until_mail_is_settled().await;
    let before = world.everything().await;
    for _ in 0..2 {
        let seen = look_at(&world, &token).await;
        let expected = json!({ "accountName": "Acme Works", "accountSlug": "acme", "email": EVE });
        assert_eq!(seen.body["data"]["passwordReset"], expected, "{seen:?}");
    }
    let weak = world.visitor().run("resetPassword", reset(&token, "eve-acme")).await;
    assert_eq!(weak.refused(), ("WEAK_PASSWORD", Some("newPassword")));
    for forged in ["", "x", &token[1..], &invitation] {
        let refused = world.visitor().run("resetPassword", reset(forged, OTHER)).await;
        assert_eq!(refused.refused(), ("INVALID_RESET_LINK", Some("token")), "{forged}");
        assert_eq!(look_at(&world, forged).await.code(), Some("INVALID_RESET_LINK"), "{forged}");
    }
    assert_eq!(world.everything().await, before);

    let visitor = world.visitor();
    let all = futures::future::join_all((0..4).map(|_| visitor.run("resetPassword", reset(&token, OTHER)))).await;
    let (won, lost): (Vec<_>, Vec<_>) = all.iter().partition(|payload| payload.0["userErrors"] == json!([]));
    assert_eq!(won.len(), 1);
    assert!(lost.iter().all(|payload| payload.refused() == ("INVALID_RESET_LINK", Some("token"))));
    let back: Person = visitor.signed_in(won[0]);
    assert_eq!((back.viewer().await.as_deref(), eve.viewer().await), (Some(EVE), None));
    assert_eq!(world.visitor().sign_in("acme", EVE, PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    world.visitor().sign_in("acme", EVE, OTHER).await.done();
    assert_eq!(look_at(&world, &token).await.code(), Some("INVALID_RESET_LINK"));
    let delivered = "select count(*) = 1 from events where event_type = 'Sent' and payload::text like '%password_reset%'";
    world.until(delivered, "the delivery of the link is recorded").await;
}

/// What an answer says, except for what differs between any two answers.
fn bytes(answer: &Answer) -> (u16, Vec<(String, Vec<u8>)>, String) {
    let differs = |name: &str| ["x-request-id", "date"].contains(&name);
    let kept = |headers: &HeaderMap| {
        let headers = headers.iter().filter(|(name, _)| !differs(name.as_str()));
        headers.map(|(name, value)| (name.to_string(), value.as_bytes().to_owned())).collect()
    };
    (answer.status, kept(&answer.headers), answer.body.to_string())
}

#[tokio::test]
async fn asking_for_a_link_is_answered_the_same_for_everybody_and_mails_only_whom_it_helps() {
    let world = World::start_with(&PATIENT).await;
    let idle = world.member("idle@acme.example", "VIEWER").await;
    world.admin.run("updateUser", json!({ "id": idle.id, "active": false })).await.done();
    world.invite("ivo@acme.example", "VIEWER").await;
    world.member(EVE, "VIEWER").await;
    world.until_mail_is_settled().await;
    let mails = world.smtp.messages().len();
    let asked = [
        ("acme", EVE),
        ("acme", "nobody@acme.example"),
        ("acme", "ivo@acme.example"),
        ("acme", "idle@acme.example"),
        ("nobody", EVE),
        ("acme", "no address"),
        ("no slug", EVE),
    ];
    let mut answers = vec![];
    for _ in 0..6 {
        for (account, email) in asked {
            let answer = world.visitor().attempt("requestPasswordReset", json!({ "account": account, "email": email })).await;
            answers.push(bytes(&answer));
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(answers[0].2.contains("\"userErrors\":[]"), "{}", answers[0].2);

    // Six were asked for, five may be open.
    world.smtp.wait_for(EVE, 6).await;
    world.until_mail_is_settled().await;
    assert_eq!(world.smtp.messages().len(), mails + 5);
}

#[tokio::test]
async fn what_was_answered_is_looked_into_though_the_server_stops() {
    let world = World::start().await;
    world.until_mail_is_settled().await;
    world.visitor().run("requestPasswordReset", json!({ "email": "ada@acme.example" })).await.done();
    world.roster.program.signal(Signal::TERM);
    let World { roster, database, .. } = world;
    assert_eq!(roster.program.ended().await.code, Some(0));
    let opened: i64 = sqlx::query_scalar("select count(*) from password_resets").fetch_one(&database.pool()).await.unwrap();
    assert_eq!(opened, 1);
}

#[tokio::test]
async fn a_link_is_dead_after_a_deactivation_and_stays_so() {
    let world = World::start().await;
    let eve = world.member(EVE, "VIEWER").await;
    let token = mailed_link(&world, EVE, 2).await;
    for active in [false, true] {
        world.admin.run("updateUser", json!({ "id": eve.id, "active": active })).await.done();
        let refused = world.visitor().run("resetPassword", reset(&token, OTHER)).await;
        assert_eq!(refused.refused(), ("INVALID_RESET_LINK", Some("token")), "active: {active}");
    }
    world.visitor().sign_in("acme", EVE, PASSWORD).await.done();
}

#[tokio::test]
async fn the_operator_lets_in_anyone_who_is_locked_out_without_any_mail() {
    let world = World::start().await;
    let eve = world.member(EVE, "VIEWER").await;
    world.until_mail_is_settled().await;
    let url = world.roster.url.as_str();
    let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY), ("ROSTER_PUBLIC_URL", url)];
    let link = ["user", "link", "--account", "acme", "EVE@acme.example"];
    let printed = Program::run(&link, &variables).await;
    assert_eq!(printed.code, Some(0), "{printed:?}");
    assert!(printed.printed.contains("With this link EVE@acme.example can choose a new password, until "), "{printed:?}");
    let token = printed.printed.lines().next().and_then(|line| line.strip_prefix(&format!("{url}/acme/reset-password/")));
    world.visitor().run("resetPassword", reset(token.expect("a link"), OTHER)).await.done();
    assert_eq!(eve.viewer().await, None);
    world.admin.run("updateUser", json!({ "id": eve.id, "active": false })).await.done();
    let refused = Program::run(&link, &variables).await;
    assert_eq!((refused.code, refused.printed.as_str()), (Some(1), ""));
    assert!(refused.logged.contains("is deactivated: ask an admin of acme to activate the user first"), "{refused:?}");
    world.until_mail_is_settled().await;
    let subjects: Vec<_> = world.smtp.messages().iter().map(|mail| read(mail).subject().expect("a subject").to_owned()).collect();
    assert_eq!(subjects, ["Ada@Acme.example invited you to Acme Works", "Your access to Acme Works was removed"]);
}
