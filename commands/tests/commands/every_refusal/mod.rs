//! Every refusal there is comes out of some command, and leaves every row as it was.

mod people;

use std::collections::BTreeSet;

use chrono::TimeDelta;
use commands::{
    AcceptInvitation, BulkAnswer, ChangePassword, CreateKey, DeleteUsers, EraseUser, Error, InviteRow, InviteUser, InviteUsers, MAX_ROWS,
    OpenAccount, OpenAccountForAdmin, Outcome, ResendFailedInvitations, SaveView, SignIn, Undo, UndoTarget, UpdateAccount, UpdateUser,
    UpdateUsers, UserSelection,
};
use domain::{Actor, ApiScope, ApiScopes, ProviderIdentity, Refusal, Role, ServiceKeyId, UserId};

use self::people::{FOR_GOOGLE, INACTIVE, Links, People, people};
use super::providers::{google, proven};
use super::world::{ADMIN, PASSWORD, World, change, invitation, refusal};

/// A new refusal does not compile until it stands here, and fails until a command below produces it.
macro_rules! refusals {
    ($($code:literal: $refusal:pat,)+) => {
        const CODES: &[&str] = &[$($code),+];

        fn listed(refusal: &Refusal) -> &'static str {
            match refusal {
                $($refusal => $code,)+
            }
        }
    };
}

refusals! {
    "ACCESS_DEACTIVATED": Refusal::AccessDeactivated,
    "ACCOUNT_REQUIRED": Refusal::AccountRequired,
    "ALREADY_INVITED": Refusal::AlreadyInvited,
    "ALREADY_MEMBER": Refusal::AlreadyMember,
    "API_SCOPES_REQUIRED": Refusal::ApiScopesRequired,
    "AUTH_METHODS_REQUIRED": Refusal::AuthMethodsRequired,
    "AUTH_METHOD_IN_USE": Refusal::AuthMethodInUse { .. },
    "AUTH_METHOD_NOT_ALLOWED": Refusal::AuthMethodNotAllowed,
    "AUTH_METHOD_NOT_OFFERED": Refusal::AuthMethodNotOffered { .. },
    "CANNOT_DEACTIVATE_SELF": Refusal::CannotDeactivateSelf,
    "CANNOT_DELETE_SELF": Refusal::CannotDeleteSelf,
    "CHANGED_SINCE": Refusal::ChangedSince,
    "CONFIRMATION_MISMATCH": Refusal::ConfirmationMismatch,
    "COUNT_CHANGED": Refusal::CountChanged { .. },
    "COUNT_NOT_CONFIRMED": Refusal::CountNotConfirmed { .. },
    "FORBIDDEN": Refusal::AdminsForbidden,
    "IDEMPOTENCY_KEY_REUSED": Refusal::IdempotencyKeyReused,
    "INVALID_API_KEY_LIFETIME": Refusal::InvalidApiKeyLifetime(_),
    "INVALID_AUTH_METHOD": Refusal::InvalidAuthMethod(_),
    "INVALID_COLOR": Refusal::InvalidColor(_),
    "INVALID_CREDENTIALS": Refusal::InvalidCredentials,
    "INVALID_EMAIL": Refusal::InvalidEmail(_),
    "INVALID_IDEMPOTENCY_KEY": Refusal::InvalidIdempotencyKey,
    "INVALID_INVITATION_HOURS": Refusal::InvalidInvitationHours(_),
    "INVALID_INVITATION_LINK": Refusal::InvalidInvitationLink,
    "INVALID_LOGO": Refusal::InvalidLogo(_),
    "INVALID_NAME": Refusal::InvalidName(_),
    "INVALID_RESET_LINK": Refusal::InvalidResetLink,
    "INVALID_SLUG": Refusal::InvalidSlug(_),
    "INVALID_VIEW_QUERY": Refusal::InvalidViewQuery(_),
    "INVALID_WELCOME_LINK": Refusal::InvalidWelcomeLink,
    "INVITATION_ALREADY_ACCEPTED": Refusal::InvitationAlreadyAccepted,
    "INVITATION_EXPIRED": Refusal::InvitationExpired,
    "INVITATION_LIMIT_REACHED": Refusal::InvitationLimitReached,
    "INVITATION_NOT_ACCEPTED": Refusal::InvitationNotAccepted,
    "INVITATION_PENDING": Refusal::InvitationPending,
    "INVITATION_REPLACED": Refusal::InvitationReplaced,
    "INVITATION_REVOKED": Refusal::InvitationRevoked,
    "LAST_ADMIN": Refusal::LastAdmin,
    "LOGO_TOO_LARGE": Refusal::LogoTooLarge,
    "NOT_FOUND": Refusal::NotFound,
    "NOT_INVITED": Refusal::NotInvited,
    "NOT_UNDOABLE": Refusal::NotUndoable,
    "NO_ROWS": Refusal::NoRows,
    "PROVIDER_ACCOUNT_DIFFERS": Refusal::ProviderAccountDiffers,
    "PROVIDER_ACCOUNT_IN_USE": Refusal::ProviderAccountInUse,
    "PROVIDER_EMAIL_MISMATCH": Refusal::ProviderEmailMismatch,
    "PROVIDER_EMAIL_UNVERIFIED": Refusal::ProviderEmailUnverified,
    "PROVIDER_SIGN_IN_FAILED": Refusal::ProviderSignInFailed,
    "SLUG_TAKEN": Refusal::SlugTaken,
    "TOO_MANY_API_KEYS": Refusal::TooManyApiKeys,
    "TOO_MANY_ATTEMPTS": Refusal::TooManyAttempts { .. },
    "TOO_MANY_ROWS": Refusal::TooManyRows,
    "TOO_MANY_SERVICE_KEYS": Refusal::TooManyServiceKeys,
    "TOO_MANY_VIEWS": Refusal::TooManyViews,
    "USER_DELETED": Refusal::UserDeleted,
    "USER_NOT_DELETED": Refusal::UserNotDeleted,
    "USER_NOT_PENDING": Refusal::UserNotPending,
    "VERSION_CONFLICT": Refusal::VersionConflict { .. },
    "VIEW_NAME_TAKEN": Refusal::ViewNameTaken,
    "WEAK_PASSWORD": Refusal::WeakPassword(_),
    "WRONG_PASSWORD": Refusal::WrongPassword,
}

#[tokio::test]
async fn every_refusal_is_produced_by_a_command_and_changes_no_row() {
    let world = World::open().await;
    let people = people(&world).await;
    let before = world.everything().await;
    let mut produced = BTreeSet::new();
    for (what, result) in refused_commands(&world, &people).await {
        let Err(Error::Refused { refusal, .. }) = result else { panic!("{what}: {result:?}") };
        assert_eq!(listed(&refusal), refusal.code(), "{what}");
        assert_eq!(refusal.code(), what);
        assert!(!refusal.to_string().is_empty() && !refusal.to_string().ends_with('.'), "{refusal}: a sentence without full stop");
        assert_eq!(world.everything().await, before, "{what} has changed something");
        produced.insert(refusal.code());
    }
    assert!(produced.iter().eq(CODES), "not every refusal was produced, only {produced:?}");
}

async fn refused_commands(world: &World, people: &People) -> Vec<(&'static str, Result<(), Error>)> {
    let mut commands = of_users(world, people).await;
    commands.extend(of_links(world, &people.links).await);
    commands.extend(of_accounts(world).await);
    commands.extend(of_settings_and_lists(world).await);
    commands.extend(of_providers(world, people).await);
    commands.extend(of_api_keys(world).await);
    commands.extend(of_views(world).await);
    commands.extend(of_many(world, people).await);
    commands.extend(of_limits(world).await);
    commands
}

async fn of_settings_and_lists(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let ctx = world.by_admin();
    let settings = async |input: UpdateAccount| world.commands.update_account(&ctx, world.account, &input).await.map(drop);
    let invite = async |count: usize| {
        let row = InviteRow { email: "new@example.com".to_owned(), role: Role::Viewer, auth_methods: vec!["password".to_owned()] };
        let input = InviteUsers { rows: vec![row; count], dry_run: false, idempotency_key: None };
        world.commands.invite_users(&ctx, world.account, &input).await.map(drop)
    };
    vec![
        ("INVALID_INVITATION_HOURS", settings(UpdateAccount { invitation_hours: Some(0), ..UpdateAccount::default() }).await),
        ("INVALID_COLOR", settings(UpdateAccount { color: Some("red".to_owned()), ..UpdateAccount::default() }).await),
        ("INVALID_LOGO", settings(UpdateAccount { logo: Some("PHN2Zy8+".to_owned()), ..UpdateAccount::default() }).await),
        ("LOGO_TOO_LARGE", settings(UpdateAccount { logo: Some("AAAA".repeat(22_000)), ..UpdateAccount::default() }).await),
        ("AUTH_METHOD_IN_USE", settings(UpdateAccount { auth_methods: Some(vec!["google".to_owned()]), ..UpdateAccount::default() }).await),
        ("NO_ROWS", invite(0).await),
        ("TOO_MANY_ROWS", invite(MAX_ROWS + 1).await),
    ]
}

async fn of_providers(world: &World, people: &People) -> Vec<(&'static str, Result<(), Error>)> {
    let sign_in = async |subject: &str, email: &str| world.with_provider(&proven(subject, email), Some("nimbus")).await.map(drop);
    let unverified = ProviderIdentity { email_verified: false, ..proven("new", ADMIN) };
    let accept = async |subject: &str, email: &str| world.accept_with_provider(people.for_google, &proven(subject, email)).await.map(drop);
    let returned = world.commands.return_from_provider(&world.by(Actor::Visitor), &google(), "state", "browser").await;
    vec![
        ("NOT_INVITED", sign_in("new", "nobody@example.com").await),
        ("INVITATION_NOT_ACCEPTED", sign_in("new", FOR_GOOGLE).await),
        ("PROVIDER_ACCOUNT_DIFFERS", sign_in("new", ADMIN).await),
        ("PROVIDER_EMAIL_UNVERIFIED", world.with_provider(&unverified, Some("nimbus")).await.map(drop)),
        ("PROVIDER_EMAIL_MISMATCH", accept("new", ADMIN).await),
        ("PROVIDER_ACCOUNT_IN_USE", accept("linked", FOR_GOOGLE).await),
        ("PROVIDER_SIGN_IN_FAILED", returned.map(drop)),
    ]
}

/// Of keys, of which the admin has as many as one may.
async fn of_api_keys(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let make = async |scopes: &[ApiScope], expires_in_days| {
        let input = CreateKey { name: "one more".to_owned(), scopes: scopes.to_vec(), expires_in_days };
        world.commands.create_api_key(&world.by_admin(), &input).await.map(drop)
    };
    let service_key = CreateKey { name: "one more".to_owned(), scopes: vec![ApiScope::UsersRead], expires_in_days: None };
    vec![
        ("API_SCOPES_REQUIRED", make(&[], None).await),
        ("INVALID_API_KEY_LIFETIME", make(&[ApiScope::UsersRead], Some(0)).await),
        ("TOO_MANY_API_KEYS", make(&[ApiScope::UsersRead], None).await),
        ("TOO_MANY_SERVICE_KEYS", world.commands.create_service_key(&world.by_admin(), &service_key).await.map(drop)),
    ]
}

/// Of views, of which the admin has as many as one may, and the account shares one.
async fn of_views(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let save = async |name: &str, query: &str, shared| {
        let input = SaveView { name: name.to_owned(), query: query.to_owned(), shared };
        world.commands.save_view(&world.by_admin(), &input).await.map(drop)
    };
    vec![
        ("INVALID_VIEW_QUERY", save("X", "two words", false).await),
        ("TOO_MANY_VIEWS", save("One more", "", false).await),
        ("VIEW_NAME_TAKEN", save("ours", "", true).await),
    ]
}

async fn of_many(world: &World, people: &People) -> Vec<(&'static str, Result<(), Error>)> {
    let users = UserSelection::Ids(vec![world.admin.id.to_string()]);
    let delete = DeleteUsers { users: users.clone(), confirm_count: 2, dry_run: false, idempotency_key: None };
    let scopes = ApiScopes::parse([ApiScope::UsersWrite]).expect("not empty");
    let key = world.by(Actor::ServiceKey { account: world.account, key: ServiceKeyId::new(uuid::Uuid::now_v7()), scopes });
    let update = UpdateUsers { users, role: Some(Role::Editor), auth_methods: None, active: None, dry_run: false, idempotency_key: None };
    let updated = world.commands.update_users(&key, world.account, &update).await.expect("answers");
    let refused = |answer: &BulkAnswer| match &answer.rows[0].outcome {
        Outcome::Refused(refusal) => Err(refusal.clone().into()),
        other => panic!("{other:?}"),
    };
    let undo = async |number: u64| {
        let target = UndoTarget::Event(format!("{}:{number}", people.changed_twice));
        let undo = Undo { target, dry_run: false, idempotency_key: None };
        refused(&world.commands.undo(&world.by_admin(), world.account, &undo).await.expect("answers"))
    };
    vec![
        ("COUNT_NOT_CONFIRMED", world.commands.delete_users(&world.by_admin(), world.account, &delete).await.map(drop)),
        ("FORBIDDEN", refused(&updated)),
        ("NOT_UNDOABLE", undo(1).await),
        ("CHANGED_SINCE", undo(2).await),
    ]
}

async fn of_limits(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let guess = async || world.sign_in("limited@example.com", "wrong", world.now).await.map(drop);
    while refusal(guess().await) == Refusal::InvalidCredentials {}
    let invite = world.invite("new@example.com", Role::Viewer).await;
    vec![("TOO_MANY_ATTEMPTS", guess().await), ("INVITATION_LIMIT_REACHED", invite.map(drop))]
}

async fn of_users(world: &World, people: &People) -> Vec<(&'static str, Result<(), Error>)> {
    let (ctx, me, pending) = (world.by_admin(), world.admin.id, people.pending);
    let invite = async |input: InviteUser| world.commands.invite_user(&ctx, world.account, &input).await.map(drop);
    let update = async |input: UpdateUser| world.update(&ctx, input).await.map(drop);
    let erase = async |id: UserId| {
        let input = EraseUser { id: id.to_string(), confirm_email: ADMIN.to_owned(), expected_version: None };
        world.commands.erase_user(&ctx, world.account, &input).await.map(drop)
    };
    let resend_failed = ResendFailedInvitations { expected_count: Some(9), ..ResendFailedInvitations::default() };
    let resend_failed = world.commands.resend_failed_invitations(&ctx, world.account, &resend_failed).await.map(drop);
    let with_method = |ids: &[&str]| InviteUser {
        auth_methods: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..invitation("new@example.com", Role::Viewer)
    };
    let keyed = |key: &str| InviteUser { idempotency_key: Some(key.to_owned()), ..invitation("new@example.com", Role::Viewer) };
    vec![
        ("INVALID_EMAIL", invite(invitation("no address", Role::Viewer)).await),
        ("AUTH_METHODS_REQUIRED", invite(with_method(&[])).await),
        ("INVALID_AUTH_METHOD", invite(with_method(&["No Id"])).await),
        ("AUTH_METHOD_NOT_OFFERED", invite(with_method(&["okta"])).await),
        ("ALREADY_INVITED", invite(invitation("Pending@Example.com", Role::Admin)).await),
        ("ALREADY_MEMBER", invite(invitation(INACTIVE, Role::Admin)).await),
        ("IDEMPOTENCY_KEY_REUSED", invite(keyed("used")).await),
        ("INVALID_IDEMPOTENCY_KEY", invite(keyed("")).await),
        ("NOT_FOUND", update(UpdateUser { role: Some(Role::Admin), id: "nobody".to_owned(), ..change(pending) }).await),
        ("INVALID_NAME", update(UpdateUser { name: Some("\n".to_owned()), ..change(pending) }).await),
        ("VERSION_CONFLICT", update(UpdateUser { role: Some(Role::Admin), expected_version: Some(1), ..change(pending) }).await),
        ("COUNT_CHANGED", resend_failed),
        ("INVITATION_PENDING", update(UpdateUser { active: Some(false), ..change(pending) }).await),
        ("USER_DELETED", update(UpdateUser { role: Some(Role::Admin), ..change(people.deleted) }).await),
        ("CANNOT_DEACTIVATE_SELF", update(UpdateUser { active: Some(false), ..change(me) }).await),
        ("LAST_ADMIN", update(UpdateUser { role: Some(Role::Editor), ..change(me) }).await),
        ("CANNOT_DELETE_SELF", world.delete(&ctx, me, ADMIN).await.map(drop)),
        ("CONFIRMATION_MISMATCH", world.delete(&ctx, pending, ADMIN).await.map(drop)),
        ("USER_NOT_DELETED", erase(pending).await),
        ("USER_NOT_PENDING", world.resend(&ctx, me, ADMIN).await.map(drop)),
    ]
}

async fn of_links(world: &World, links: &Links) -> Vec<(&'static str, Result<(), Error>)> {
    let accept = async |link: &str| world.accept_link(link, world.now).await.map(drop);
    let weak = AcceptInvitation { token: links.works.clone(), password: "password".into(), name: None };
    vec![
        ("INVALID_INVITATION_LINK", accept("no token").await),
        ("INVITATION_REPLACED", accept(&links.replaced).await),
        ("INVITATION_REVOKED", accept(&links.revoked).await),
        ("INVITATION_ALREADY_ACCEPTED", accept(&links.accepted).await),
        ("AUTH_METHOD_NOT_ALLOWED", accept(&links.without_password).await),
        ("INVALID_RESET_LINK", super::resets::reset(world, "no token", PASSWORD, world.now).await.map(drop)),
        ("INVITATION_EXPIRED", world.accept_link(&links.works, world.now + TimeDelta::hours(24)).await.map(drop)),
        ("WEAK_PASSWORD", world.commands.accept_invitation(&world.by(Actor::Visitor), &weak).await.map(drop)),
    ]
}

async fn of_accounts(world: &World) -> Vec<(&'static str, Result<(), Error>)> {
    let (visitor, operator) = (world.by(Actor::Visitor), world.by(Actor::Operator));
    let open = async |slug: &str| {
        let input = OpenAccountForAdmin { name: "New".to_owned(), slug: slug.to_owned(), admin_email: ADMIN.to_owned() };
        world.commands.open_account_for_admin(&operator, &input).await.map(drop)
    };
    let welcome = OpenAccount {
        token: "used".to_owned(),
        name: "New".to_owned(),
        slug: "new".to_owned(),
        email: ADMIN.to_owned(),
        password: PASSWORD.into(),
    };
    let wrong = ChangePassword { current_password: "wrong".into(), new_password: super::resets::NEW_PASSWORD.into(), keep_api_keys: false };
    let anywhere = SignIn { account: None, email: ADMIN.to_owned(), password: PASSWORD.into() };
    vec![
        ("INVALID_SLUG", open("No Slug").await),
        ("SLUG_TAKEN", open("nimbus").await),
        ("INVALID_WELCOME_LINK", world.commands.open_account(&visitor, &welcome).await.map(drop)),
        ("WRONG_PASSWORD", world.commands.change_password(&world.by_admin(), &wrong).await.map(drop)),
        ("ACCOUNT_REQUIRED", world.commands.sign_in(&visitor, &anywhere).await.map(drop)),
        ("INVALID_CREDENTIALS", world.sign_in(ADMIN, "wrong", world.now).await.map(drop)),
        ("ACCESS_DEACTIVATED", world.sign_in(INACTIVE, PASSWORD, world.now).await.map(drop)),
    ]
}

#[tokio::test]
async fn anyone_who_is_in_the_way_of_an_invitation_is_shown() {
    let world = World::open().await;
    let pending = world.invite("pending@example.com", Role::Viewer).await.expect("invites").user_id;
    for (email, in_the_way) in [("PENDING@example.com", pending), (ADMIN, world.admin.id)] {
        let Err(Error::Refused { user, .. }) = world.invite(email, Role::Viewer).await else { panic!("{email} was invited") };
        assert_eq!(user, Some(in_the_way));
    }
    // No one is shown to another account, where the same addresses are free.
    let (other, stranger) = world.open_another().await;
    let theirs = world.commands.invite_user(&world.by(stranger.actor), other, &invitation("pending@example.com", Role::Viewer)).await;
    assert_ne!(theirs.expect("is free there").user_id, pending);
    assert_eq!(refusal(world.invite("pending@example.com", Role::Viewer).await), Refusal::AlreadyInvited);
}
