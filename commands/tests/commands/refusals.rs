//! Bad input gets its own code, and changes nothing.

use commands::{AcceptInvitation, DeleteUser, InviteUser, OpenAccount, OpenAccountForAdmin, UpdateUser};
use domain::{Actor, Refusal, Role};
use uuid::Uuid;

use super::world::{ADMIN, PASSWORD, World, change, invitation, refusal};

#[tokio::test]
async fn an_invitation_that_cannot_be_is_refused_with_its_code() {
    let world = World::open().await;
    world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let before = world.counts().await;
    let with_methods = |ids: &[&str]| InviteUser {
        auth_methods: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..invitation("eve@example.com", Role::Viewer)
    };
    let table = [
        (invitation("no address", Role::Viewer), "INVALID_EMAIL"),
        (invitation(&format!("{}@example.com", "a".repeat(250)), Role::Viewer), "INVALID_EMAIL"),
        (invitation("eve@example.com\u{0}", Role::Viewer), "INVALID_EMAIL"),
        (with_methods(&[]), "AUTH_METHODS_REQUIRED"),
        (with_methods(&["password", "okta"]), "AUTH_METHOD_NOT_OFFERED"),
        (with_methods(&["Pass Word"]), "INVALID_AUTH_METHOD"),
        (invitation("ADA@example.com", Role::Admin), "ALREADY_INVITED"),
        (invitation(&ADMIN.to_uppercase(), Role::Viewer), "ALREADY_MEMBER"),
    ];
    for (input, code) in table {
        let result = world.commands.invite_user(&world.by_admin(), world.account, &input).await;
        assert_eq!(refusal(result).code(), code, "{input:?}");
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_with_its_code() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let gone = world.invite("gone@example.com", Role::Viewer).await.expect("invites").user_id;
    world.delete(&world.by_admin(), gone, "gone@example.com").await.expect("deletes");
    let before = world.counts().await;
    let me = world.admin.id;
    let table = [
        (UpdateUser { id: "no id".to_owned(), ..change(ada) }, "NOT_FOUND"),
        (UpdateUser { id: Uuid::nil().to_string(), ..change(ada) }, "NOT_FOUND"),
        (UpdateUser { expected_version: Some(7), ..change(ada) }, "VERSION_CONFLICT"),
        (UpdateUser { expected_version: Some(0), ..change(ada) }, "VERSION_CONFLICT"),
        (UpdateUser { name: Some("  ".to_owned()), ..change(ada) }, "INVALID_NAME"),
        (UpdateUser { name: Some("A\nB".to_owned()), ..change(ada) }, "INVALID_NAME"),
        (UpdateUser { auth_methods: Some(vec![]), ..change(ada) }, "AUTH_METHODS_REQUIRED"),
        (UpdateUser { auth_methods: Some(vec!["okta".to_owned()]), ..change(ada) }, "AUTH_METHOD_NOT_OFFERED"),
        (UpdateUser { active: Some(false), ..change(ada) }, "INVITATION_PENDING"),
        (UpdateUser { role: Some(Role::Admin), active: Some(false), ..change(ada) }, "INVITATION_PENDING"),
        (UpdateUser { role: Some(Role::Admin), ..change(gone) }, "USER_DELETED"),
        (UpdateUser { active: Some(false), ..change(me) }, "CANNOT_DEACTIVATE_SELF"),
        (UpdateUser { role: Some(Role::Viewer), ..change(me) }, "LAST_ADMIN"),
    ];
    for (input, code) in table {
        assert_eq!(refusal(world.update(&world.by_admin(), input.clone()).await).code(), code, "{input:?}");
    }
    assert_eq!(refusal(world.delete(&world.by_admin(), me, ADMIN).await), Refusal::CannotDeleteSelf);
    assert_eq!(refusal(world.delete(&world.by(Actor::Operator), me, ADMIN).await), Refusal::LastAdmin);
    assert_eq!(refusal(world.delete(&world.by_admin(), ada, "eve@example.com").await), Refusal::ConfirmationMismatch);
    assert_eq!(refusal(world.delete(&world.by_admin(), ada, "no address").await), Refusal::ConfirmationMismatch);
    assert_eq!(refusal(world.resend(&world.by_admin(), ada, "eve@example.com").await), Refusal::ConfirmationMismatch);
    assert_eq!(refusal(world.resend(&world.by_admin(), me, ADMIN).await), Refusal::UserNotPending);
    assert_eq!(refusal(world.resend(&world.by_admin(), gone, "gone@example.com").await), Refusal::UserDeleted);
    assert_eq!(world.counts().await, before);
    assert_eq!(world.view(world.account, ada).await.version, 1);
}

#[tokio::test]
async fn the_version_that_was_looked_at_lets_a_change_through() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites");
    let update = UpdateUser { role: Some(Role::Editor), expected_version: Some(ada.version), ..change(ada.user_id) };
    assert_eq!(world.update(&world.by_admin(), update.clone()).await.expect("updates").version, 2);
    assert_eq!(refusal(world.update(&world.by_admin(), update).await), Refusal::VersionConflict { current: 2 });
    let delete = DeleteUser {
        id: ada.user_id.to_string(),
        confirm_email: "ada@example.com".to_owned(),
        expected_version: Some(1),
        idempotency_key: None,
    };
    let result = world.commands.delete_user(&world.by_admin(), world.account, &delete).await;
    assert_eq!(refusal(result), Refusal::VersionConflict { current: 2 });
}

#[tokio::test]
async fn a_link_that_is_not_whole_and_a_weak_password_accept_nothing() {
    let world = World::open().await;
    let ada = world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let link = world.link(world.account, ada).await;
    let before = world.counts().await;
    for token in ["", "x", &link[1..], &link.replace(&link[..4], "AAAA")] {
        assert_eq!(refusal(world.accept_link(token, world.now).await), Refusal::InvalidInvitationLink, "{token}");
    }
    let visitor = world.by(Actor::Visitor);
    for (password, name, code) in
        [("short", None, "WEAK_PASSWORD"), ("ada@example.com", None, "WEAK_PASSWORD"), (PASSWORD, Some("A\u{202e}B"), "INVALID_NAME")]
    {
        let input = AcceptInvitation { token: link.clone(), password: password.into(), name: name.map(str::to_owned) };
        assert_eq!(refusal(world.commands.accept_invitation(&visitor, &input).await).code(), code);
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn the_first_account_is_opened_once() {
    let world = World::open().await;
    assert!(world.commands.welcome_token(world.now).await.expect("answers").is_none());
    let before = world.counts().await;
    let open = OpenAccount {
        token: "x".to_owned(),
        name: "Other".to_owned(),
        slug: "other".to_owned(),
        email: "a@example.com".to_owned(),
        password: PASSWORD.into(),
    };
    assert_eq!(refusal(world.commands.open_account(&world.by(Actor::Visitor), &open).await), Refusal::InvalidWelcomeLink);
    let operator = world.by(Actor::Operator);
    for (name, slug, email, code) in [
        ("Other", "nimbus", "a@example.com", "SLUG_TAKEN"),
        ("Other", "graphql", "a@example.com", "INVALID_SLUG"),
        (" ", "other", "a@example.com", "INVALID_NAME"),
        ("Other", "other", "a", "INVALID_EMAIL"),
    ] {
        let input = OpenAccountForAdmin { name: name.to_owned(), slug: slug.to_owned(), admin_email: email.to_owned() };
        assert_eq!(refusal(world.commands.open_account_for_admin(&operator, &input).await).code(), code);
    }
    assert_eq!(world.counts().await, before);
}
