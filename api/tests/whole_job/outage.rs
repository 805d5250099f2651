//! Hundreds of invitations meet a mail server that fails; two processes send. The tests in `outages.rs` look what arrives, and
//! `make bench-answers` measures how fast the API answers meanwhile.

use std::collections::BTreeMap;

use serde_json::json;
use test_support::SmtpBehaviour;
use tokio::time::Instant;

use crate::program::{Serving, TIMEOUT};
use crate::world::World;

pub(crate) const COUNT: usize = 400;

/// Two processes over one database and one mail server.
pub(crate) struct Outage {
    pub(crate) world: World,
    pub(crate) other: Serving,
}

impl Outage {
    pub(crate) async fn start() -> Self {
        // A server that hangs is given up soon, but not one that answers slowly because this machine is busy.
        let brief = [("ROSTER_SMTP_TIMEOUT", "5")];
        let world = World::start_with(&brief).await;
        let other = Serving::start_with(world.database.url(), world.smtp.port(), &brief).await;
        Self { world, other }
    }

    pub(crate) async fn invite_all(&self) {
        const INVITE: &str = "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { invited } }";
        let row = |number: usize| json!({ "email": format!("user{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] });
        let rows: Vec<_> = (0..COUNT).map(row).collect();
        let answer = self.world.admin.ask(INVITE, json!({ "input": { "rows": rows } })).await;
        assert_eq!(answer.body["data"]["inviteUsers"]["invited"], COUNT, "{:?}", answer.body);
    }

    /// Lets the server fail, invites everybody, and waits until it shows.
    pub(crate) async fn fail(&self, behaviour: SmtpBehaviour) {
        self.world.smtp.behave(behaviour).await;
        self.invite_all().await;
        self.until_failed(failures_of(behaviour)).await;
        let waiting = self.world.admin.count_deliveries(json!(["WAITING", "FAILED"])).await;
        assert!(waiting > 0, "the list shows what is not delivered");
    }

    /// Lets the server work again, and waits until every mail has arrived.
    pub(crate) async fn heal(&self, behaviour: SmtpBehaviour) {
        self.world.smtp.behave(SmtpBehaviour::Healthy).await;
        if behaviour == SmtpBehaviour::Refusing {
            self.resend_all_that_failed().await;
        }
        self.until_all_are_delivered().await;
    }

    /// Waits until so many mails have failed at least once, for now or for good.
    async fn until_failed(&self, count: i64) {
        let failed = "select (select count(*) from mail_outbox where last_error is not null)
            + (select count(*) from events where event_type = 'Failed')";
        let (mut before, mut deadline) = (0, Instant::now() + TIMEOUT);
        loop {
            let now: i64 = sqlx::query_scalar(failed).fetch_one(&self.world.database.pool()).await.expect("answers");
            if now >= count {
                return;
            }
            if now > before {
                (before, deadline) = (now, Instant::now() + TIMEOUT);
            }
            assert!(Instant::now() < deadline, "waited in vain for {count} failures: there are {now}");
        }
    }

    /// Waits until every mail is in someone's mailbox, and history says so once of each.
    pub(crate) async fn until_all_are_delivered(&self) {
        self.world.smtp.wait_for_recipients(COUNT).await;
        self.world.until("select count(*) = 0 from mail_outbox", "nothing waits").await;
        assert_eq!(self.world.admin.count_deliveries(json!(["SENT"])).await, COUNT as u64);
        assert_eq!(self.world.admin.count_deliveries(json!(["WAITING", "FAILED", "NOT_CONFIGURED"])).await, 0);
        let recorded = "select count(*), count(distinct payload -> 'Sent' ->> 'invitation_id') from events where event_type = 'Sent'";
        let (events, invitations): (i64, i64) = sqlx::query_as(recorded).fetch_one(&self.world.database.pool()).await.expect("answers");
        assert_eq!((usize::try_from(events), usize::try_from(invitations)), (Ok(COUNT), Ok(COUNT)));
    }

    /// How many mails came more often than once. Those are recognisable by their Message-ID.
    pub(crate) fn duplicates(&self) -> usize {
        let (mut by_recipient, mut by_id) = (BTreeMap::<_, usize>::new(), BTreeMap::<_, usize>::new());
        for mail in self.world.smtp.messages() {
            *by_id.entry(mail.message_id().expect("every mail has one")).or_default() += 1;
            *by_recipient.entry(mail.to[0].clone()).or_default() += 1;
        }
        let again = |times: Vec<usize>| times.into_iter().filter(|times| *times > 1).collect::<Vec<_>>();
        let repeated = again(by_recipient.into_values().collect());
        assert_eq!(repeated, again(by_id.into_values().collect()), "a repeated mail has the Message-ID of the first");
        repeated.len()
    }

    /// What an admin does about mails that were refused for good.
    async fn resend_all_that_failed(&self) {
        self.world.until("select count(*) = 0 from mail_outbox", "every mail has come to an end").await;
        loop {
            let failed = self.world.admin.users(json!({ "first": 100, "filter": { "delivery": ["FAILED"] } })).await;
            let nodes = failed["nodes"].as_array().expect("a list");
            if nodes.is_empty() {
                return;
            }
            for user in nodes {
                self.world.admin.run("resendInvitation", json!({ "id": user["id"], "confirmEmail": user["email"] })).await.done();
            }
            self.world.until("select count(*) = 0 from mail_outbox", "every mail has come to an end").await;
        }
    }
}

/// How many failures show that a server fails so: where it fails for everybody, further mails are not tried.
const fn failures_of(behaviour: SmtpBehaviour) -> i64 {
    match behaviour {
        SmtpBehaviour::Hanging | SmtpBehaviour::DemandingStartTls | SmtpBehaviour::DemandingAuth | SmtpBehaviour::Down => 4,
        _ => 300,
    }
}
