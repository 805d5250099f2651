//! Two accounts in one Roster: neither sees anything of the other.

use serde_json::{Value, json};

use crate::letters::token_of;
use crate::person::Person;
use crate::program::{MASTER_KEY, Program};
use crate::world::{PASSWORD, World};

/// The operator opens a second account, whose admin follows the mailed link.
pub(crate) async fn open_beta(world: &World) -> Person {
    let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    let open = ["account", "open", "--name", "Beta", "--slug", "beta", "--admin", "bea@beta.example"];
    let opened = Program::run(&open, &variables).await;
    assert_eq!(opened.code, Some(0), "{opened:?}");
    let taken = Program::run(&open, &variables).await;
    assert_eq!((taken.code, taken.logged.trim()), (Some(1), "roster: this short name is taken"));

    let mails = world.smtp.wait_for("bea@beta.example", 1).await;
    let input = json!({ "token": token_of(&mails[0], &world.roster.url, "beta"), "password": PASSWORD, "transport": "TOKEN" });
    let visitor = world.visitor();
    visitor.signed_in(&visitor.run("acceptInvitation", input).await)
}

#[tokio::test]
async fn the_admin_of_another_account_sees_and_changes_nothing() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let bea = open_beta(&world).await;
    world.until_mail_is_settled().await;
    let before = world.everything().await;

    let seen =
        bea.users(json!({ "filter": { "status": ["ACTIVE", "INACTIVE", "PENDING_INVITATION", "EXPIRED_INVITATION", "DELETED"] } })).await;
    assert_eq!((&seen["totalCount"], &seen["nodes"][0]["email"]), (&json!(1), &json!("bea@beta.example")));
    let acme_place = world.admin.users(json!({ "first": 1 })).await["pageInfo"]["endCursor"].take();
    let from_acme = bea.ask("query($after: String) { users(after: $after) { totalCount } }", json!({ "after": acme_place })).await;
    assert_eq!(from_acme.code(), Some("BAD_USER_INPUT"), "a place in another account's list is not one in ours");
    for id in [&eve.id, &ivo, &world.admin.id] {
        let user = bea.user(id).await;
        assert_eq!((user.code(), &user.body["data"]["user"]), (Some("NOT_FOUND"), &Value::Null));
        for (mutation, input) in [
            ("updateUser", json!({ "id": id, "role": "ADMIN" })),
            ("updateUser", json!({ "id": id, "active": false })),
            ("resendInvitation", json!({ "id": id, "confirmEmail": "ivo@acme.example" })),
            ("deleteUser", json!({ "id": id, "confirmEmail": "eve@acme.example" })),
        ] {
            let payload = bea.run(mutation, input).await;
            assert_eq!((payload.refused(), &payload.0["user"]), (("NOT_FOUND", Some("id")), &Value::Null), "{mutation}");
        }
    }
    assert_eq!(world.everything().await, before);

    // The same person in both accounts is two users, each with a session of one account.
    let input = json!({ "email": "eve@acme.example", "role": "ADMIN", "authMethods": ["password"] });
    let other = bea.run("inviteUser", input).await.user()["id"].clone();
    assert_ne!(other, eve.id);
    assert_eq!(world.admin.user(other.as_str().unwrap()).await.code(), Some("NOT_FOUND"));
    assert_eq!(world.visitor().sign_in("beta", "eve@acme.example", PASSWORD).await.refused(), ("INVALID_CREDENTIALS", None));
    let unnamed = json!({ "email": "eve@acme.example", "password": PASSWORD, "transport": "TOKEN" });
    assert_eq!(world.visitor().run("signIn", unnamed).await.refused(), ("ACCOUNT_REQUIRED", Some("account")));
    world.visitor().sign_in("acme", "eve@acme.example", PASSWORD).await.done();
}

#[tokio::test]
async fn the_same_idempotency_key_in_another_account_is_another_key() {
    let world = World::start().await;
    let bea = open_beta(&world).await;
    for admin in [&world.admin, &bea] {
        let input = json!({ "email": "new@both.example", "role": "VIEWER", "authMethods": ["password"], "idempotencyKey": "same" });
        admin.run("inviteUser", input).await.done();
    }
    assert_eq!(world.smtp.wait_for("new@both.example", 2).await.len(), 2);
}

#[tokio::test]
async fn a_cursor_is_good_for_the_order_that_it_was_made_in() {
    let world = World::start().await;
    let query = "query($after: String, $order: UserOrder) { users(first: 1, after: $after, orderBy: $order) { pageInfo { endCursor } } }";
    let by = |field: &str, direction: &str| json!({ "field": field, "direction": direction });
    let orders = ["EMAIL", "STATUS", "ROLE", "CREATED_AT", "LAST_ACTIVE_AT"].map(|field| [by(field, "ASC"), by(field, "DESC")]).concat();
    for made_in in &orders {
        let page = world.admin.ask(query, json!({ "order": made_in })).await;
        let cursor = page.body["data"]["users"]["pageInfo"]["endCursor"].clone();
        assert!(cursor.is_string(), "{made_in}: {:?}", page.body);
        for used_in in &orders {
            let next = world.admin.ask(query, json!({ "order": used_in, "after": cursor })).await;
            let expected = if used_in == made_in { None } else { Some("BAD_USER_INPUT") };
            assert_eq!(next.code(), expected, "made in {made_in}, used in {used_in}");
        }
    }
}
