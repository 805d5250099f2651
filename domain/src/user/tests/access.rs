//! Role, access, name, ways to sign in, passwords and sessions.

use super::*;
use crate::given::fold;
use crate::{Name, Refusal};

#[test]
fn one_button_saves_role_methods_access_and_name_together() {
    let name = Name::parse("Ada").expect("valid");
    let update = UpdateUser {
        role: Some(Role::Admin),
        auth_methods: Some(methods(&["google"])),
        active: Some(false),
        name: Some(name.clone()),
        ..no_change()
    };
    active().when(UserCommand::Update(update)).then_expect_events(vec![
        UserEvent::RoleChanged { from: Role::Editor, to: Role::Admin },
        methods_changed(&["password"], &["google"]),
        UserEvent::NameChanged { name: Personal::Known(name) },
        UserEvent::Deactivated {},
    ]);
}

#[test]
fn doing_what_is_done_is_no_event_and_no_error() {
    let update = UpdateUser { role: Some(Role::Editor), auth_methods: Some(methods(&["password"])), active: Some(true), ..no_change() };
    active().when(UserCommand::Update(update)).then_expect_events(vec![]);
    deleted().when(delete("ada@example.com", false)).then_expect_events(vec![]);
}

#[test]
fn a_pending_user_is_updated_but_neither_deactivated_nor_activated() {
    invited().when(set_active(false)).then_expect_error(Refusal::InvitationPending);
    invited().when(set_active(true)).then_expect_error(Refusal::InvitationPending);
    let promoted = UserEvent::RoleChanged { from: Role::Editor, to: Role::Admin };
    let promote = UserCommand::Update(UpdateUser { role: Some(Role::Admin), ..no_change() });
    invited().when(promote).then_expect_events(vec![promoted.clone()]);
    assert_eq!(fold::<User>([invited_event(), promoted]).role(), Role::Admin);
}

#[test]
fn no_one_deactivates_or_deletes_themselves() {
    let update = UpdateUser { active: Some(false), by_self: true, ..no_change() };
    active().when(UserCommand::Update(update)).then_expect_error(Refusal::CannotDeactivateSelf);
    active().when(delete("ada@example.com", true)).then_expect_error(Refusal::CannotDeleteSelf);
}

#[test]
fn anyone_who_has_no_access_gets_no_password_and_no_link() {
    for (user, refusal) in
        [(invited as fn() -> AggregateTestExecutor<User>, Refusal::InvitationNotAccepted), (inactive, Refusal::AccessDeactivated)]
    {
        user().when(UserCommand::SetPassword).then_expect_error(refusal.clone());
        user().when(UserCommand::LinkProvider(known_as("google", "1", "ada@example.com"))).then_expect_error(refusal);
    }
    active().when(UserCommand::SetPassword).then_expect_events(vec![UserEvent::PasswordSet {}, UserEvent::SessionsEnded {}]);
    let google_only = || active().and(vec![methods_changed(&["password"], &["google"])]);
    google_only().when(UserCommand::SetPassword).then_expect_error(Refusal::AuthMethodNotAllowed);
    google_only().when(issue_password_link()).then_expect_error(Refusal::AuthMethodNotAllowed);
}

#[test]
fn every_link_for_a_new_password_that_an_operator_is_shown_is_one_event() {
    active().when(issue_password_link()).then_expect_events(vec![UserEvent::PasswordLinkIssued { expires_at: start() }]);
    for (user, refusal) in
        [(invited(), Refusal::InvitationNotAccepted), (inactive(), Refusal::AccessDeactivated), (deleted(), Refusal::UserDeleted)]
    {
        user.when(issue_password_link()).then_expect_error(refusal);
    }
}

#[test]
fn sessions_end_of_anyone_who_can_have_some() {
    active().when(UserCommand::EndSessions).then_expect_events(vec![UserEvent::SessionsEnded {}]);
    invited().when(UserCommand::EndSessions).then_expect_events(vec![]);
}
