//! What ends every API key of a user for good: a deactivation, and a new password.

use commands::{ChangePassword, CreateKey, KeyToken};
use domain::{Actor, ApiScope, Role};

use super::resets::{NEW_PASSWORD, TOM, link, reset};
use super::world::{Member, PASSWORD, World};

async fn key(world: &World, owner: &Member, name: &str) -> KeyToken {
    let input = CreateKey { name: name.to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    world.commands.create_api_key(&world.by(owner.actor), &input).await.expect("is created").token
}

async fn works(world: &World, token: &KeyToken) -> bool {
    world.commands.authenticate(token.expose(), world.now).await.expect("answers") != Actor::Visitor
}

/// Causes and actors of all events that revoke a key.
async fn revocations(world: &World) -> Vec<(String, String)> {
    let select = "select metadata ->> 'cause', metadata ->> 'actor' from events
        where aggregate_type = 'api_key' and event_type = 'Revoked' order by position";
    sqlx::query_as(select).fetch_all(&world.pool).await.expect("answers")
}

#[tokio::test]
async fn a_deactivation_revokes_every_key_and_an_activation_brings_none_back() {
    let world = World::open().await;
    let (tom, eve) = (world.join(TOM, Role::Editor).await, world.join("eve@nimbus.example", Role::Editor).await);
    let (first, second, of_eve) = (key(&world, &tom, "one").await, key(&world, &tom, "two").await, key(&world, &eve, "three").await);
    world.set_access(tom.id, false).await;
    assert!(!works(&world, &first).await && !works(&world, &second).await && works(&world, &of_eve).await);
    let by_admin = ("updateUser".to_owned(), world.admin.actor.to_string());
    assert_eq!(revocations(&world).await, [by_admin.clone(), by_admin], "each is an event by who deactivates");
    world.set_access(tom.id, true).await;
    assert!(!works(&world, &first).await && !works(&world, &second).await, "they do not come back");
    assert_eq!(revocations(&world).await.len(), 2, "nothing is revoked twice");
}

#[tokio::test]
async fn an_activation_revokes_the_keys_that_a_deactivation_has_left() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let token = key(&world, &tom, "old").await;
    // An older Roster deactivates without revoking.
    let deactivated = "with happened as (
            insert into events
                (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id)
            select 'user', $1::uuid::text, max(sequence) + 1, 'Deactivated', '1', '{\"Deactivated\": {}}',
                (array_agg(metadata))[1], account_id, (array_agg(person_id))[1]
            from events where aggregate_type = 'user' and aggregate_id = $1::uuid::text group by account_id)
        update users set status = 'inactive', version = version + 1 where id = $1";
    sqlx::query(deactivated).bind(tom.id.uuid()).execute(&world.pool).await.expect("writes");
    assert!(!works(&world, &token).await);
    world.set_access(tom.id, true).await;
    assert!(!works(&world, &token).await, "it does not come back");
    assert_eq!(revocations(&world).await.len(), 1);
}

#[tokio::test]
async fn a_mailed_link_for_a_new_password_revokes_every_key() {
    let world = World::open().await;
    let tom = world.join(TOM, Role::Editor).await;
    let (token, of_admin) = (key(&world, &tom, "one").await, key(&world, &world.admin, "two").await);
    let link = link(&world, TOM, world.now).await;
    assert!(works(&world, &token).await, "asking for a link ends nothing");
    reset(&world, &link, NEW_PASSWORD, world.now).await.expect("resets");
    assert!(!works(&world, &token).await && works(&world, &of_admin).await);
    assert_eq!(revocations(&world).await, [("resetPassword".to_owned(), tom.actor.to_string())]);
}

#[tokio::test]
async fn who_knows_the_old_password_may_keep_their_keys() {
    let world = World::open().await;
    let token = key(&world, &world.admin, "one").await;
    let change = async |current: &str, new: &str, keep_api_keys| {
        let input = ChangePassword { current_password: current.into(), new_password: new.into(), keep_api_keys };
        world.commands.change_password(&world.by_admin(), &input).await.expect("changes")
    };
    change(PASSWORD, NEW_PASSWORD, true).await;
    assert!(works(&world, &token).await);
    change(NEW_PASSWORD, PASSWORD, false).await;
    assert!(!works(&world, &token).await);
}
