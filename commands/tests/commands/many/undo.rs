//! What was done is undone: each user is as before, if nothing is in the way.

use std::sync::Arc;

use commands::{BulkAnswer, Error, Undo, UndoTarget, UpdateUser, UpdateUsers};
use domain::{Actor, ApiScope, ApiScopes, OperationId, Refusal, Role, ServiceKeyId, UserId};
use tokio::task::JoinSet;

use super::{give_role, ids, outcomes, set_active, update};
use crate::world::{World, change, refusal};

fn of_operation(id: Option<OperationId>) -> Undo {
    let target = UndoTarget::Operation(id.expect("an id").to_string());
    Undo { target, dry_run: false, idempotency_key: None }
}

fn of_event(user_id: UserId, number: u64) -> Undo {
    Undo { target: UndoTarget::Event(format!("{user_id}:{number}")), dry_run: false, idempotency_key: None }
}

impl World {
    async fn undo(&self, undo: &Undo) -> Result<BulkAnswer, Error> {
        self.commands.undo(&self.by_admin(), self.account, undo).await
    }

    async fn role(&self, user_id: UserId) -> Role {
        self.view(self.account, user_id).await.role
    }
}

#[tokio::test]
async fn an_operation_is_undone_for_all_of_its_users_and_done_again() {
    let world = World::open().await;
    let viewer = world.join("viewer@example.com", Role::Viewer).await.id;
    let editor = world.join("editor@example.com", Role::Editor).await.id;
    let admin = world.join("admin@example.com", Role::Admin).await.id;
    let all = [viewer, editor, admin];
    let roles = async || [world.role(viewer).await, world.role(editor).await, world.role(admin).await];
    let done = world.update_many(&world.by_admin(), &give_role(ids(&all), Role::Editor)).await.expect("answers");
    assert_eq!(outcomes(&done), ["changed", "unchanged", "changed"]);

    let before = world.everything().await;
    let dry = world.undo(&Undo { dry_run: true, ..of_operation(done.operation_id) }).await.expect("answers");
    assert_eq!(outcomes(&dry), ["changed", "changed"], "those whom it changed");
    assert_eq!(world.everything().await, before);

    let undone = world.undo(&of_operation(done.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&undone), ["changed", "changed"]);
    assert_eq!(roles().await, [Role::Viewer, Role::Editor, Role::Admin]);
    let names: Vec<(String, String)> =
        sqlx::query_as("select metadata ->> 'cause', metadata ->> 'undoes' from events where metadata ->> 'operation_id' = $1")
            .bind(undone.operation_id.expect("an id").to_string())
            .fetch_all(&world.pool)
            .await
            .expect("answers");
    let name = ("undo".to_owned(), format!("operation/{}", done.operation_id.expect("an id")));
    assert_eq!(names, [name.clone(), name]);

    let again = world.undo(&of_operation(done.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&again), ["unchanged", "unchanged"]);
    let redone = world.undo(&of_operation(undone.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&redone), ["changed", "changed"]);
    assert_eq!(roles().await, [Role::Editor; 3]);
}

#[tokio::test]
async fn role_methods_access_and_name_are_restored_together_or_by_one_event() {
    let world = World::open().await;
    let ada = world.join("ada@example.com", Role::Viewer).await.id;
    let first = UpdateUser { name: Some("Ada".to_owned()), ..change(ada) };
    world.update(&world.by_admin(), first).await.expect("changes");
    let methods = Some(vec!["google".to_owned()]);
    let change_all = UpdateUsers { auth_methods: methods, active: Some(false), ..give_role(ids(&[ada]), Role::Editor) };
    let done = world.update_many(&world.by_admin(), &change_all).await.expect("answers");
    let renamed = UpdateUser { name: Some("Grace".to_owned()), ..change(ada) };
    let renamed = world.update(&world.by_admin(), renamed).await.expect("changes");
    assert_eq!(outcomes(&world.undo(&of_operation(done.operation_id)).await.expect("answers")), ["changed"]);
    assert_eq!(outcomes(&world.undo(&of_event(ada, renamed.version)).await.expect("answers")), ["changed"]);
    let view = world.view(world.account, ada).await;
    assert_eq!((view.role, view.status, view.name.as_deref()), (Role::Viewer, domain::user::Status::Active, Some("Ada")));
    assert_eq!(view.auth_methods.iter().map(domain::AuthMethodId::as_str).collect::<Vec<_>>(), ["password"]);
}

#[tokio::test]
async fn a_user_is_refused_by_a_reason_and_the_others_are_undone() {
    let world = World::open().await;
    let mut users = vec![];
    for name in ["kept", "changed", "renamed", "deleted"] {
        users.push(world.join(&format!("{name}@example.com"), Role::Viewer).await.id);
    }
    let done = world.update_many(&world.by_admin(), &give_role(ids(&users), Role::Editor)).await.expect("answers");
    world.update(&world.by_admin(), UpdateUser { role: Some(Role::Admin), ..change(users[1]) }).await.expect("changes");
    world.update(&world.by_admin(), UpdateUser { name: Some("New".to_owned()), ..change(users[2]) }).await.expect("changes");
    world.delete(&world.by_admin(), users[3], "deleted@example.com").await.expect("deletes");
    let undone = world.undo(&of_operation(done.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&undone), ["changed", "CHANGED_SINCE", "changed", "USER_DELETED"]);
    assert_eq!(world.role(users[1]).await, Role::Admin);
    // A rule may forbid it now.
    let promoted = world.update_many(&world.by_admin(), &give_role(ids(&users[..1]), Role::Admin)).await.expect("answers");
    let others = give_role(ids(&[users[1], world.admin.id]), Role::Viewer);
    let ctx = world.by_admin();
    assert_eq!(outcomes(&world.update_many(&ctx, &others).await.expect("answers")), ["changed", "changed"]);
    let by_last = world.by(world.sign_in_actor("kept@example.com").await);
    let last = world.commands.undo(&by_last, world.account, &of_operation(promoted.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&last), ["LAST_ADMIN"]);
}

impl World {
    async fn sign_in_actor(&self, email: &str) -> Actor {
        let signed_in = self.sign_in(email, crate::world::PASSWORD, self.now).await.expect("signs in");
        crate::world::member(&self.commands, &signed_in, self.now).await.actor
    }
}

#[tokio::test]
async fn what_is_no_change_of_a_user_of_the_account_cannot_be_undone() {
    let world = World::open().await;
    let (other, stranger) = world.open_another().await;
    let ada = world.join("ada@example.com", Role::Viewer).await.id;
    let done = world.update_many(&world.by_admin(), &give_role(ids(&[ada]), Role::Editor)).await.expect("answers");
    let before = world.everything().await;
    assert_eq!(outcomes(&world.undo(&of_event(ada, 1)).await.expect("answers")), ["NOT_UNDOABLE"], "the invitation");
    let targets = [
        UndoTarget::Event(format!("{ada}:99")),
        UndoTarget::Event(format!("{ada}:0")),
        UndoTarget::Event("no id".to_owned()),
        UndoTarget::Event(format!("{}:1", stranger.id)),
        UndoTarget::Operation("no id".to_owned()),
        UndoTarget::Operation(ada.to_string()),
    ];
    for target in targets {
        let undo = Undo { target, dry_run: false, idempotency_key: None };
        assert_eq!(refusal(world.undo(&undo).await), Refusal::NotFound, "{undo:?}");
    }
    let foreign = world.commands.undo(&world.by(stranger.actor), other, &of_operation(done.operation_id)).await;
    assert_eq!(refusal(foreign), Refusal::NotFound);
    let editor = world.by(Actor::Visitor);
    assert!(matches!(world.commands.undo(&editor, world.account, &of_operation(done.operation_id)).await, Err(Error::Unauthenticated)));
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn a_key_that_may_not_change_admins_neither_undoes_for_admins_nor_makes_them() {
    let world = World::open().await;
    let scopes = ApiScopes::parse([ApiScope::UsersWrite]).expect("not empty");
    let key = world.by(Actor::ServiceKey { account: world.account, key: ServiceKeyId::new(uuid::Uuid::now_v7()), scopes });
    let ada = world.join("ada@example.com", Role::Admin).await.id;
    let demoted = world.update_many(&world.by_admin(), &give_role(ids(&[ada]), Role::Viewer)).await.expect("answers");
    let answer = world.commands.undo(&key, world.account, &of_operation(demoted.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&answer), ["FORBIDDEN"], "it would make an admin");
    let undone = world.undo(&of_operation(demoted.operation_id)).await.expect("answers");
    let answer = world.commands.undo(&key, world.account, &of_operation(undone.operation_id)).await.expect("answers");
    assert_eq!(outcomes(&answer), ["FORBIDDEN"], "it would change an admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_undo_happens_once_also_at_the_same_time() {
    let world = Arc::new(World::open().await);
    let invited = world.invite_many(150).await;
    let done = world.update_many(&world.by_admin(), &give_role(ids(&invited), Role::Editor)).await.expect("answers");
    let keyed = Undo { idempotency_key: Some("u".to_owned()), ..of_operation(done.operation_id) };
    let mut rivals = JoinSet::new();
    for _ in 0..4 {
        let (world, keyed) = (Arc::clone(&world), keyed.clone());
        rivals.spawn(async move { world.undo(&keyed).await.expect("is answered") });
    }
    let answers = rivals.join_all().await;
    assert!(answers.iter().all(|answer| answer == &answers[0]));
    assert_eq!(outcomes(&answers[0]), ["changed"; 150]);
    let changes = "select count(*) from events where event_type = 'RoleChanged'";
    assert_eq!(sqlx::query_scalar::<_, i64>(changes).fetch_one(&world.pool).await.expect("answers"), 300);
}

#[tokio::test]
async fn what_can_be_undone_is_what_undo_does() {
    let world = World::open().await;
    let ada = world.join("ada@example.com", Role::Viewer).await.id;
    world.update_many(&world.by_admin(), &set_active(ids(&[ada]), false)).await.expect("answers");
    world.update_many(&world.by_admin(), &set_active(ids(&[ada]), true)).await.expect("answers");
    world.update_many(&world.by_admin(), &give_role(ids(&[ada]), Role::Editor)).await.expect("answers");
    world.update_many(&world.by_admin(), &update(ids(&[ada]))).await.expect("answers");
    let histories = world.store.read_streams::<domain::user::User>(&world.pool, world.account, &[ada.to_string()]).await.expect("reads");
    let history: Vec<_> = histories[&ada.to_string()]
        .iter()
        .map(|event| match projections::AnyEvent::read(event).expect("is readable") {
            projections::AnyEvent::User(event) => event,
            other => panic!("{other:?}"),
        })
        .collect();
    let (mut can, mut does) = (vec![], vec![]);
    for place in 0..history.len() {
        let answer = world.commands.can_undo(&world.by_admin(), world.account, ada, (&history, place), 1);
        can.push(answer.map_or_else(|error| error.code(), |()| "changed"));
        let dry = Undo { dry_run: true, ..of_event(ada, u64::try_from(place + 1).expect("fits")) };
        // What is as it was offers no undo.
        let outcome = outcomes(&world.undo(&dry).await.expect("answers"))[0];
        does.push(if outcome == "unchanged" { "CHANGED_SINCE" } else { outcome });
    }
    assert_eq!(can, does);
    assert_eq!(can[3..], ["CHANGED_SINCE", "changed", "changed"]);
}
