//! Saved views: who sees and changes them, and what becomes of them.

use commands::{ChangeView, EraseUser, Error, SaveView};
use domain::{Actor, Refusal, Role, SavedViewId};
use projections::rebuild::Rebuilder;
use projections::saved_views::{SavedView, list_saved_views};

use super::history::{Seen, read_models};
use super::world::{World, refusal};

const TOM: &str = "tom@nimbus.example";

fn view(name: &str, shared: bool) -> SaveView {
    SaveView { name: name.to_owned(), query: "role=EDITOR".to_owned(), shared }
}

fn nothing_of(id: SavedViewId) -> ChangeView {
    ChangeView { id: id.to_string(), name: None, query: None, share: false, expected_version: None }
}

async fn save(world: &World, by: Actor, name: &str, shared: bool) -> SavedViewId {
    world.commands.save_view(&world.by(by), &view(name, shared)).await.expect("is saved").1
}

/// What someone sees: name, whether it is shared, version.
async fn seen(world: &World, by: Actor) -> Vec<(String, bool, u64)> {
    let (account_id, user_id) = by.account().zip(by.user()).expect("a user");
    let views = list_saved_views(&world.pool, account_id, user_id).await.expect("answers");
    views.into_iter().map(|SavedView { name, owner, version, .. }| (name, owner.is_none(), version)).collect()
}

fn row(name: &str, shared: bool, version: u64) -> (String, bool, u64) {
    (name.to_owned(), shared, version)
}

#[tokio::test]
async fn own_views_are_seen_by_their_owner_and_shared_ones_by_all_admins() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Admin).await;
    let own = save(&world, world.admin.actor, "Mine", false).await;
    let shared = save(&world, world.admin.actor, "Ours", true).await;
    save(&world, tom.actor, "mine", false).await;
    assert_eq!(seen(&world, world.admin.actor).await, [row("Mine", false, 1), row("Ours", true, 1)]);
    assert_eq!(seen(&world, tom.actor).await, [row("mine", false, 1), row("Ours", true, 1)]);

    let by_tom = world.by(tom.actor);
    let renamed = |id| ChangeView { name: Some("Tom's".to_owned()), ..nothing_of(id) };
    assert_eq!(refusal(world.commands.change_view(&by_tom, &renamed(own)).await), Refusal::NotFound);
    assert_eq!(refusal(world.commands.delete_view(&by_tom, &own.to_string(), None).await), Refusal::NotFound);
    world.commands.change_view(&by_tom, &renamed(shared)).await.expect("any admin changes a shared view");
    let seen_before = ChangeView { expected_version: Some(1), ..renamed(shared) };
    assert_eq!(refusal(world.commands.change_view(&world.by_admin(), &seen_before).await), Refusal::VersionConflict { current: 2 });

    world.commands.change_view(&world.by_admin(), &ChangeView { share: true, ..nothing_of(own) }).await.expect("is shared");
    world.commands.delete_view(&by_tom, &own.to_string(), Some(2)).await.expect("is deleted");
    assert_eq!(seen(&world, world.admin.actor).await, [row("Tom's", true, 2)]);
    let left = "select string_agg(name || query, '') from saved_views where deleted_at is not null";
    assert_eq!(sqlx::query_scalar::<_, String>(left).fetch_one(&world.pool).await.expect("answers"), "");
}

#[tokio::test]
async fn a_name_exists_once_among_own_and_once_among_shared_views() {
    let world = World::open().await;
    let own = save(&world, world.admin.actor, "Editors", false).await;
    save(&world, world.admin.actor, "Editors", true).await;
    for shared in [false, true] {
        let again = world.commands.save_view(&world.by_admin(), &view("editors", shared)).await;
        assert_eq!(refusal(again), Refusal::ViewNameTaken);
    }
    let share = ChangeView { share: true, ..nothing_of(own) };
    assert_eq!(refusal(world.commands.change_view(&world.by_admin(), &share).await), Refusal::ViewNameTaken);
    // Its own name does not stand in its way, and that of a deleted view is free.
    let respelled = ChangeView { name: Some("EDITORS".to_owned()), ..nothing_of(own) };
    world.commands.change_view(&world.by_admin(), &respelled).await.expect("is renamed");
    world.commands.delete_view(&world.by_admin(), &own.to_string(), None).await.expect("is deleted");
    save(&world, world.admin.actor, "Editors", false).await;

    let ctx = world.by_admin();
    let race = view("At once", false);
    let both = tokio::join!(world.commands.save_view(&ctx, &race), world.commands.save_view(&ctx, &race));
    assert_eq!(usize::from(both.0.is_ok()) + usize::from(both.1.is_ok()), 1);
}

#[tokio::test]
async fn only_admins_with_a_session_have_views_and_each_account_its_own() {
    let world = World::open().await;
    let shared = save(&world, world.admin.actor, "Ours", true).await;
    let tom = world.join(TOM, Role::Editor).await;
    assert!(matches!(world.commands.save_view(&world.by(tom.actor), &view("Mine", false)).await, Err(Error::Forbidden)));
    let (_, stranger) = world.open_another().await;
    let by_stranger = world.by(stranger.actor);
    assert_eq!(refusal(world.commands.change_view(&by_stranger, &nothing_of(shared)).await), Refusal::NotFound);
    assert_eq!(refusal(world.commands.delete_view(&by_stranger, &shared.to_string(), None).await), Refusal::NotFound);
    assert_eq!(seen(&world, stranger.actor).await, []);
    save(&world, stranger.actor, "Ours", true).await;
}

#[tokio::test]
async fn an_erasure_takes_own_views_along_and_leaves_shared_ones() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Admin).await;
    save(&world, tom.actor, "Zebulon's own", false).await;
    save(&world, tom.actor, "Ours", true).await;
    let id = tom.actor.user().expect("a user");
    world.delete(&world.by_admin(), id, TOM).await.expect("is deleted");
    let erase = EraseUser { id: id.to_string(), confirm_email: TOM.to_owned(), expected_version: None };
    world.commands.erase_user(&world.by_admin(), world.account, &erase).await.expect("is erased");
    assert_eq!(seen(&world, world.admin.actor).await, [row("Ours", true, 1)]);
    let traces = "select count(*) from saved_views where name like 'Zebulon%'";
    assert_eq!(sqlx::query_scalar::<_, i64>(traces).fetch_one(&world.pool).await.expect("answers"), 0);
    let traces = "select count(*) from events where payload::text like '%Zebulon%'";
    assert_eq!(sqlx::query_scalar::<_, i64>(traces).fetch_one(&world.pool).await.expect("answers"), 0, "it was never in plain text");
    let mut found = Seen::default();
    assert_eq!(Rebuilder::new(&world.pool, &world.store).verify(&mut found).await.expect("compares").differing, 0);
}

#[tokio::test]
async fn the_list_of_views_is_compared_and_repaired() {
    let world = World::open().await;
    let changed = save(&world, world.admin.actor, "Mine", false).await;
    let gone = save(&world, world.admin.actor, "Ours", true).await;
    let deleted = save(&world, world.admin.actor, "Old", true).await;
    world.commands.delete_view(&world.by_admin(), &deleted.to_string(), None).await.expect("is deleted");
    let before = read_models(&world).await;
    for sql in [
        format!("delete from saved_views where id = '{gone}'"),
        format!("update saved_views set name = 'Mallory', user_id = null where id = '{changed}'"),
        "insert into saved_views (id, account_id, name, query, created_at, changed_at, version)
            select gen_random_uuid(), id, 'Invented', '', now(), now(), 1 from accounts"
            .to_owned(),
    ] {
        sqlx::query(&sql).execute(&world.pool).await.expect("damages");
    }
    let rebuilder = Rebuilder::new(&world.pool, &world.store);
    let mut found = Seen::default();
    assert_eq!(rebuilder.verify(&mut found).await.expect("compares").differing, 3);
    rebuilder.rebuild(&mut found).await.expect("repairs");
    assert_eq!(read_models(&world).await, before);
}
