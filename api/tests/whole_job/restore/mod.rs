//! Restores of every kind, with the tools of Postgres: readers see after it what they saw before, and what happens then follows.

mod dumps;
mod files;
mod look;
mod running;

use event_store::Restored;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use test_support::{SmtpServer, TestDatabase};

use crate::follower::Follower;
use crate::program::{MASTER_KEY, Program, Serving};
use crate::world::World;

use look::{Look, list, look};

/// Someone's account before the restore, and what was seen of it.
struct Before {
    look: Look,
    /// Where a client stood that followed the events, and what came after it.
    cursor: String,
    came: Vec<String>,
}

/// A client that follows, an account in which things happen, and a look at all of it.
async fn lived_in(world: &World) -> Before {
    let mut names = vec![];
    for number in 0..6 {
        names.push(world.invite(&format!("user{number}@acme.example"), "VIEWER").await);
    }
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let middle = world.settled_clock().await;
    let mut follower = Follower::start(world, &world.admin).await;
    let cursor = world.event_cursor(&world.admin).await;
    for id in &names[..4] {
        world.admin.run("updateUser", json!({ "id": id, "role": "EDITOR" })).await.done();
    }
    world.admin.run("deleteUser", json!({ "id": names[5], "confirmEmail": "user5@acme.example" })).await.done();
    world.admin.run("updateUser", json!({ "id": eve.id, "name": "Eve Miller", "active": false })).await.done();
    world.until_mail_is_settled().await;
    let end = world.settled_clock().await;
    let came = follower.take(7).await.0;
    Before { look: look(world, &eve.id, &middle, &end).await, cursor, came }
}

fn variables(url: &str) -> [(&str, &str); 2] {
    [("DATABASE_URL", url), ("ROSTER_MASTER_KEY", MASTER_KEY)]
}

/// Runs a command that must succeed.
async fn done(arguments: &[&str], url: &str) -> String {
    let ended = Program::run(arguments, &variables(url)).await;
    assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
    ended.printed
}

/// Neither `migrate` nor `serve` works, and each says what to do.
async fn assert_refused(url: &str, restored: Restored) {
    let server = [("ROSTER_PUBLIC_URL", "http://127.0.0.1:8080"), ("ROSTER_LISTEN", "127.0.0.1:0")];
    for command in ["migrate", "serve"] {
        let ended = Program::run(&[command], &[&variables(url)[..], &server].concat()).await;
        assert_eq!(ended.code, Some(1), "{command}: {ended:?}");
        assert!(ended.logged.contains(&format!("roster: {restored}")), "{command}: {ended:?}");
    }
}

async fn generation(url: &str) -> i32 {
    let mut connection = PgConnection::connect(url).await.expect("connects");
    sqlx::query_scalar("select generation from feed_generation").fetch_one(&mut connection).await.expect("answers")
}

/// The same people over another database.
async fn serve(world: &World, database: TestDatabase) -> World {
    let smtp = SmtpServer::start().await;
    let roster = Serving::start(database.url(), smtp.port()).await;
    let mut admin = world.admin.clone();
    admin.url.clone_from(&roster.url);
    World { database, smtp, roster, admin, account_id: world.account_id }
}

/// Readers see what they saw before; clients go on from where they were; and what happens now comes after everything.
async fn assert_whole(world: &World, before: &Before, email: &str) {
    assert_eq!(look(world, &before.look.user, &before.look.middle, &before.look.end).await, before.look);
    let mut follower = Follower::after(&world.roster.url, &world.admin, &before.cursor).await;
    assert_eq!(follower.take(before.came.len()).await.0, before.came, "from an old cursor on");
    let invited = world.invite(email, "VIEWER").await;
    world.settled_clock().await;
    let newest = list(&world.admin, "{ auditLog(first: 3, filter: { types: [INVITED] }) { nodes { id } } }", json!({}), "auditLog").await;
    assert_eq!(newest[0]["id"], format!("{invited}:1"), "what happens now is the newest");
    loop {
        let event = follower.next().await;
        if event["user"]["id"] == invited {
            break;
        }
    }
    let changes = "query($from: DateTime!) { userChanges(from: { at: $from }) { nodes { kind after { userId } } } }";
    let changes = list(&world.admin, changes, json!({ "from": before.look.end }), "userChanges").await;
    assert!(changes.iter().any(|change| change["after"]["userId"] == invited && change["kind"] == "CAME"), "{changes:?}");
    let url = world.database.url();
    assert!(done(&["projections", "verify"], url).await.contains("every row is as the events have it"));
    assert!(done(&["projections", "rebuild"], url).await.contains("Rows that differed from the events: 0"));
}
