//! What a viewer is told they can do is what happens when they do it.

use commands::{Context, EraseUser, Error, RevealInvitationLink, UpdateUser, ViewerCan};
use domain::{Actor, Role, UserId};
use projections::users::count_active_admins;

use super::world::{World, change};

/// Users of every kind that rules tell apart.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Pending,
    Active,
    Inactive,
    Deleted,
    OtherAdmin,
    Oneself,
}

const KINDS: [Kind; 6] = [Kind::Pending, Kind::Active, Kind::Inactive, Kind::Deleted, Kind::OtherAdmin, Kind::Oneself];

#[derive(Clone, Copy, Debug)]
enum Command {
    ChangeRole,
    ChangeAuthMethods,
    Rename,
    Deactivate,
    Activate,
    ResendInvitation,
    RevealInvitationLink,
    Delete,
    Erase,
}

const COMMANDS: [Command; 9] = [
    Command::ChangeRole,
    Command::ChangeAuthMethods,
    Command::Rename,
    Command::Deactivate,
    Command::Activate,
    Command::ResendInvitation,
    Command::RevealInvitationLink,
    Command::Delete,
    Command::Erase,
];

impl Command {
    fn foretold(self, can: ViewerCan) -> Result<(), Error> {
        match self {
            Self::ChangeRole => can.change_role,
            Self::ChangeAuthMethods => can.change_auth_methods,
            Self::Rename => can.rename,
            Self::Deactivate => can.deactivate,
            Self::Activate => can.activate,
            Self::ResendInvitation => can.resend_invitation,
            Self::RevealInvitationLink => can.reveal_invitation_link,
            Self::Delete => can.delete,
            Self::Erase => can.erase,
        }
    }

    async fn run(self, world: &World, ctx: &Context, id: UserId) -> Result<(), Error> {
        let view = world.view(world.account, id).await;
        let other_role = if view.role == Role::Viewer { Role::Editor } else { Role::Viewer };
        let result = match self {
            Self::ChangeRole => world.update(ctx, UpdateUser { role: Some(other_role), ..change(id) }).await,
            Self::ChangeAuthMethods => {
                let both = Some(vec!["password".to_owned(), "google".to_owned()]);
                world.update(ctx, UpdateUser { auth_methods: both, ..change(id) }).await
            }
            Self::Rename => world.update(ctx, UpdateUser { name: Some("Renamed".to_owned()), ..change(id) }).await,
            Self::Deactivate => world.update(ctx, UpdateUser { active: Some(false), ..change(id) }).await,
            Self::Activate => world.update(ctx, UpdateUser { active: Some(true), ..change(id) }).await,
            Self::ResendInvitation => world.resend(ctx, id, &view.email).await,
            Self::RevealInvitationLink => {
                let input = RevealInvitationLink { id: id.to_string(), expected_version: None };
                world.commands.reveal_invitation_link(ctx, world.account, &input).await.map(|revealed| revealed.changed)
            }
            Self::Delete => world.delete(ctx, id, &view.email).await,
            Self::Erase => {
                let input = EraseUser { id: id.to_string(), confirm_email: view.email.clone(), expected_version: None };
                world.commands.erase_user(ctx, world.account, &input).await
            }
        };
        result.map(drop)
    }
}

/// Someone of a kind, made again for each command.
async fn someone(world: &World, kind: Kind, command: Command, viewer: UserId) -> UserId {
    let email = format!("{kind:?}.{command:?}@example.com");
    match kind {
        Kind::Pending => world.invite(&email, Role::Viewer).await.expect("invites").user_id,
        Kind::Active => world.join(&email, Role::Viewer).await.id,
        Kind::OtherAdmin => world.join(&email, Role::Admin).await.id,
        Kind::Inactive => {
            let id = world.join(&email, Role::Viewer).await.id;
            world.update(&world.by_admin(), UpdateUser { active: Some(false), ..change(id) }).await.expect("deactivates");
            id
        }
        Kind::Deleted => {
            let id = world.invite(&email, Role::Viewer).await.expect("invites").user_id;
            world.delete(&world.by_admin(), id, &email).await.expect("deletes");
            id
        }
        Kind::Oneself => viewer,
    }
}

fn code(result: &Result<(), Error>) -> &'static str {
    result.as_ref().map_or_else(Error::code, |()| "OK")
}

async fn every_command_is_foretold(world: &World, viewer: UserId, actor: Actor) {
    let ctx = world.by(actor);
    for kind in KINDS {
        for command in COMMANDS {
            let id = someone(world, kind, command, viewer).await;
            let admins = count_active_admins(&world.pool, world.account).await.expect("answers");
            let view = world.view(world.account, id).await;
            let foretold = command.foretold(world.commands.viewer_can(&ctx, &view, admins).expect("has an address"));
            let happened = command.run(world, &ctx, id).await;
            assert_eq!(code(&foretold), code(&happened), "{actor} {kind:?} {command:?}");
        }
    }
}

#[tokio::test]
async fn what_a_viewer_is_told_is_what_happens() {
    let world = World::open().await;
    let viewer = world.join("viewer@nimbus.example", Role::Viewer).await;
    every_command_is_foretold(&world, viewer.id, viewer.actor).await;
}

#[tokio::test]
async fn what_an_admin_is_told_is_what_happens() {
    let world = World::open().await;
    let tom = world.join("tom@nimbus.example", Role::Admin).await;
    // The admin who asks does it to themselves last, so that they stay one until then.
    every_command_is_foretold(&world, tom.id, tom.actor).await;
}

#[tokio::test]
async fn the_last_admin_is_told_that_they_are() {
    let world = World::open().await;
    let me = world.admin.id;
    let view = world.view(world.account, me).await;
    let can = world.commands.viewer_can(&world.by_admin(), &view, 1).expect("has an address");
    assert_eq!(code(&can.change_role), "LAST_ADMIN");
    assert_eq!(code(&Command::ChangeRole.run(&world, &world.by_admin(), me).await), "LAST_ADMIN");
    let operators = world.commands.viewer_can(&world.by(Actor::Operator), &view, 1).expect("has an address");
    for (foretold, command) in [(operators.deactivate, Command::Deactivate), (operators.delete, Command::Delete)] {
        assert_eq!(code(&foretold), "LAST_ADMIN");
        assert_eq!(code(&command.run(&world, &world.by(Actor::Operator), me).await), "LAST_ADMIN");
    }
}
