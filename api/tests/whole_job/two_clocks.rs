//! Two servers over one database and one mail server, whose clocks differ.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use api::app::App;
use api::workers::mail as mail_worker;
use chrono::{TimeDelta, Utc};
use mail::{MailSettings, MailTransport, SmtpSender};
use serde_json::json;
use test_support::{SmtpBehaviour, SmtpServer, TestDatabase};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::program::{Serving, TIMEOUT};
use crate::world::{app_over, open_account};

const MAILS: usize = 24;

/// What sends mail in a server whose clock is ahead by so much.
fn server(database: &TestDatabase, smtp: &SmtpServer, ahead: TimeDelta) -> Arc<App> {
    let url = format!("smtp://127.0.0.1:{}?tls=none", smtp.port());
    let settings = MailSettings::parse(Some(&url), "Roster <roster@acme.example>", None).unwrap();
    let mail = Some(MailTransport::Smtp(SmtpSender::new(settings.smtp.unwrap(), settings.from)));
    Arc::new(App { mail, clock: Arc::new(move || Utc::now() + ahead), ..app_over(database) })
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_whose_clocks_are_ten_minutes_apart_send_every_mail_once() {
    let (database, smtp) = (TestDatabase::create().await, SmtpServer::start().await);
    let roster = Serving::start_without_mail(database.url(), &[]).await;
    let (admin, _) = open_account(&roster).await;
    for number in 0..MAILS {
        let invite = json!({ "email": format!("eve+{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] });
        admin.run("inviteUser", invite).await.done();
    }
    // Each mail is under way for a while, in which the other server looks for what is due.
    smtp.behave(SmtpBehaviour::Slow(Duration::from_millis(500))).await;
    let shutdown = CancellationToken::new();
    let servers: Vec<_> = [TimeDelta::zero(), TimeDelta::minutes(10)]
        .map(|ahead| tokio::spawn(mail_worker::run(server(&database, &smtp, ahead), shutdown.clone())))
        .into();
    let sent = async {
        let pool = database.pool();
        while sqlx::query_scalar::<_, i64>("select count(*) from mail_outbox").fetch_one(&pool).await.unwrap() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(TIMEOUT, sent).await.expect("every mail is sent");
    shutdown.cancel();
    for server in servers {
        server.await.unwrap();
    }
    let mut received: BTreeMap<String, usize> = BTreeMap::new();
    for mail in smtp.messages() {
        *received.entry(mail.to.join(" ")).or_default() += 1;
    }
    assert_eq!((received.len(), received.values().max()), (MAILS, Some(&1)), "{received:?}");
    let recorded = "select count(*) from events where aggregate_type = 'delivery' and event_type = 'Sent'";
    let recorded: i64 = sqlx::query_scalar(recorded).fetch_one(&database.pool()).await.unwrap();
    assert_eq!(usize::try_from(recorded), Ok(MAILS));
}
