//! What a key may not do to admins without the scope for it, nor make one.

use commands::{ChangeAccess, Changed, Context, CreateKey, Error, InviteRow, InviteUsers, RevealInvitationLink, UpdateUser};
use domain::{Actor, ApiScope, Role, UserId};

use super::refused_attempts::as_tried;
use super::world::{World, change, invitation};

/// An actor with a key of the admin.
async fn program(world: &World, scopes: &[ApiScope]) -> Actor {
    let input = CreateKey { name: "program".to_owned(), scopes: scopes.to_vec(), expires_in_days: None };
    let token = world.commands.create_api_key(&world.by_admin(), &input).await.expect("is created").token;
    world.commands.authenticate(token.expose(), world.now).await.expect("answers")
}

/// Every command that a key may give, upon someone of this role or to make someone of this role: the name, and what was answered.
async fn every_command(world: &World, ctx: &Context, role: Role, tag: &str) -> Vec<(&'static str, Result<(), Error>)> {
    let other = if role == Role::Admin { Role::Viewer } else { Role::Editor };
    let email = |what: &str| format!("{tag}-{what}@nimbus.example");
    let pending = world.invite(&email("pending"), role).await.expect("invites").user_id;
    let gone = world.invite(&email("gone"), role).await.expect("invites").user_id;
    let member = world.join(&email("member"), role).await.id;
    let of_other_role = world.join(&email("other"), other).await.id;
    let access = |id: UserId| ChangeAccess { id: id.to_string(), expected_version: None, idempotency_key: None };
    let rows =
        [other, role].map(|role| InviteRow { email: email(&format!("row-{role}")), role, auth_methods: vec!["password".to_owned()] });
    let rows = InviteUsers { rows: rows.to_vec(), dry_run: false, idempotency_key: None };
    let dry = InviteUsers { dry_run: true, ..rows.clone() };
    let (commands, account) = (&world.commands, world.account);
    let done = |result: Result<Changed, Error>| result.map(drop);
    let give = |id: UserId, role| UpdateUser { role: Some(role), ..change(id) };
    let methods = vec!["password".to_owned(), "google".to_owned()];
    let methods = UpdateUser { auth_methods: Some(methods), ..change(member) };
    let named = UpdateUser { name: Some("Someone".to_owned()), ..change(member) };
    let reveal = RevealInvitationLink { id: pending.to_string(), expected_version: None };
    vec![
        ("inviteUser", done(commands.invite_user(ctx, account, &invitation(&email("new"), role)).await)),
        ("inviteUsers", commands.invite_users(ctx, account, &dry).await.map(drop)),
        ("inviteUsers", commands.invite_users(ctx, account, &rows).await.map(drop)),
        ("updateUser", done(commands.update_user(ctx, account, &give(of_other_role, role)).await)),
        ("updateUser", done(commands.update_user(ctx, account, &change(member)).await)),
        ("updateUser", done(commands.update_user(ctx, account, &named).await)),
        ("updateUser", done(commands.update_user(ctx, account, &methods).await)),
        ("revealInvitationLink", commands.reveal_invitation_link(ctx, account, &reveal).await.map(drop)),
        ("resendInvitation", done(world.resend(ctx, pending, &email("pending")).await)),
        ("deactivateUser", done(commands.deactivate_user(ctx, account, &access(member)).await)),
        ("activateUser", done(commands.activate_user(ctx, account, &access(member)).await)),
        ("deleteUser", done(world.delete(ctx, gone, &email("gone")).await)),
        ("updateUser", done(commands.update_user(ctx, account, &give(member, other)).await)),
    ]
}

#[tokio::test]
async fn a_key_without_the_scope_does_nothing_to_admins_and_makes_none() {
    use ApiScope::{AdminsWrite, AuditRead, LinksRead, UsersRead, UsersWrite};
    let world = World::patient().await;
    let cases: [(&[ApiScope], bool, bool); 6] = [
        (&[UsersRead, UsersWrite, LinksRead, AuditRead], false, true),
        (&[UsersWrite], false, false),
        (&[UsersWrite, AdminsWrite], true, false),
        (&[UsersWrite, AdminsWrite, LinksRead], true, true),
        (&[AdminsWrite, LinksRead, UsersRead], true, true),
        (&[AdminsWrite], true, false),
    ];
    for (number, (scopes, admins, links)) in cases.into_iter().enumerate() {
        let ctx = world.by(program(&world, scopes).await);
        for role in Role::ALL {
            let admins_before = world.active_admins().await;
            let answers = every_command(&world, &ctx, role, &format!("case{number}-{role}")).await;
            for (command, answer) in answers {
                let by_scope = if command == "revealInvitationLink" { links } else { scopes.contains(&UsersWrite) };
                let permitted = by_scope && (role != Role::Admin || admins);
                assert_eq!(answer.is_ok(), permitted, "{scopes:?}: {command} of {role}: {answer:?}");
                assert!(permitted || matches!(answer, Err(Error::Forbidden)), "{scopes:?}: {command} of {role}: {answer:?}");
            }
            // The admin has let one join, to whom the commands were given.
            let joined = i64::from(role == Role::Admin);
            assert!(admins || world.active_admins().await == admins_before + joined, "{scopes:?} {role}");
        }
    }
}

#[tokio::test]
async fn an_owner_names_themselves_by_any_key_that_writes_users() {
    let world = World::open().await;
    let ctx = world.by(program(&world, &[ApiScope::UsersWrite]).await);
    let named = UpdateUser { name: Some("Ines".to_owned()), ..change(world.admin.id) };
    world.update(&ctx, named.clone()).await.expect("it is their own name");
    let more = UpdateUser { role: Some(Role::Admin), ..named };
    assert!(matches!(world.update(&ctx, more).await, Err(Error::Forbidden)));
}

#[tokio::test]
async fn what_is_refused_because_it_concerns_an_admin_is_kept_as_an_attempt() {
    let world = World::open().await;
    let boss = world.invite("boss@nimbus.example", Role::Admin).await.expect("invites").user_id;
    let ctx = world.by(program(&world, &[ApiScope::UsersWrite]).await);
    let before: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    assert!(matches!(world.resend(&ctx, boss, "boss@nimbus.example").await, Err(Error::Forbidden)));
    assert!(matches!(
        world.commands.invite_user(&ctx, world.account, &invitation("b@nimbus.example", Role::Admin)).await,
        Err(Error::Forbidden)
    ));
    let attempt = |command, user| as_tried(command, "FORBIDDEN", &ctx.actor.to_string(), user);
    assert_eq!(world.refused().await, [attempt("resendInvitation", Some(boss)), attempt("inviteUser", None)]);
    let after: i64 = sqlx::query_scalar("select count(*) from events").fetch_one(&world.pool).await.expect("answers");
    assert_eq!(after, before, "nothing happened");
}
