//! Mail goes out once, whatever happens to the server or to the mail server.

use chrono::Utc;
use serde_json::json;
use test_support::{SmtpBehaviour, SmtpServer, TestDatabase};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::letters::{read, token_of};
use crate::person::Person;
use crate::program::{Serving, TIMEOUT};
use crate::world::{PASSWORD, World, open_account};

fn invite(email: &str) -> serde_json::Value {
    json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })
}

#[tokio::test]
async fn a_mail_that_a_killed_server_did_not_send_is_sent_by_the_next_one() {
    let database = TestDatabase::create().await;
    // A mail server that takes the connection and never says a word: the mail is under way for as long as we like.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let roster = Serving::start(database.url(), silent.local_addr().unwrap().port()).await;
    let (admin, _) = open_account(&roster).await;
    admin.run("inviteUser", invite("eve@acme.example")).await.done();
    let _connection = timeout(TIMEOUT, silent.accept()).await.expect("the server tries to send it").unwrap();
    roster.program.signal(rustix::process::Signal::KILL);
    assert_eq!(roster.program.ended().await.code, None);

    // The claim of a server that died lasts some minutes: these are them.
    let passed = sqlx::raw_sql("update mail_outbox set next_attempt_at = now()").execute(&database.pool()).await.unwrap();
    assert_eq!(passed.rows_affected(), 1);
    let smtp = SmtpServer::start().await;
    let roster = Serving::start(database.url(), smtp.port()).await;
    let mails = smtp.wait_for("eve@acme.example", 1).await;
    let input = json!({ "token": token_of(&mails[0], &roster.url, "acme"), "password": PASSWORD, "transport": "TOKEN" });
    let visitor = Person::visitor(&roster.url);
    visitor.run("acceptInvitation", input).await.done();
    let again = Person { url: roster.url.clone(), ..admin };
    assert!(again.viewer().await.is_some(), "sessions outlive the process");
}

#[tokio::test]
async fn a_mail_server_that_asks_to_come_back_gets_the_mail_later() {
    let world = World::start().await;
    world.invite("greylist@acme.example", "VIEWER").await;
    world.smtp.wait_for_refusals("greylist@acme.example", 1).await;
    world.until("select bool_or(last_error is not null) from mail_outbox", "the failure is noted").await;
    // Some seconds pass.
    world.sql("update mail_outbox set next_attempt_at = now()").await;
    let mails = world.smtp.wait_for("greylist@acme.example", 1).await;
    assert!(read(&mails[0]).message_id().is_some());
    world.until_mail_is_settled().await;
    world.until("select count(*) = 1 from events where event_type = 'Sent'", "one delivery is recorded").await;
    assert_eq!(world.smtp.wait_for("greylist@acme.example", 1).await.len(), 1, "it is sent once");
}

#[tokio::test]
async fn a_refusal_that_is_about_us_ends_no_invitation_and_is_told_once() {
    const EMAILS: [&str; 3] = ["eve@acme.example", "ivo@acme.example", "mia@acme.example"];
    for behaviour in [SmtpBehaviour::Limiting, SmtpBehaviour::RefusingContents] {
        let world = World::start().await;
        world.smtp.behave(behaviour).await;
        for email in EMAILS {
            world.invite(email, "VIEWER").await;
        }
        world.until("select bool_or(last_error is not null and attempts > 1) from mail_outbox", "one was tried again").await;
        assert_eq!(world.admin.count_deliveries(json!(["FAILED"])).await, 0, "{behaviour:?}");
        assert_eq!(world.admin.count_deliveries(json!(["WAITING"])).await, 3, "{behaviour:?}");
        let told = "refuses mail for a reason that is not its recipient";
        world.roster.program.logged("that mail is refused", |log| log.contains(told).then_some(())).await;

        world.smtp.behave(SmtpBehaviour::Healthy).await;
        for email in EMAILS {
            world.smtp.wait_for(email, 1).await;
        }
        world.until_mail_is_settled().await;
        world.until("select count(*) = 3 from events where event_type = 'Sent'", "each delivery is recorded").await;
        let log = world.roster.program.logged("all that it says", |log| Some(log.to_owned())).await;
        assert_eq!(log.matches(told).count(), 1, "{behaviour:?}: {log}");
        assert!(!log.contains("eve@acme.example"), "{log}");
    }
}

#[tokio::test]
async fn a_mail_that_waited_is_dated_when_it_is_sent_and_says_what_is_left_of_its_time() {
    let world = World::start().await;
    world.smtp.behave(SmtpBehaviour::Greylisting).await;
    world.invite("eve@acme.example", "VIEWER").await;
    world.until("select bool_or(last_error is not null) from mail_outbox", "the first try failed").await;
    // Three hours pass.
    world.sql("update mail_outbox set created_at = created_at - interval '3 hours', expires_at = expires_at - interval '3 hours'").await;
    world.smtp.behave(SmtpBehaviour::Healthy).await;
    world.sql("update mail_outbox set next_attempt_at = now()").await;
    let mails = world.smtp.wait_for("eve@acme.example", 1).await;
    let mail = read(&mails[0]);
    let age = Utc::now().timestamp() - mail.date().expect("a date").to_timestamp();
    assert!(age < 3_600, "it is dated {age} seconds ago");
    assert!(mail.body_text(0).expect("a text").contains("works for 21 hours"), "{mail:?}");
}

#[tokio::test]
async fn an_address_that_the_mail_server_refuses_is_recorded_and_nothing_else_breaks() {
    let world = World::start().await;
    let id = world.invite("refuse@acme.example", "VIEWER").await;
    world.until("select count(*) = 1 from events where event_type = 'Failed'", "the failure is recorded").await;
    world.until_mail_is_settled().await;
    world.until("select count(*) = 0 from events where event_type = 'Sent'", "nothing was sent").await;
    let listed = world.admin.user(&id).await;
    assert_eq!(listed.body["data"]["user"]["status"], "PENDING_INVITATION");
    world.member("eve@acme.example", "VIEWER").await;
    let plain = "select bool_and(payload::text not like '%refuse@acme%' and metadata::text not like '%@%') from events";
    world.until(plain, "no event shows the address, not even in the mail server's words").await;
    // What was mistyped is invited again under the right address.
    world.admin.run("deleteUser", json!({ "id": id, "confirmEmail": "refuse@acme.example" })).await.done();
}

#[tokio::test]
async fn a_mail_that_was_overtaken_is_not_sent() {
    let world = World::start().await;
    let id = world.invite("busy@acme.example", "VIEWER").await;
    world.until("select bool_or(last_error is not null) from mail_outbox", "the first try failed").await;
    world.admin.run("deleteUser", json!({ "id": id, "confirmEmail": "busy@acme.example" })).await.done();
    world.sql("update mail_outbox set next_attempt_at = now()").await;
    world.until_mail_is_settled().await;
    assert_eq!(world.smtp.messages(), []);
}
