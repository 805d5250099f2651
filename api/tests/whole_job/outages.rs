//! A thousand invitations meet a mail server that fails, two processes send, and then the server works again: every invitation is
//! delivered, none twice but where nobody can know, and meanwhile the API answers as fast as ever.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};
use test_support::SmtpBehaviour;

use crate::person::Person;
use crate::program::Serving;
use crate::world::World;

const COUNT: usize = 1_000;
const PATIENCE: Duration = Duration::from_secs(90);
/// How much slower the median answer may be while mail fails: it is noise that this allows for.
const SLOWER: f64 = 2.0;

/// Two processes over one database and one mail server, with short time-outs.
struct Outage {
    world: World,
    other: Serving,
}

impl Outage {
    async fn start() -> Self {
        let brief = [("ROSTER_SMTP_TIMEOUT", "1")];
        let world = World::start_with(&brief).await;
        let other = Serving::start_with(world.database.url(), world.smtp.port(), &brief).await;
        Self { world, other }
    }

    async fn invite_all(&self) {
        const INVITE: &str = "mutation($input: InviteUsersInput!) { inviteUsers(input: $input) { invited } }";
        let row = |number: usize| json!({ "email": format!("user{number}@acme.example"), "role": "VIEWER", "authMethods": ["password"] });
        let rows: Vec<_> = (0..COUNT).map(row).collect();
        let answer = self.world.admin.ask(INVITE, json!({ "input": { "rows": rows } })).await;
        assert_eq!(answer.body["data"]["inviteUsers"]["invited"], COUNT, "{:?}", answer.body);
    }

    /// Waits until so many mails have failed at least once, for now or for good.
    async fn until_failed(&self, count: i64) {
        let failed = "select (select count(*) from mail_outbox where last_error is not null)
            + (select count(*) from events where event_type = 'Failed')";
        let begun = Instant::now();
        while sqlx::query_scalar::<_, i64>(failed).fetch_one(&self.world.database.pool()).await.expect("answers") < count {
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {count} failures");
        }
    }

    /// Waits until every mail is in somebody's mailbox, and history says so once of each.
    async fn until_all_are_delivered(&self) {
        self.world.smtp.wait_for_recipients(COUNT, PATIENCE).await;
        self.world.until("select count(*) = 0 from mail_outbox", "nothing waits").await;
        assert_eq!(self.world.admin.count_deliveries(json!(["SENT"])).await, COUNT as u64);
        assert_eq!(self.world.admin.count_deliveries(json!(["WAITING", "FAILED", "NOT_CONFIGURED"])).await, 0);
        let recorded = "select count(*), count(distinct payload -> 'Sent' ->> 'invitation_id') from events where event_type = 'Sent'";
        let (events, invitations): (i64, i64) = sqlx::query_as(recorded).fetch_one(&self.world.database.pool()).await.expect("answers");
        assert_eq!((usize::try_from(events), usize::try_from(invitations)), (Ok(COUNT), Ok(COUNT)));
    }

    /// How many mails came more often than once. Those are recognisable by their Message-ID.
    fn duplicates(&self) -> usize {
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

    /// The median times of a read and of a write.
    async fn latency(&self) -> [Duration; 2] {
        let admin = &self.world.admin;
        let (mut reads, mut writes) = (vec![], vec![]);
        for number in 0..40 {
            reads.push(timed(admin, "{ users(first: 50) { nodes { email status } } }", json!({})).await);
            let rename = "mutation($input: UpdateUserInput!) { updateUser(input: $input) { userErrors { code } } }";
            writes.push(timed(admin, rename, json!({ "input": { "id": admin.id, "name": format!("Ada {number}") } })).await);
        }
        [reads, writes].map(|mut times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
    }

    /// Lets the server fail, invites, waits for so many failures, measures, and lets it work again.
    async fn fail_and_heal(&self, behaviour: SmtpBehaviour, failures: i64) {
        let before = self.latency().await;
        self.world.smtp.behave(behaviour).await;
        self.invite_all().await;
        self.until_failed(failures).await;
        let during = self.latency().await;
        let waiting = self.world.admin.count_deliveries(json!(["WAITING", "FAILED"])).await;
        assert!(waiting > 0, "the list shows what is not delivered");
        self.world.smtp.behave(SmtpBehaviour::Healthy).await;
        let healed = Instant::now();
        if behaviour == SmtpBehaviour::Refusing {
            self.resend_all_that_failed().await;
        }
        self.until_all_are_delivered().await;
        let delivered = healed.elapsed();
        if matches!(behaviour, SmtpBehaviour::Refusing | SmtpBehaviour::Greylisting) {
            let (all, at_once) = (self.world.smtp.connections(), self.world.smtp.most_connections());
            assert!(at_once <= 8 && all <= 40, "four for each process, used again and again: {at_once} at once, {all} in all");
        }
        // Every write makes the next one a little slower, so what was quiet before and after is taken together.
        let after = self.latency().await;
        let quiet = [0, 1].map(|which| (before[which] + after[which]) / 2);
        let [read, write] = [0, 1].map(|which| during[which].as_secs_f64() / quiet[which].as_secs_f64());
        println!(
            "{behaviour:?}: latency while failing / when quiet: read {read:.2}, write {write:.2}; all delivered {:.1} s after healing",
            delivered.as_secs_f64()
        );
        assert!(read < SLOWER && write < SLOWER, "{behaviour:?}: {during:?} while failing, {quiet:?} when quiet");
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

async fn timed(admin: &Person, query: &str, variables: Value) -> Duration {
    let begun = Instant::now();
    assert_eq!(admin.ask(query, variables).await.code(), None);
    begun.elapsed()
}

macro_rules! outages {
    ($($(#[doc = $doc:literal])* $name:ident: $behaviour:expr, after $failures:literal failures;)+) => {
        $($(#[doc = $doc])*
        #[tokio::test]
        async fn $name() {
            let outage = Outage::start().await;
            outage.fail_and_heal($behaviour, $failures).await;
            // Where the content was taken and the reply lost, nobody can know.
            if $behaviour != SmtpBehaviour::DroppingAfterKeeping {
                assert_eq!(outage.duplicates(), 0);
            }
        })+
    };
}

outages! {
    everybody_is_refused_for_good_and_sent_again: SmtpBehaviour::Refusing, after 300 failures;
    everybody_is_asked_to_come_back: SmtpBehaviour::Greylisting, after 300 failures;
    nobody_is_answered: SmtpBehaviour::Hanging, after 4 failures;
    connections_are_cut_after_the_content: SmtpBehaviour::Dropping, after 300 failures;
    connections_are_cut_after_a_content_that_is_kept: SmtpBehaviour::DroppingAfterKeeping, after 300 failures;
    connections_are_cut_in_the_middle_of_the_content: SmtpBehaviour::DroppingMidData, after 300 failures;
    encryption_is_demanded: SmtpBehaviour::DemandingStartTls, after 4 failures;
    a_password_is_demanded: SmtpBehaviour::DemandingAuth, after 4 failures;
    nobody_is_there: SmtpBehaviour::Down, after 4 failures;
}

#[tokio::test]
async fn a_process_is_killed_and_the_others_send_what_it_had() {
    let Outage { world, other } = Outage::start().await;
    world.smtp.behave(SmtpBehaviour::Slow(Duration::from_millis(20))).await;
    let outage = Outage { world, other };
    outage.invite_all().await;
    outage.world.smtp.wait_for_recipients(200, PATIENCE).await;
    outage.other.program.signal(Signal::KILL);
    outage.world.smtp.behave(SmtpBehaviour::Healthy).await;
    outage.world.until("select count(*) <= 4 from mail_outbox", "only what the dead process had waits").await;
    // Some minutes pass.
    outage.world.sql("update mail_outbox set next_attempt_at = now()").await;
    outage.until_all_are_delivered().await;
    let duplicates = outage.duplicates();
    println!("{duplicates} mails came twice because their sender was killed");
    assert!(duplicates <= 4, "{duplicates}");
}

#[tokio::test]
async fn a_process_that_is_asked_to_stop_finishes_what_is_under_way_and_sends_nothing_twice() {
    let outage = Outage::start().await;
    outage.world.smtp.behave(SmtpBehaviour::Slow(Duration::from_millis(200))).await;
    outage.invite_all().await;
    outage.world.smtp.wait_for_recipients(20, PATIENCE).await;
    outage.other.program.signal(Signal::TERM);
    let Outage { world, other } = outage;
    assert_eq!(other.program.ended().await.code, Some(0));
    world.smtp.behave(SmtpBehaviour::Healthy).await;
    let other = Serving::start(world.database.url(), world.smtp.port()).await;
    let outage = Outage { world, other };
    outage.until_all_are_delivered().await;
    assert_eq!(outage.duplicates(), 0);
}

#[tokio::test]
async fn a_process_that_is_asked_to_stop_while_the_server_hangs_gives_its_mails_back_at_once() {
    // With the usual time-outs: the process stops long before they are over.
    let world = World::start().await;
    world.smtp.behave(SmtpBehaviour::Hanging).await;
    world.invite("eve@acme.example", "VIEWER").await;
    world.until("select count(*) = 1 from mail_outbox where claimed_until > now()", "the mail is under way").await;
    let World { database, smtp, roster, admin, .. } = world;
    roster.program.signal(Signal::TERM);
    let ended = roster.program.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.logged.contains("mails were cut off because the mail server takes too long"), "{}", ended.logged);
    let given_back = "select claimed_until is null and next_attempt_at is null from mail_outbox";
    assert!(sqlx::query_scalar::<_, bool>(given_back).fetch_one(&database.pool()).await.expect("answers"));
    smtp.behave(SmtpBehaviour::Healthy).await;
    let roster = Serving::start(database.url(), smtp.port()).await;
    smtp.wait_for("eve@acme.example", 1).await;
    assert!(Person { url: roster.url.clone(), ..admin }.viewer().await.is_some());
}
