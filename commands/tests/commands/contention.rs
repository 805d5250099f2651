//! Many at once upon one user: no one is lost, and history keeps the order of cause and effect.

use std::sync::Arc;
use std::time::Duration;

use commands::{Commands, UpdateUser};
use domain::{Refusal, Role};
use event_store::RecordedEvent;
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, Executor, PgConnection};
use tokio::task::JoinSet;

use super::world::{PASSWORD, World, after_statements, change, offered, refusal, wait_for_waiting, waiting};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_changes_of_one_user_at_once_are_all_kept() {
    const RIVALS: usize = 50;
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    // As many connections as a busy server has, so that the rivals truly meet.
    let options = world.pool.connect_options().as_ref().clone();
    let pool = PgPoolOptions::new().max_connections(24).connect_with(options).await.expect("connects");
    let commands = Arc::new(Commands::new(pool, &world.master, offered()).without_queues());
    let mut rivals = JoinSet::new();
    for number in 0..RIVALS {
        let (commands, ctx, account) = (Arc::clone(&commands), world.by_admin(), world.account);
        rivals.spawn(async move {
            let update = UpdateUser { name: Some(format!("Tom {number}")), ..change(tom) };
            commands.update_user(&ctx, account, &update).await
        });
    }
    let mut versions: Vec<u64> = rivals.join_all().await.into_iter().map(|result| result.expect("is kept").version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=1 + RIVALS as u64).collect::<Vec<_>>());
}

/// Makes every deactivation stop in front of the row of its user, until no one holds this lock. A sign-in ends no version.
const STALL: &str = "
    create function stall() returns trigger language plpgsql as $$
    begin
        if current_query() like '%insert into user_versions %' then perform pg_advisory_xact_lock(77); end if;
        return null;
    end $$;
    create trigger stall before update on users for each statement execute function stall();
";

#[tokio::test(flavor = "multi_thread")]
async fn in_the_feed_no_one_signs_in_after_their_deactivation() {
    const TOM: &str = "tom@nimbus.example";
    let world = Arc::new(World::open().await.in_many_processes());
    let tom = world.join(TOM, Role::Viewer).await;
    world.pool.execute(STALL).await.expect("is made");
    let mut holder = PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects");
    let mut held = holder.begin().await.expect("begins");
    held.execute("select pg_advisory_xact_lock(77)").await.expect("locks");

    // The deactivation has written its event, and not yet the row; the sign-in runs as far as it can.
    let deactivation = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.update(&world.by_admin(), UpdateUser { active: Some(false), ..change(tom.id) }).await })
    };
    wait_for_waiting(&world.pool, 1).await;
    let sign_in = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.sign_in(TOM, PASSWORD, world.now).await })
    };
    while !sign_in.is_finished() && waiting(&world.pool).await < 2 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    held.rollback().await.expect("unlocks");
    deactivation.await.expect("no panic").expect("deactivates");
    let signed_in = sign_in.await.expect("no panic");

    let feed = world.feed().await;
    let deactivated = place(&feed, "Deactivated").expect("is there");
    let last_session = feed.iter().rposition(|event| event.event_type == "Started").expect("of the acceptance, at least");
    assert!(last_session < deactivated, "signed in: {}", signed_in.is_ok());
    if let Ok(signed_in) = signed_in {
        assert!(!world.is_alive(&signed_in.token, world.now).await);
    }
}

fn place(feed: &[RecordedEvent], event_type: &str) -> Option<usize> {
    feed.iter().position(|event| event.event_type == event_type)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acceptance_that_races_with_a_resend_wins_or_is_told_of_the_newer_link() {
    let world = Arc::new(World::open().await);
    let (mut accepted, mut replaced) = (0, 0);
    for round in 0..20 {
        let email = format!("ada+{round}@example.com");
        let invited = world.invite(&email, Role::Viewer).await.expect("invites").user_id;
        let link = world.link(world.account, invited).await;
        let accept = {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.accept_link(&link, world.now).await })
        };
        after_statements(&world.pool, round * 12).await;
        let resent = world.resend(&world.by_admin(), invited, &email).await;
        let history = world.history(invited).await;
        match (accept.await.expect("no panic"), resent) {
            (Ok(signed_in), Err(error)) => {
                assert_eq!(refusal::<()>(Err(error)), Refusal::UserNotPending, "round {round}");
                assert!(world.is_alive(&signed_in.token, world.now).await, "round {round}");
                assert_eq!(history, ["Invited", "Accepted", "PasswordSet"], "round {round}");
                accepted += 1;
            }
            (Err(error), Ok(_)) => {
                assert_eq!(refusal::<()>(Err(error)), Refusal::InvitationReplaced, "round {round}");
                assert_eq!(world.history(invited).await, ["Invited", "InvitationResent"], "round {round}");
                let newest = world.link(world.account, invited).await;
                assert!(world.commands.preview_invitation(&world.by_admin(), &newest).await.is_ok(), "round {round}");
                replaced += 1;
            }
            both => panic!("round {round}: {both:?}"),
        }
    }
    assert!(replaced > 0, "{accepted} accepted, {replaced} replaced");
}
