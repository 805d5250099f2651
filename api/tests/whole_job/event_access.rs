//! Who may follow what happens, from where, and for how long.

use std::time::{Duration, Instant};

use event_store::{EventStore, MasterKeys};
use serde_json::{Value, json};

use crate::follower::Follower;
use crate::other_accounts::open_beta;
use crate::person::Person;
use crate::program::MASTER_KEY;
use crate::world::{PASSWORD, World};
use test_support::{SUBPROTOCOL, SocketClient};

#[tokio::test]
async fn admins_and_editors_follow_and_editors_see_no_other_user() {
    let world = World::start().await;
    let editor = world.member("ed@acme.example", "EDITOR").await;
    for (person, code) in [(world.visitor(), "UNAUTHENTICATED"), (world.member("vi@acme.example", "VIEWER").await, "FORBIDDEN")] {
        let mut follower = Follower::start(&world, &person).await;
        assert_eq!(follower.refused().await, code, "{}", person.email);
        assert_eq!(person.ask("{ eventCursor }", json!({})).await.code(), Some(code), "{}", person.email);
    }
    let mut follower = Follower::start(&world, &editor).await;
    world.admin.run("updateUser", json!({ "id": world.admin.id, "name": "Ada" })).await.done();
    let of_another = follower.next().await;
    assert_eq!((&of_another["type"], &of_another["user"]), (&json!("NAME_CHANGED"), &Value::Null));
    assert_eq!(of_another["actor"], json!({ "kind": "USER", "user": null }));
    world.admin.run("updateUser", json!({ "id": editor.id, "name": "Ed" })).await.done();
    assert_eq!(follower.next().await["user"]["email"], "ed@acme.example", "oneself is seen");
}

#[tokio::test]
async fn a_session_may_come_as_header_cookie_or_in_the_first_message_and_a_stale_one_is_refused() {
    let world = World::start().await;
    let token = world.admin.token.clone().unwrap();
    let stale = "roster_s_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let header = |token: &str| ("authorization", format!("Bearer {token}"));
    let cookie = |token: &str| ("cookie", world.cookie(token));
    for ((name, value), is_valid) in [(header(&token), true), (cookie(&token), true), (header(stale), false), (cookie(stale), false)] {
        let mut client = SocketClient::open(&world.roster.url, &[SUBPROTOCOL, (name, &value)]).await.unwrap();
        client.say(&json!({ "type": "connection_init" })).await;
        if is_valid {
            assert_eq!(client.hear().await["type"], "connection_ack");
        } else {
            assert_eq!(client.closed().await, 4403, "{name}");
        }
    }
    let foreign = [SUBPROTOCOL, ("origin", "http://evil.example"), ("cookie", &world.cookie(&token))];
    assert_eq!(SocketClient::open(&world.roster.url, &foreign).await.err(), Some(403));
}

#[tokio::test]
async fn a_cursor_of_something_else_is_bad_input() {
    let world = World::start().await;
    let bea = open_beta(&world).await;
    let mut followed_by_bea = Follower::start(&world, &bea).await;
    bea.run("updateUser", json!({ "id": bea.id, "name": "Bea" })).await.done();
    let foreign = followed_by_bea.take(1).await.1;
    let of_the_list = world.admin.users(json!({ "first": 1 })).await["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    let store = EventStore::new(&MasterKeys::parse(MASTER_KEY).expect("it is a key"));
    let sealed = |place: &[u8]| store.cursors().seal(world.account_id, "events", place);
    let bad = ["", "x", "1.2.3", &foreign, &of_the_list, &sealed(b""), &sealed(b"1.2.3")];
    for after in bad {
        let mut follower = Follower::after(&world.roster.url, &world.admin, after).await;
        assert_eq!(follower.refused().await, "BAD_USER_INPUT", "{after}");
    }
    // Well formed, and of events that this history does not have: far in the future, of another generation, and of the past.
    let place = |generation: i32, xid: u64, position: i64| {
        sealed(&[generation.to_be_bytes().as_slice(), &xid.to_be_bytes(), &position.to_be_bytes()].concat())
    };
    for after in [place(1, u64::MAX, 1), place(9, 1, 1), place(1, 3, 1)] {
        let mut follower = Follower::after(&world.roster.url, &world.admin, &after).await;
        assert_eq!(follower.refused().await, "UNKNOWN_CURSOR", "{after}");
    }
    let mut from_the_beginning = Follower::after(&world.roster.url, &world.admin, &place(0, 0, 0)).await;
    let all = world.event_ids().await;
    assert_eq!(from_the_beginning.take(all.len()).await.0, all);
}

#[tokio::test]
async fn the_events_of_another_account_are_never_seen() {
    let world = World::start().await;
    let mut acme = Follower::start(&world, &world.admin).await;
    let bea = open_beta(&world).await;
    let mut followed_by_bea = Follower::start(&world, &bea).await;
    bea.new_key("createApiKey", &json!({ "name": "Reports", "scopes": ["USERS_READ"] })).await;
    bea.rename_account("Beta Limited").await;
    assert_eq!(followed_by_bea.next().await["type"], "API_KEY_CREATED");
    assert_eq!(followed_by_bea.next().await["type"], "ACCOUNT_RENAMED");
    for round in 0..5 {
        bea.run("updateUser", json!({ "id": bea.id, "name": format!("Bea {round}") })).await.done();
        world.admin.run("updateUser", json!({ "id": world.admin.id, "name": format!("Ada {round}") })).await.done();
    }
    for (who, id) in [(&mut acme, &world.admin.id), (&mut followed_by_bea, &bea.id)] {
        for _ in 0..5 {
            assert_eq!(who.next().await["user"]["id"], json!(id));
        }
    }
}

#[tokio::test]
async fn anyone_who_loses_the_right_loses_the_socket_within_a_second() {
    let world = World::start().await;
    let update = |id: &str, what: Value| {
        let mut input = what;
        input["id"] = json!(id);
        world.admin.run("updateUser", input)
    };
    let mut admins = vec![];
    for name in ["deactivated", "demoted", "deleted", "leaving"] {
        let admin: Person = world.member(&format!("{name}@acme.example"), "ADMIN").await;
        let follower = Follower::start(&world, &admin).await;
        admins.push((admin, follower));
    }
    let mut stays = Follower::start(&world, &world.admin).await;
    let second = admins[3].0.clone().sign_in("acme", "leaving@acme.example", PASSWORD).await;
    for (place, (admin, follower)) in admins.iter_mut().enumerate() {
        let answers = world.admin.slowest_answer().await;
        match place {
            0 => drop(update(&admin.id, json!({ "active": false })).await),
            1 => drop(update(&admin.id, json!({ "role": "EDITOR" })).await),
            2 => drop(world.admin.run("deleteUser", json!({ "id": admin.id, "confirmEmail": admin.email })).await),
            _ => drop(admin.sign_out().await),
        }
        let since = Instant::now();
        assert_eq!(follower.client.closed().await, 4403, "{}", admin.email);
        let (took, answers) = (since.elapsed(), answers.max(world.admin.slowest_answer().await));
        assert!(took < Duration::from_secs(1) + answers * 20, "{} {took:?}, where an answer takes up to {answers:?}", admin.email);
    }
    assert!(second.done()["token"].is_string());
    assert_eq!(stays.take(3).await.0.len(), 3);
}
