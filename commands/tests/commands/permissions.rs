//! Who may do what, asked through the commands; and the second tenant.

use commands::{DeleteUser, Error, InviteUser, ResendInvitation, RevealInvitationLink, UpdateUser, may_read};
use domain::{AccountId, Actor, Operation, Refusal, Role, Scope, SessionId, UserId, permitted};
use uuid::Uuid;

use super::world::{World, change, invitation};

/// Every command upon a user, as someone.
async fn every_command(world: &World, actor: Actor, account: AccountId, user: UserId) -> Vec<(&'static str, Result<(), Error>)> {
    let ctx = world.by(actor);
    let update = UpdateUser { role: Some(Role::Admin), ..change(user) };
    let rename = UpdateUser { name: Some("Renamed".to_owned()), ..change(user) };
    let confirm = |id: UserId| (id.to_string(), "tom@nimbus.example".to_owned());
    let (id, confirm_email) = confirm(user);
    let resend =
        commands::ResendInvitation { id: id.clone(), confirm_email: confirm_email.clone(), expected_version: None, idempotency_key: None };
    let reveal = RevealInvitationLink { id: id.clone(), expected_version: None };
    let delete = commands::DeleteUser { id, confirm_email, expected_version: None, idempotency_key: None };
    let commands = &world.commands;
    vec![
        ("invite", commands.invite_user(&ctx, account, &invitation("new@nimbus.example", Role::Viewer)).await.map(drop)),
        ("update", commands.update_user(&ctx, account, &update).await.map(drop)),
        ("rename", commands.update_user(&ctx, account, &rename).await.map(drop)),
        ("resend", commands.resend_invitation(&ctx, account, &resend).await.map(drop)),
        ("reveal", commands.reveal_invitation_link(&ctx, account, &reveal).await.map(drop)),
        ("delete", commands.delete_user(&ctx, account, &delete).await.map(drop)),
    ]
}

#[tokio::test]
async fn viewers_and_editors_change_no_one() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    for role in [Role::Viewer, Role::Editor] {
        let member = world.join(&format!("{role}@nimbus.example"), role).await;
        let before = world.counts().await;
        for (command, result) in every_command(&world, member.actor, world.account, tom).await {
            assert!(matches!(result, Err(Error::Forbidden)), "{role} {command}: {result:?}");
        }
        assert_eq!(world.counts().await, before);
        let oneself = UpdateUser { name: Some("Myself".to_owned()), ..change(member.id) };
        world.update(&world.by(member.actor), oneself).await.expect("one's own name is one's own");
        let promote = UpdateUser { role: Some(Role::Admin), ..change(member.id) };
        assert!(matches!(world.update(&world.by(member.actor), promote).await, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn a_visitor_is_asked_to_sign_in() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let before = world.counts().await;
    for (command, result) in every_command(&world, Actor::Visitor, world.account, tom).await {
        assert!(matches!(result, Err(Error::Unauthenticated)), "{command}: {result:?}");
    }
    assert_eq!(world.counts().await, before);
}

#[tokio::test]
async fn anyone_who_may_not_ask_is_told_so_before_the_input_is_looked_at() {
    let world = World::open().await;
    let viewer = world.join("viewer@nimbus.example", Role::Viewer).await;
    let before = world.everything().await;
    for actor in [Actor::Visitor, viewer.actor] {
        let ctx = world.by(actor);
        let (id, confirm_email, idempotency_key) = ("no id".to_owned(), "no address".to_owned(), Some(String::new()));
        let invite = InviteUser { idempotency_key: idempotency_key.clone(), ..invitation("no address", Role::Viewer) };
        let update = UpdateUser { id: id.clone(), role: Some(Role::Admin), auth_methods: Some(vec![]), ..UpdateUser::default() };
        let rename = UpdateUser { id: id.clone(), name: Some("\n".to_owned()), ..UpdateUser::default() };
        let resend = ResendInvitation {
            id: id.clone(),
            confirm_email: confirm_email.clone(),
            expected_version: Some(0),
            idempotency_key: idempotency_key.clone(),
        };
        let reveal = RevealInvitationLink { id: id.clone(), expected_version: Some(0) };
        let delete = DeleteUser { id, confirm_email, expected_version: Some(0), idempotency_key };
        let (commands, account) = (&world.commands, world.account);
        for (command, result) in [
            ("invite", commands.invite_user(&ctx, account, &invite).await),
            ("update", commands.update_user(&ctx, account, &update).await),
            ("rename", commands.update_user(&ctx, account, &rename).await),
            ("resend", commands.resend_invitation(&ctx, account, &resend).await),
            ("reveal", commands.reveal_invitation_link(&ctx, account, &reveal).await.map(|revealed| revealed.changed)),
            ("delete", commands.delete_user(&ctx, account, &delete).await),
        ] {
            let told = if actor == Actor::Visitor {
                matches!(result, Err(Error::Unauthenticated))
            } else {
                matches!(result, Err(Error::Forbidden))
            };
            assert!(told, "{actor} {command}: {result:?}");
        }
    }
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn every_role_reads_as_far_as_the_table_says() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let (other_account, stranger) = world.open_another().await;
    let (me, session) = (UserId::new(Uuid::now_v7()), SessionId::new(Uuid::now_v7()));
    for role in Role::ALL {
        let actor = Actor::User { account: world.account, user: me, role, session };
        for operation in Operation::ALL {
            let scope = permitted(role, operation);
            // What changes something is asked with `Commands::authorize`, which records refusals: never with this.
            let may = |account, upon| may_read(&actor, operation, account, upon).is_ok();
            let reads = operation.only_reads();
            assert_eq!(may(world.account, Some(me)), reads && scope != Scope::NoOne, "{role} {operation:?} oneself");
            assert_eq!(may(world.account, Some(tom)), reads && scope == Scope::Account, "{role} {operation:?} another");
            assert_eq!(may(world.account, None), reads && scope == Scope::Account, "{role} {operation:?} the account");
            for upon in [None, Some(me), Some(stranger.id)] {
                assert!(!may(other_account, upon), "{role} {operation:?} in another account");
            }
        }
    }
}

#[tokio::test]
async fn an_admin_of_another_account_reaches_no_one_here() {
    let world = World::open().await;
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites").user_id;
    let (other_account, stranger) = world.open_another().await;
    let before = world.counts().await;
    for (command, result) in every_command(&world, stranger.actor, world.account, tom).await {
        assert!(matches!(result, Err(Error::Forbidden)), "{command}: {result:?}");
    }
    for (command, result) in every_command(&world, stranger.actor, other_account, tom).await.split_off(1) {
        assert!(matches!(result, Err(Error::Refused { refusal: Refusal::NotFound, .. })), "{command}: {result:?}");
    }
    assert_eq!(world.view(world.account, tom).await.role, Role::Viewer);
    let after = world.counts().await;
    assert_ne!(after, before, "only the stranger's own invitation was written");
    assert_eq!(world.history(tom).await, ["Invited"]);
}

#[tokio::test]
async fn only_the_operator_makes_links_and_opens_further_accounts() {
    let world = World::open().await;
    let invitation_id = world.view(world.account, world.admin.id).await.invitation_id;
    let link = world.commands.invitation_token(&world.by_admin(), world.admin.id, invitation_id);
    assert!(matches!(link, Err(Error::Forbidden)));
    let link = world.commands.link_for_operator(&world.by_admin(), world.account, super::world::ADMIN).await;
    assert!(matches!(link, Err(Error::Forbidden)));
    let open = commands::OpenAccountForAdmin { name: "C".to_owned(), slug: "cc".to_owned(), admin_email: "a@example.com".to_owned() };
    assert!(matches!(world.commands.open_account_for_admin(&world.by_admin(), &open).await, Err(Error::Forbidden)));
}
