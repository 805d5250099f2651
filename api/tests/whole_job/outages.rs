//! Hundreds of invitations meet a mail server that fails, two processes send, and then the server works again: every invitation is
//! delivered, and none twice except where no one can know.

use std::time::Duration;

use rustix::process::Signal;
use test_support::SmtpBehaviour;

use crate::outage::{COUNT, Outage};
use crate::person::Person;
use crate::program::Serving;
use crate::world::World;

macro_rules! outages {
    ($($name:ident: $behaviour:expr;)+) => {
        $(#[tokio::test]
        async fn $name() {
            let outage = Outage::start().await;
            outage.fail($behaviour).await;
            outage.heal($behaviour).await;
            if matches!($behaviour, SmtpBehaviour::Refusing | SmtpBehaviour::Greylisting) {
                let (all, at_once) = (outage.world.smtp.connections(), outage.world.smtp.most_connections());
                assert!(at_once <= 8 && all <= COUNT as u64 / 10, "four for each process, used many times: {at_once} at once, {all} in all");
            }
            // Where the content was taken and the reply lost, no one can know.
            if $behaviour != SmtpBehaviour::DroppingAfterKeeping {
                assert_eq!(outage.duplicates(), 0);
            }
        })+
    };
}

outages! {
    everybody_is_refused_for_good_and_sent_again: SmtpBehaviour::Refusing;
    everybody_is_asked_to_come_back: SmtpBehaviour::Greylisting;
    no_one_is_answered: SmtpBehaviour::Hanging;
    connections_are_cut_after_the_content: SmtpBehaviour::Dropping;
    connections_are_cut_after_a_content_that_is_kept: SmtpBehaviour::DroppingAfterKeeping;
    connections_are_cut_in_the_middle_of_the_content: SmtpBehaviour::DroppingMidData;
    encryption_is_demanded: SmtpBehaviour::DemandingStartTls;
    a_password_is_demanded: SmtpBehaviour::DemandingAuth;
    no_one_is_there: SmtpBehaviour::Down;
}

#[tokio::test]
async fn a_process_is_killed_and_the_others_send_what_it_had() {
    let Outage { world, other } = Outage::start().await;
    world.smtp.behave(SmtpBehaviour::Slow(Duration::from_millis(20))).await;
    let outage = Outage { world, other };
    outage.invite_all().await;
    outage.world.smtp.wait_for_recipients(200).await;
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
    outage.world.smtp.wait_for_recipients(20).await;
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
