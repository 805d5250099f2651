//! Deleting, leaving and erasing.

use super::*;
use crate::Refusal;
use crate::given::fold;

#[test]
fn the_typed_address_must_be_the_users() {
    active().when(delete("eve@example.com", false)).then_expect_error(Refusal::ConfirmationMismatch);
    invited().when(resend("eve@example.com", 2, start())).then_expect_error(Refusal::ConfirmationMismatch);
    active().when(delete(" ADA@EXAMPLE.com ", false)).then_expect_events(vec![UserEvent::Deleted {}]);
}

#[test]
fn a_user_who_leaves_is_gone_for_good_and_history_says_that_it_was_their_will() {
    active().when(leave("ADA@example.com")).then_expect_events(vec![UserEvent::Left {}]);
    active().when(leave("eve@example.com")).then_expect_error(Refusal::ConfirmationMismatch);
    invited().when(leave("ada@example.com")).then_expect_error(Refusal::InvitationPending);
    let left = || active().and(vec![UserEvent::Left {}]);
    left().when(leave("ada@example.com")).then_expect_events(vec![]);
    left().when(delete("ada@example.com", false)).then_expect_events(vec![]);
    left().when(set_active(true)).then_expect_error(Refusal::UserDeleted);
    assert_eq!(fold::<User>([invited_event(), accepted("password"), UserEvent::Left {}]).status(), Some(Status::Deleted));
}

#[test]
fn only_who_is_deleted_is_erased_once_and_by_their_address() {
    for user in [invited(), active(), inactive()] {
        user.when(erase("ada@example.com")).then_expect_error(Refusal::UserNotDeleted);
    }
    deleted().when(erase("eve@example.com")).then_expect_error(Refusal::ConfirmationMismatch);
    deleted().when(erase("ADA@example.com")).then_expect_events(vec![UserEvent::Erased {}]);
    let unconfirmed = UserCommand::Erase(EraseUser { confirm_email: None });
    deleted().when(unconfirmed).then_expect_events(vec![UserEvent::Erased {}]);
    // No one can know the address any more.
    let erased = || deleted().and(vec![UserEvent::Erased {}]);
    erased().when(erase("eve@example.com")).then_expect_events(vec![]);
    erased().when(set_active(true)).then_expect_error(Refusal::UserDeleted);
}
