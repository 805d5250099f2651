//! Inviting, accepting, and what happens to an invitation in between.

use super::*;
use crate::Refusal;

#[test]
fn an_invitation_works_until_the_last_instant_before_24_hours() {
    let last = accept(1, "password", start() + DAY - TimeDelta::microseconds(1));
    invited().when(last).then_expect_events(vec![accepted("password"), UserEvent::PasswordSet {}]);
    invited().when(accept(1, "password", start() + DAY)).then_expect_error(Refusal::InvitationExpired);
}

#[test]
fn an_invitation_says_whom_it_invites_to_what_and_until_when() {
    new().when(invite()).then_expect_events(vec![invited_event()]);
}

#[test]
fn accepting_with_a_password_says_that_one_was_set_and_never_which() {
    invited().when(accept(1, "password", start())).then_expect_events(vec![accepted("password"), UserEvent::PasswordSet {}]);
}

#[test]
fn an_invitation_is_accepted_once() {
    active().when(accept(1, "password", start())).then_expect_error(Refusal::InvitationAlreadyAccepted);
}

#[test]
fn a_resend_kills_the_old_link_and_starts_another_24_hours() {
    let resent = UserEvent::InvitationResent { invitation_id: invitation(2), expires_at: start() + DAY + DAY };
    invited().when(resend("ADA@Example.com", 2, start() + DAY)).then_expect_events(vec![resent.clone()]);
    let resent = || invited().and(vec![resent.clone()]);
    resent().when(accept(1, "password", start())).then_expect_error(Refusal::InvitationReplaced);
    let last = accept(2, "password", start() + DAY + DAY - TimeDelta::seconds(1));
    resent().when(last).then_expect_events(vec![accepted("password"), UserEvent::PasswordSet {}]);
    resent().when(accept(2, "password", start() + DAY + DAY)).then_expect_error(Refusal::InvitationExpired);
}

#[test]
fn an_invitation_works_for_as_long_as_its_account_says() {
    let hour = InvitationHours::parse(1).expect("valid");
    let events = new().when(UserCommand::Invite(InviteUser { lifetime: hour, ..invite_ada() })).inspect_result().expect("allowed");
    let last = accept(1, "password", start() + TimeDelta::minutes(59));
    given::<User>(events.clone()).when(last).then_expect_events(vec![accepted("password"), UserEvent::PasswordSet {}]);
    let late = accept(1, "password", start() + TimeDelta::hours(1));
    given::<User>(events).when(late).then_expect_error(Refusal::InvitationExpired);
}

#[test]
fn a_deleted_invitation_cannot_be_accepted() {
    deleted().when(accept(1, "password", start())).then_expect_error(Refusal::InvitationRevoked);
}

#[test]
fn only_an_allowed_way_to_sign_in_accepts() {
    invited().when(accept(1, "google", start())).then_expect_error(Refusal::AuthMethodNotAllowed);
}

#[test]
fn a_way_to_sign_in_must_be_offered() {
    let not_offered = || Refusal::AuthMethodNotOffered { id: method("okta") };
    let okta = UserCommand::Invite(InviteUser { auth_methods: methods(&["okta"]), ..invite_ada() });
    new().when(okta).then_expect_error(not_offered());
    let okta = UserCommand::Update(UpdateUser { auth_methods: Some(methods(&["okta", "password"])), ..no_change() });
    active().when(okta).then_expect_error(not_offered());
}

#[test]
fn a_user_is_invited_once() {
    invited().when(invite()).then_expect_error(Refusal::AlreadyInvited);
    active().when(invite()).then_expect_error(Refusal::AlreadyMember);
}

#[test]
fn the_newest_link_is_shown_while_it_works_and_history_has_every_time() {
    let revealed = |number| UserEvent::InvitationLinkRevealed { invitation_id: invitation(number) };
    let shown = || invited().and(vec![revealed(1)]);
    shown().when(reveal(start())).then_expect_events(vec![revealed(1)]);
    let resent = || invited().and(vec![UserEvent::InvitationResent { invitation_id: invitation(2), expires_at: start() + DAY }]);
    resent().when(reveal(start() + DAY - TimeDelta::microseconds(1))).then_expect_events(vec![revealed(2)]);
    resent().when(reveal(start() + DAY)).then_expect_error(Refusal::InvitationExpired);
    active().when(reveal(start())).then_expect_error(Refusal::UserNotPending);
    deleted().when(reveal(start())).then_expect_error(Refusal::UserDeleted);
}

#[test]
fn a_member_has_no_invitation_to_resend() {
    active().when(resend("ada@example.com", 2, start())).then_expect_error(Refusal::UserNotPending);
}

#[test]
fn nothing_but_an_invitation_begins_a_user() {
    for command in [
        accept(1, "password", start()),
        delete("ada@example.com", false),
        set_active(true),
        resend("ada@example.com", 2, start()),
        leave("ada@example.com"),
    ] {
        new().when(command).then_expect_error(Refusal::NotFound);
    }
}
