//! Exports: who may take something out, and that it is remembered before anything leaves.

use commands::Error;
use domain::export::{ExportFilter, ExportFormat, Exported, RequestExport};
use domain::{AccountId, Actor, Role};
use serde_json::{Value, json};

use super::world::World;

fn export(account_id: AccountId, what: Exported) -> RequestExport {
    let filter = ExportFilter::default().narrowed("role", ["ADMIN".to_owned()]).narrowed_in_private("search");
    RequestExport { account_id, what, format: ExportFormat::Csv, filter, sealed: false }
}

#[tokio::test]
async fn an_export_is_remembered_with_who_what_and_the_filter() {
    let world = World::open().await;
    let ctx = world.by_admin();
    let id = world.commands.request_export(&ctx, &export(world.account, Exported::Users)).await.expect("an admin may");
    let stored = "select payload, metadata ->> 'actor', metadata ->> 'cause', person_id is null from events
        where aggregate_type = 'export' and aggregate_id = $1 and account_id = $2";
    let stored: Vec<(Value, String, String, bool)> =
        sqlx::query_as(stored).bind(id.to_string()).bind(world.account.uuid()).fetch_all(&world.pool).await.expect("it answers");
    let filter = json!({ "role": ["ADMIN"], "search": [] });
    let payload =
        json!({ "Requested": { "account_id": world.account, "what": "users", "format": "csv", "filter": filter, "sealed": false } });
    assert_eq!(stored, [(payload, ctx.actor.to_string(), "exportUsers".to_owned(), true)]);
}

#[tokio::test]
async fn who_may_not_read_something_does_not_take_it_out_and_leaves_no_trace() {
    let world = World::open().await;
    let (viewer, editor) = (world.join("vi@nimbus.example", Role::Viewer).await, world.join("ed@nimbus.example", Role::Editor).await);
    let (other_account, stranger) = world.open_another().await;
    let before = world.everything().await;
    for (actor, account, what) in [
        (Actor::Visitor, world.account, Exported::History),
        (Actor::Visitor, world.account, Exported::Users),
        (viewer.actor, world.account, Exported::History),
        (viewer.actor, world.account, Exported::Users),
        (editor.actor, world.account, Exported::Users),
        (stranger.actor, world.account, Exported::History),
        (world.admin.actor, other_account, Exported::Users),
    ] {
        let refused = world.commands.request_export(&world.by(actor), &export(account, what)).await;
        let is_told = match actor {
            Actor::Visitor => matches!(refused, Err(Error::Unauthenticated)),
            _ => matches!(refused, Err(Error::Forbidden)),
        };
        assert!(is_told, "{actor} {what:?}: {refused:?}");
    }
    assert_eq!(world.everything().await, before);
    for (actor, what) in [(editor.actor, Exported::History), (Actor::Operator, Exported::Users)] {
        world.commands.request_export(&world.by(actor), &export(world.account, what)).await.expect("they may");
    }
}
