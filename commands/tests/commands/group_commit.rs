//! Commands that wait at the same time share a transaction, and yet each takes effect, is refused, or fails by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::Pin;

use commands::{Changed, Context, Error, InviteUser, LimitSettings, UpdateUser};
use domain::{Refusal, Role};
use event_store::Lock;
use futures::future::join_all;
use futures::poll;
use sqlx::{Connection, PgConnection, PgTransaction};

use super::world::{World, change, invitation, refusal, wait_for_waiting};

type Running<'a> = Pin<Box<dyn Future<Output = Result<Changed, Error>> + 'a>>;

fn invite<'a>(world: &'a World, ctx: &'a Context, email: String) -> Running<'a> {
    let input = invitation(&email, Role::Viewer);
    Box::pin(async move { world.commands.invite_user(ctx, world.account, &input).await })
}

/// A transaction of another process, before which the next one that writes events stops.
async fn stop_writers(world: &World) -> (PgConnection, &'static str) {
    (PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects"), "lock table events in share mode")
}

/// Runs commands in one transaction: as many others as may be under way write while they come, so that they wait together. Answers what became of
/// them.
async fn in_one_transaction(world: &World, mut commands: Vec<Running<'_>>) -> Vec<Result<Changed, Error>> {
    let (mut connection, lock) = stop_writers(world).await;
    let mut held: PgTransaction<'_> = connection.begin().await.expect("begins");
    sqlx::query(lock).execute(&mut *held).await.expect("locks");
    let ctx = world.by_admin();
    let mut writing = vec![];
    for name in ["first", "second"] {
        let mut command = invite(world, &ctx, format!("{name}@nimbus.example"));
        assert!(poll!(&mut command).is_pending());
        writing.push(command);
        wait_for_waiting(&world.pool, writing.len().try_into().expect("few")).await;
    }
    for command in &mut commands {
        assert!(poll!(command).is_pending(), "it waits behind those that write");
    }
    held.rollback().await.expect("unlocks");
    let (written, results) = futures::join!(join_all(writing), join_all(commands));
    for result in written {
        result.expect("invites");
    }
    results
}

/// How many events each transaction has written, in the order of the feed.
async fn transactions(world: &World) -> Vec<i64> {
    let count = "select count(*) from events group by xid order by xid";
    sqlx::query_scalar(count).fetch_all(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn commands_that_wait_together_share_a_transaction_and_each_says_who_asked() {
    let world = World::open().await;
    let contexts: Vec<_> = (0..30).map(|number| Context { request_id: Some(format!("request-of-{number}")), ..world.by_admin() }).collect();
    let commands = contexts.iter().enumerate().map(|(number, ctx)| invite(&world, ctx, format!("user{number}@nimbus.example"))).collect();
    let before = transactions(&world).await.len();
    let invited = in_one_transaction(&world, commands).await;
    assert_eq!(transactions(&world).await[before..], [1, 1, 30], "one transaction for all that have waited");
    let feed = world.feed().await;
    for (number, changed) in invited.into_iter().enumerate() {
        let id = changed.expect("invites").user_id;
        let event = feed.iter().find(|event| event.aggregate_id == id.to_string()).expect("is there");
        assert_eq!(event.metadata["request_id"], format!("request-of-{number}"));
        assert_eq!(world.view(world.account, id).await.email, format!("user{number}@nimbus.example"));
    }
}

#[tokio::test]
async fn a_refused_command_changes_nothing_for_its_neighbours() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let ctx = world.by_admin();
    let stale = UpdateUser { expected_version: Some(7), name: Some("Tom".to_owned()), ..change(tom) };
    let commands: Vec<Running<'_>> = vec![
        invite(&world, &ctx, "ada@nimbus.example".to_owned()),
        Box::pin(world.update(&ctx, stale)),
        invite(&world, &ctx, "tom@nimbus.example".to_owned()),
        invite(&world, &ctx, "eve@nimbus.example".to_owned()),
    ];
    let [ada, stale, taken, eve] = <[_; 4]>::try_from(in_one_transaction(&world, commands).await).expect("four");
    assert_eq!(world.history(ada.expect("invites").user_id).await, ["Invited"]);
    assert_eq!(refusal(stale), Refusal::VersionConflict { current: 1 });
    let Err(Error::Refused { refusal: Refusal::AlreadyInvited, user }) = taken else { panic!("the address is taken") };
    assert_eq!(user, Some(tom));
    assert_eq!(world.history(tom).await, ["Invited"]);
    assert_eq!(world.history(eve.expect("invites").user_id).await, ["Invited"]);
}

#[tokio::test]
async fn commands_upon_one_user_see_each_other_in_one_transaction() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Viewer).await;
    let ctx = world.by_admin();
    let (before, version) = (transactions(&world).await.len(), world.view(world.account, tom.id).await.version);
    let renames = (0..20).map(|number| {
        let update = UpdateUser { name: Some(format!("Tom {number}")), expected_version: Some(version + number), ..change(tom.id) };
        Box::pin(world.update(&ctx, update)) as Running<'_>
    });
    let mut commands: Vec<_> = renames.collect();
    commands.push(Box::pin(world.update(&ctx, UpdateUser { name: Some("Tom 19".to_owned()), ..change(tom.id) })));
    let results = in_one_transaction(&world, commands).await;
    let versions: Vec<u64> = results.into_iter().map(|result| result.expect("each saw the one before").version).collect();
    assert_eq!(versions[..20], (version + 1..=version + 20).collect::<Vec<_>>());
    assert_eq!(versions[20], version + 20, "the name is the same already");
    assert_eq!(transactions(&world).await[before..], [1, 1, 20]);
    let view = world.view(world.account, tom.id).await;
    assert_eq!((view.name.as_deref(), view.version), (Some("Tom 19"), version + 20));
}

#[tokio::test]
async fn one_address_or_one_key_twice_is_decided_one_after_the_other() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let keyed = |email: &str| -> Running<'_> {
        let input = InviteUser { idempotency_key: Some("once".to_owned()), ..invitation(email, Role::Viewer) };
        let (world, ctx) = (&world, &ctx);
        Box::pin(async move { world.commands.invite_user(ctx, world.account, &input).await })
    };
    let commands = vec![
        invite(&world, &ctx, "ada@nimbus.example".to_owned()),
        invite(&world, &ctx, "ADA@nimbus.example".to_owned()),
        keyed("eve@nimbus.example"),
        keyed("eve@nimbus.example"),
        keyed("other@nimbus.example"),
    ];
    let [ada, again, eve, repeated, reused] = <[_; 5]>::try_from(in_one_transaction(&world, commands).await).expect("five");
    let Err(Error::Refused { refusal: Refusal::AlreadyInvited, user }) = again else { panic!("the address is taken") };
    assert_eq!(user, Some(ada.expect("invites").user_id));
    assert_eq!(eve.expect("invites"), repeated.expect("is answered as the first time"));
    assert_eq!(refusal(reused), Refusal::IdempotencyKeyReused);
}

#[tokio::test]
async fn what_only_writing_shows_is_found_out_one_by_one() {
    let limits = LimitSettings { invitations_per_day: 12, ..LimitSettings::default() };
    let world = World::open_with(limits).await;
    let ctx = world.by_admin();
    let commands = (0..20).map(|number| invite(&world, &ctx, format!("user{number}@nimbus.example"))).collect();
    let results = in_one_transaction(&world, commands).await;
    let (invited, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((invited.len(), refused.len()), (10, 10));
    for result in refused {
        assert_eq!(refusal(result), Refusal::InvitationLimitReached);
    }
}

#[tokio::test]
async fn the_last_admin_stays_when_all_leave_in_one_transaction() {
    let world = World::open().await;
    let other = world.join("other@nimbus.example", Role::Admin).await;
    let (ctx, by_other) = (world.by_admin(), world.by(other.actor));
    let demote = |id| UpdateUser { role: Some(Role::Viewer), ..change(id) };
    let commands: Vec<Running<'_>> = vec![
        Box::pin(world.update(&ctx, demote(other.id))),
        Box::pin(world.update(&by_other, demote(world.admin.id))),
        invite(&world, &ctx, "ada@nimbus.example".to_owned()),
    ];
    let [one, two, ada] = <[_; 3]>::try_from(in_one_transaction(&world, commands).await).expect("three");
    ada.expect("invites");
    let refused: BTreeSet<_> = [one, two].into_iter().filter(Result::is_err).map(|result| refusal(result).code()).collect();
    assert_eq!(refused, BTreeSet::from(["LAST_ADMIN"]));
    assert_eq!(world.active_admins().await, 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_changes_nothing_for_the_others() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let (mut connection, lock) = stop_writers(&world).await;
    let mut held = connection.begin().await.expect("begins");
    sqlx::query(lock).execute(&mut *held).await.expect("locks");
    let mut invitations: BTreeMap<_, _> =
        ["begun", "other", "waits", "gone", "stays"].map(|name| (name, invite(&world, &ctx, format!("{name}@nimbus.example")))).into();
    for (number, name) in ["begun", "other", "waits", "gone", "stays"].into_iter().enumerate() {
        assert!(poll!(invitations.get_mut(name).expect("is there")).is_pending());
        if name == "begun" || name == "other" {
            wait_for_waiting(&world.pool, i64::try_from(number).expect("few") + 1).await;
        }
    }
    // The first two have begun, so they take effect. Those behind them have not.
    drop(invitations.remove("begun"));
    drop(invitations.remove("gone"));
    held.rollback().await.expect("unlocks");
    for (name, invitation) in invitations {
        invitation.await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let emails = "select split_part(email, '@', 1) from users where email <> 'admin@nimbus.example' and status = 'invited' order by 1";
    let emails: Vec<String> = sqlx::query_scalar(emails).fetch_all(&world.pool).await.expect("answers");
    assert_eq!(emails, ["begun", "other", "stays", "waits"]);
}

#[tokio::test]
async fn a_command_whose_lock_another_process_has_waits_alone() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let ctx = world.by_admin();
    let mut connection = PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects");
    let mut held = connection.begin().await.expect("begins");
    Lock::User { user_id: tom }.take(&mut held).await.expect("locks");
    let mut rename = Box::pin(world.update(&ctx, UpdateUser { name: Some("Tom".to_owned()), ..change(tom) }));
    assert!(poll!(&mut rename).is_pending());
    for number in 0..5 {
        let invitation = invite(&world, &ctx, format!("user{number}@nimbus.example"));
        let both = futures::future::select(invitation, &mut rename).await;
        let futures::future::Either::Left((invited, _)) = both else { panic!("it does not have the lock") };
        invited.expect("the queue does not wait");
    }
    held.rollback().await.expect("unlocks");
    assert_eq!(rename.await.expect("renames").version, 2);
}
