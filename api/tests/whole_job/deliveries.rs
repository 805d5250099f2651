//! An admin sees what became of every invitation's mail, and hands a link over where mail does not reach.

use rustix::process::Signal;
use serde_json::{Value, json};
use test_support::{SmtpBehaviour, SmtpServer, TestDatabase};

use crate::letters::{read, token_of};
use crate::person::Person;
use crate::program::Serving;
use crate::world::{PASSWORD, World, open_account};

const INVITE: &str = "mutation($input: InviteUserInput!) { inviteUser(input: $input) {
    user { id invitation { delivery { state at attempts detail } } } userErrors { code } } }";

fn invite(email: &str) -> Value {
    json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })
}

async fn until_delivery(admin: &Person, id: &str, reached: impl Fn(&Value) -> bool) -> Value {
    let asked = async {
        loop {
            let delivery = admin.delivery(id).await;
            if reached(&delivery) {
                return delivery;
            }
        }
    };
    tokio::time::timeout(crate::program::TIMEOUT, asked).await.expect("the delivery comes so far")
}

#[tokio::test]
async fn without_a_mail_server_invitations_wait_links_are_handed_over_and_with_one_mails_go_out() {
    let database = TestDatabase::create().await;
    let roster = Serving::start_without_mail(database.url(), &[]).await;
    let (admin, _) = open_account(&roster).await;
    let answer = admin.ask(INVITE, json!({ "input": invite("eve@acme.example") })).await;
    let eve = &answer.body["data"]["inviteUser"]["user"];
    assert_eq!(eve["invitation"]["delivery"], json!({ "state": "NOT_CONFIGURED", "at": null, "attempts": 0, "detail": null }));
    let ivo = admin.run("inviteUser", invite("ivo@acme.example")).await.user()["id"].clone();
    for (states, count) in
        [(json!(["NOT_CONFIGURED"]), 2), (json!(["WAITING"]), 0), (json!(["WAITING", "NOT_CONFIGURED"]), 2), (json!([]), 3)]
    {
        assert_eq!(admin.count_deliveries(states.clone()).await, count, "{states}");
    }

    let revealed = admin.run("revealInvitationLink", json!({ "id": eve["id"] })).await;
    let link = revealed.done()["link"].as_str().expect("a link");
    let token = link.strip_prefix(&format!("{}/acme/invitations/", roster.url)).expect("a link of the public address");
    let visitor = Person::visitor(&roster.url);
    visitor.run("acceptInvitation", json!({ "token": token, "password": PASSWORD, "transport": "TOKEN" })).await.done();
    let again = admin.run("revealInvitationLink", json!({ "id": eve["id"] })).await;
    assert_eq!((again.refused(), &again.0["link"]), (("USER_NOT_PENDING", None), &Value::Null));

    roster.program.signal(Signal::TERM);
    assert_eq!(roster.program.ended().await.code, Some(0));
    let smtp = SmtpServer::start().await;
    let roster = Serving::start(database.url(), smtp.port()).await;
    let admin = Person { url: roster.url.clone(), ..admin };
    smtp.wait_for("ivo@acme.example", 1).await;
    let delivery = until_delivery(&admin, ivo.as_str().expect("an id"), |delivery| delivery["state"] != "WAITING").await;
    assert_eq!((&delivery["state"], &delivery["attempts"], &delivery["detail"]), (&json!("SENT"), &json!(1), &Value::Null));
    assert_eq!(smtp.messages().len(), 1, "who joined meanwhile needs no mail");
}

#[tokio::test]
async fn an_admin_sees_in_the_list_whose_mail_failed_and_why_and_sends_it_again() {
    let world = World::start().await;
    let refused = world.invite("refuse@acme.example", "VIEWER").await;
    let busy = world.invite("busy@acme.example", "VIEWER").await;
    world.invite("eve@acme.example", "VIEWER").await;
    let failed = until_delivery(&world.admin, &refused, |delivery| delivery["state"] != "WAITING").await;
    assert_eq!((&failed["state"], &failed["attempts"]), (&json!("FAILED"), &json!(1)));
    assert_eq!(failed["detail"], "the mail server refused it for good: 550 5.1.1 no such mailbox");
    let waits = until_delivery(&world.admin, &busy, |delivery| delivery["attempts"] != 0).await;
    assert_eq!((&waits["state"], waits["at"].is_string()), (&json!("WAITING"), true));
    assert_eq!(waits["detail"], "the mail server refused the mail: 451 4.3.2 always busy");
    world.until("select count(*) = 1 from mail_outbox", "only one mail waits").await;
    for (states, count) in [(json!(["FAILED"]), 1), (json!(["WAITING"]), 1), (json!(["SENT"]), 1), (json!(["NOT_CONFIGURED"]), 0)] {
        assert_eq!(world.admin.count_deliveries(states.clone()).await, count, "{states}");
    }
    let listed = world.admin.users(json!({ "filter": { "delivery": ["FAILED"] } })).await;
    assert_eq!(listed["nodes"][0]["email"], "refuse@acme.example");

    world.admin.run("resendInvitation", json!({ "id": refused, "confirmEmail": "refuse@acme.example" })).await.done();
    world.smtp.wait_for_refusals("refuse@acme.example", 2).await;
    world.until("select count(*) = 2 from events where event_type = 'Failed'", "the second failure is recorded").await;
}

#[tokio::test]
async fn anyone_who_loses_or_regains_access_is_told() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "VIEWER").await;
    for (active, subject, number) in
        [(false, "Your access to Acme Works was removed", 2), (true, "Your access to Acme Works was restored", 3)]
    {
        world.admin.run("updateUser", json!({ "id": eve.id, "active": active })).await.done();
        let mails = world.smtp.wait_for("eve@acme.example", number).await;
        let mail = read(&mails[number - 1]);
        assert_eq!(mail.subject(), Some(subject));
        let text = mail.body_text(0).expect("a text").into_owned();
        assert_eq!(text.contains(&format!("{}/acme/sign-in", world.roster.url)), active, "{text}");
        assert!(!text.contains("Ada@"), "who did it is no one's business: {text}");
        world.until_mail_is_settled().await;
    }
}

#[tokio::test]
async fn the_link_that_is_shown_is_the_one_that_is_mailed() {
    let world = World::start().await;
    let eve = world.invite("eve@acme.example", "VIEWER").await;
    let mail = world.smtp.wait_for("eve@acme.example", 1).await.remove(0);
    let revealed = world.admin.run("revealInvitationLink", json!({ "id": eve, "expectedVersion": 1 })).await;
    let mailed = format!("{}/acme/invitations/{}", world.roster.url, token_of(&mail, &world.roster.url, "acme"));
    assert_eq!(revealed.done()["link"], mailed);
    assert_eq!(revealed.0["user"]["version"], 2);
    let stale = world.admin.run("revealInvitationLink", json!({ "id": eve, "expectedVersion": 1 })).await;
    assert_eq!(stale.refused(), ("VERSION_CONFLICT", Some("expectedVersion")));
}

#[tokio::test]
async fn all_failed_invitations_are_sent_again_with_one_request_and_arrive() {
    const RESEND: &str = "mutation($input: ResendFailedInvitationsInput!) { resendFailedInvitations(input: $input) {
        resent refused { user { id } userErrors { code } } lastUserId remaining userErrors { code field } } }";
    let world = World::start().await;
    world.smtp.behave(SmtpBehaviour::Refusing).await;
    let (eve, ivo) = (world.invite("eve@acme.example", "VIEWER").await, world.invite("ivo@acme.example", "VIEWER").await);
    for id in [&eve, &ivo] {
        until_delivery(&world.admin, id, |delivery| delivery["state"] == "FAILED").await;
    }
    world.smtp.behave(SmtpBehaviour::Healthy).await;
    let ask = async |input: Value| world.admin.ask(RESEND, json!({ "input": input })).await.body["data"]["resendFailedInvitations"].take();

    let stale = ask(json!({ "expectedCount": 1 })).await;
    let error = json!({ "code": "COUNT_CHANGED", "field": ["input", "expectedCount"] });
    assert_eq!((&stale["resent"], &stale["userErrors"]), (&json!(0), &json!([error])));
    let unknown = ask(json!({ "after": "nobody" })).await;
    assert_eq!(unknown["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "after"] }]));

    let answer = ask(json!({ "expectedCount": 2, "idempotencyKey": "once" })).await;
    let last = eve.clone().max(ivo.clone());
    assert_eq!(answer, json!({ "resent": 2, "refused": [], "lastUserId": last, "remaining": 0, "userErrors": [] }));
    for email in ["eve@acme.example", "ivo@acme.example"] {
        let mails = world.smtp.wait_for(email, 1).await;
        assert!(read(&mails[0]).subject().is_some_and(|subject| subject.starts_with("Your new invitation")), "{email}");
    }
    assert_eq!(ask(json!({ "expectedCount": 2, "idempotencyKey": "once" })).await, answer, "repeated, nothing more happens");
    assert_eq!(world.smtp.messages().len(), 2);
}
