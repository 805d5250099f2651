//! Given a history, when a command comes, then these events or this refusal.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationHours, InvitationId, Name, Personal, Proof, ProviderIdentity, Refusal,
    Role, Stream,
};

const DAY: TimeDelta = TimeDelta::hours(24);

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("valid")
}

fn methods(ids: &[&str]) -> AuthMethods {
    AuthMethods::parse(ids.iter().map(|id| AuthMethodId::parse(id).expect("valid"))).expect("not empty")
}

fn invitation(number: u128) -> InvitationId {
    InvitationId::new(Uuid::from_u128(number))
}

fn invite() -> UserCommand {
    UserCommand::Invite(InviteUser {
        account_id: AccountId::new(Uuid::from_u128(7)),
        email: email("ada@example.com"),
        role: Role::Editor,
        auth_methods: methods(&["password"]),
        offered: methods(&["password", "google"]),
        lifetime: InvitationHours::default(),
        invitation_id: invitation(1),
        at: start(),
    })
}

fn accept(number: u128, method: &str, at: DateTime<Utc>) -> UserCommand {
    let proof = if method == "password" { Proof::Password } else { Proof::Provider(known_as(method, "1", "Ada@Example.com")) };
    UserCommand::Accept(AcceptInvitation { invitation_id: invitation(number), proof, name: None, at })
}

/// Who somebody is to a provider that vouches for their address.
fn known_as(method: &str, subject: &str, address: &str) -> ProviderIdentity {
    ProviderIdentity {
        auth_method: AuthMethodId::parse(method).expect("valid"),
        issuer: "https://id.example".to_owned(),
        subject: subject.to_owned(),
        email: Some(email(address)),
        email_verified: true,
    }
}

/// A member who has signed in with a provider.
fn linked() -> User {
    let both = UserCommand::Update(UpdateUser { auth_methods: Some(methods(&["google", "password"])), ..no_change() });
    given([invite(), both, accept(1, "google", start())])
}

fn resend(typed: &str, number: u128, at: DateTime<Utc>) -> UserCommand {
    UserCommand::Resend(ResendInvitation {
        confirm_email: email(typed),
        lifetime: InvitationHours::default(),
        invitation_id: invitation(number),
        at,
    })
}

fn reveal(at: DateTime<Utc>) -> UserCommand {
    UserCommand::RevealLink(RevealInvitationLink { at })
}

fn issue_password_link() -> UserCommand {
    UserCommand::IssuePasswordLink(IssuePasswordLink { expires_at: start() })
}

fn delete(typed: &str, by_self: bool) -> UserCommand {
    UserCommand::Delete(DeleteUser { confirm_email: email(typed), by_self })
}

fn erase(typed: &str) -> UserCommand {
    UserCommand::Erase(EraseUser { confirm_email: Some(email(typed)) })
}

fn leave(typed: &str) -> UserCommand {
    UserCommand::Leave(LeaveAccount { confirm_email: email(typed) })
}

fn no_change() -> UpdateUser {
    UpdateUser { role: None, auth_methods: None, offered: methods(&["password", "google"]), active: None, name: None, by_self: false }
}

fn set_active(active: bool) -> UserCommand {
    UserCommand::Update(UpdateUser { active: Some(active), ..no_change() })
}

/// The user after these commands, each of which must be allowed.
fn given(commands: impl IntoIterator<Item = UserCommand>) -> User {
    let mut user = User::default();
    for command in commands {
        for event in user.decide(command).expect("allowed") {
            user.apply_event(event);
        }
    }
    user
}

fn invited() -> User {
    given([invite()])
}

fn active() -> User {
    given([invite(), accept(1, "password", start())])
}

#[test]
fn an_invitation_works_until_the_last_instant_before_24_hours() {
    assert!(invited().decide(accept(1, "password", start() + DAY - TimeDelta::microseconds(1))).is_ok());
    assert_eq!(invited().decide(accept(1, "password", start() + DAY)), Err(Refusal::InvitationExpired));
}

#[test]
fn accepting_with_a_password_says_that_one_was_set_and_never_which() {
    let events = invited().decide(accept(1, "password", start())).expect("allowed");
    assert_eq!(events, [UserEvent::Accepted { auth_method: AuthMethodId::password() }, UserEvent::PasswordSet {}]);
}

#[test]
fn an_invitation_is_accepted_once() {
    assert_eq!(active().decide(accept(1, "password", start())), Err(Refusal::InvitationAlreadyAccepted));
}

#[test]
fn a_resend_kills_the_old_link_and_starts_another_24_hours() {
    let user = given([invite(), resend("ADA@Example.com", 2, start() + DAY)]);
    assert_eq!(user.decide(accept(1, "password", start())), Err(Refusal::InvitationReplaced));
    assert!(user.decide(accept(2, "password", start() + DAY + DAY - TimeDelta::seconds(1))).is_ok());
    assert_eq!(user.decide(accept(2, "password", start() + DAY + DAY)), Err(Refusal::InvitationExpired));
}

#[test]
fn an_invitation_works_for_as_long_as_its_account_says() {
    let hour = InvitationHours::parse(1).expect("valid");
    let UserCommand::Invite(invite) = invite() else { unreachable!("it is an invitation") };
    let user = given([UserCommand::Invite(InviteUser { lifetime: hour, ..invite })]);
    assert!(user.decide(accept(1, "password", start() + TimeDelta::minutes(59))).is_ok());
    assert_eq!(user.decide(accept(1, "password", start() + TimeDelta::hours(1))), Err(Refusal::InvitationExpired));
}

#[test]
fn a_deleted_invitation_cannot_be_accepted() {
    let user = given([invite(), delete("ada@example.com", false)]);
    assert_eq!(user.decide(accept(1, "password", start())), Err(Refusal::InvitationRevoked));
}

#[test]
fn only_an_allowed_way_to_sign_in_accepts() {
    assert_eq!(invited().decide(accept(1, "google", start())), Err(Refusal::AuthMethodNotAllowed));
}

#[test]
fn a_way_to_sign_in_must_be_offered() {
    let UserCommand::Invite(invite) = invite() else { unreachable!("it is an invitation") };
    let unknown = AuthMethodId::parse("okta").expect("valid");
    let refused = User::default().decide(UserCommand::Invite(InviteUser { auth_methods: methods(&["okta"]), ..invite }));
    assert_eq!(refused, Err(Refusal::AuthMethodNotOffered { id: unknown.clone() }));
    let update = UpdateUser { auth_methods: Some(methods(&["okta", "password"])), ..no_change() };
    assert_eq!(active().decide(UserCommand::Update(update)), Err(Refusal::AuthMethodNotOffered { id: unknown }));
}

#[test]
fn a_user_is_invited_once() {
    assert_eq!(invited().decide(invite()), Err(Refusal::AlreadyInvited));
    assert_eq!(active().decide(invite()), Err(Refusal::AlreadyMember));
}

#[test]
fn the_typed_address_must_be_the_users() {
    assert_eq!(active().decide(delete("eve@example.com", false)), Err(Refusal::ConfirmationMismatch));
    assert_eq!(invited().decide(resend("eve@example.com", 2, start())), Err(Refusal::ConfirmationMismatch));
    assert!(active().decide(delete(" ADA@EXAMPLE.com ", false)).is_ok());
}

#[test]
fn one_button_saves_role_methods_access_and_name_together() {
    let update = UpdateUser {
        role: Some(Role::Admin),
        auth_methods: Some(methods(&["google"])),
        active: Some(false),
        name: Name::parse("Ada").ok(),
        ..no_change()
    };
    let events = active().decide(UserCommand::Update(update)).expect("allowed");
    assert_eq!(
        events,
        [
            UserEvent::RoleChanged { from: Role::Editor, to: Role::Admin },
            UserEvent::AuthMethodsChanged { from: methods(&["password"]), to: methods(&["google"]) },
            UserEvent::NameChanged { name: Personal::Known(Name::parse("Ada").expect("valid")) },
            UserEvent::Deactivated {},
        ]
    );
}

#[test]
fn doing_what_is_done_is_no_event_and_no_error() {
    let update = UpdateUser { role: Some(Role::Editor), auth_methods: Some(methods(&["password"])), active: Some(true), ..no_change() };
    assert_eq!(active().decide(UserCommand::Update(update)), Ok(vec![]));
    let deleted = given([invite(), delete("ada@example.com", false)]);
    assert_eq!(deleted.decide(delete("ada@example.com", false)), Ok(vec![]));
}

#[test]
fn a_pending_user_is_updated_but_neither_deactivated_nor_activated() {
    assert_eq!(invited().decide(set_active(false)), Err(Refusal::InvitationPending));
    assert_eq!(invited().decide(set_active(true)), Err(Refusal::InvitationPending));
    let promoted = given([invite(), UserCommand::Update(UpdateUser { role: Some(Role::Admin), ..no_change() })]);
    assert_eq!(promoted.role(), Role::Admin);
}

#[test]
fn nobody_deactivates_or_deletes_themselves() {
    let update = UpdateUser { active: Some(false), by_self: true, ..no_change() };
    assert_eq!(active().decide(UserCommand::Update(update)), Err(Refusal::CannotDeactivateSelf));
    assert_eq!(active().decide(delete("ada@example.com", true)), Err(Refusal::CannotDeleteSelf));
}

#[test]
fn a_user_who_leaves_is_gone_for_good_and_history_says_that_it_was_their_will() {
    assert_eq!(active().decide(leave("ADA@example.com")), Ok(vec![UserEvent::Left {}]));
    assert_eq!(active().decide(leave("eve@example.com")), Err(Refusal::ConfirmationMismatch));
    assert_eq!(invited().decide(leave("ada@example.com")), Err(Refusal::InvitationPending));
    let gone = given([invite(), accept(1, "password", start()), leave("ada@example.com")]);
    assert_eq!(gone.status(), Some(Status::Deleted));
    assert_eq!(gone.decide(leave("ada@example.com")), Ok(vec![]));
    assert_eq!(gone.decide(delete("ada@example.com", false)), Ok(vec![]));
    assert_eq!(gone.decide(set_active(true)), Err(Refusal::UserDeleted));
}

#[test]
fn accepting_with_a_provider_remembers_who_they_are_there() {
    let UserCommand::Invite(invite) = invite() else { unreachable!("it is an invitation") };
    let user = given([UserCommand::Invite(InviteUser { auth_methods: methods(&["google"]), ..invite })]);
    let events = user.decide(accept(1, "google", start())).expect("allowed");
    let (auth_method, issuer) = (AuthMethodId::parse("google").expect("valid"), "https://id.example".to_owned());
    let linked = UserEvent::ProviderLinked { auth_method: auth_method.clone(), issuer, subject: Personal::Known("1".to_owned()) };
    assert_eq!(events, [UserEvent::Accepted { auth_method }, linked]);
    assert_eq!(user.decide(accept(1, "password", start())), Err(Refusal::AuthMethodNotAllowed));
}

#[test]
fn at_first_the_verified_address_decides_and_then_the_subject() {
    let allowed = UserCommand::Update(UpdateUser { auth_methods: Some(methods(&["google", "password"])), ..no_change() });
    let user = given([invite(), accept(1, "password", start()), allowed]);
    let ada = known_as("google", "1", "ADA@example.com");
    let unverified = ProviderIdentity { email_verified: false, ..ada.clone() };
    let nameless = ProviderIdentity { email: None, ..ada.clone() };
    for (identity, expected) in [
        (unverified, Refusal::ProviderEmailUnverified),
        (nameless.clone(), Refusal::ProviderEmailUnverified),
        (known_as("google", "1", "eve@example.com"), Refusal::ProviderEmailMismatch),
        (known_as("okta", "1", "ada@example.com"), Refusal::AuthMethodNotAllowed),
    ] {
        assert_eq!(user.decide(UserCommand::LinkProvider(identity)), Err(expected));
    }
    assert_eq!(user.decide(UserCommand::LinkProvider(ada)).map(|events| events.len()), Ok(1));

    let elsewhere = ProviderIdentity { issuer: "https://other.example".to_owned(), ..known_as("google", "1", "ada@example.com") };
    for (identity, expected) in [
        (known_as("google", "1", "renamed@example.com"), Ok(vec![])),
        (nameless, Ok(vec![])),
        (known_as("google", "2", "ada@example.com"), Err(Refusal::ProviderAccountDiffers)),
        (elsewhere, Err(Refusal::ProviderAccountDiffers)),
    ] {
        assert_eq!(linked().decide(UserCommand::LinkProvider(identity)), expected);
    }
}

#[test]
fn a_way_that_is_taken_away_and_given_again_starts_over() {
    let ways = |ids: &[&str]| UserCommand::Update(UpdateUser { auth_methods: Some(methods(ids)), ..no_change() });
    let mut user = linked();
    for command in [ways(&["password"]), ways(&["google", "password"])] {
        for event in user.decide(command).expect("allowed") {
            user.apply_event(event);
        }
    }
    assert_eq!(user.decide(UserCommand::LinkProvider(known_as("google", "2", "ada@example.com"))).map(|events| events.len()), Ok(1));
}

#[test]
fn whoever_has_no_access_gets_no_password_and_no_link() {
    let inactive = given([invite(), accept(1, "password", start()), set_active(false)]);
    for (user, expected) in [(invited(), Refusal::InvitationNotAccepted), (inactive, Refusal::AccessDeactivated)] {
        assert_eq!(user.decide(UserCommand::SetPassword), Err(expected.clone()));
        assert_eq!(user.decide(UserCommand::LinkProvider(known_as("google", "1", "ada@example.com"))), Err(expected));
    }
    assert_eq!(active().decide(UserCommand::SetPassword), Ok(vec![UserEvent::PasswordSet {}, UserEvent::SessionsEnded {}]));
    let google_only = UserCommand::Update(UpdateUser { auth_methods: Some(methods(&["google"])), ..no_change() });
    let user = given([invite(), accept(1, "password", start()), google_only]);
    assert_eq!(user.decide(UserCommand::SetPassword), Err(Refusal::AuthMethodNotAllowed));
    assert_eq!(user.decide(issue_password_link()), Err(Refusal::AuthMethodNotAllowed));
}

#[test]
fn every_link_for_a_new_password_that_an_operator_is_shown_is_one_event() {
    let issued = Ok(vec![UserEvent::PasswordLinkIssued { expires_at: start() }]);
    assert_eq!(active().decide(issue_password_link()), issued);
    let inactive = given([invite(), accept(1, "password", start()), set_active(false)]);
    let deleted = given([invite(), delete("ada@example.com", false)]);
    for (user, expected) in
        [(invited(), Refusal::InvitationNotAccepted), (inactive, Refusal::AccessDeactivated), (deleted, Refusal::UserDeleted)]
    {
        assert_eq!(user.decide(issue_password_link()), Err(expected));
    }
}

#[test]
fn sessions_end_of_whoever_can_have_some() {
    assert_eq!(active().decide(UserCommand::EndSessions), Ok(vec![UserEvent::SessionsEnded {}]));
    assert_eq!(invited().decide(UserCommand::EndSessions), Ok(vec![]));
}

#[test]
fn the_newest_link_is_shown_while_it_works_and_every_time_is_remembered() {
    let revealed = |number| Ok(vec![UserEvent::InvitationLinkRevealed { invitation_id: invitation(number) }]);
    assert_eq!(given([invite(), reveal(start())]).decide(reveal(start())), revealed(1));
    let resent = given([invite(), resend("ada@example.com", 2, start())]);
    assert_eq!(resent.decide(reveal(start() + DAY - TimeDelta::microseconds(1))), revealed(2));
    assert_eq!(resent.decide(reveal(start() + DAY)), Err(Refusal::InvitationExpired));
    assert_eq!(active().decide(reveal(start())), Err(Refusal::UserNotPending));
    assert_eq!(given([invite(), delete("ada@example.com", false)]).decide(reveal(start())), Err(Refusal::UserDeleted));
}

#[test]
fn only_who_is_deleted_is_erased_once_and_by_their_address() {
    for user in [invited(), active(), given([invite(), accept(1, "password", start()), set_active(false)])] {
        assert_eq!(user.decide(erase("ada@example.com")), Err(Refusal::UserNotDeleted));
    }
    let deleted = given([invite(), delete("ada@example.com", false)]);
    assert_eq!(deleted.decide(erase("eve@example.com")), Err(Refusal::ConfirmationMismatch));
    assert_eq!(deleted.decide(erase("ADA@example.com")), Ok(vec![UserEvent::Erased {}]));
    let again = UserCommand::Erase(EraseUser { confirm_email: None });
    assert_eq!(deleted.decide(again), Ok(vec![UserEvent::Erased {}]));
    let erased = given([invite(), delete("ada@example.com", false), erase("ada@example.com")]);
    assert_eq!(erased.decide(erase("whoever@example.com")), Ok(vec![]), "it is done, and nobody can know the address");
    assert_eq!(erased.decide(set_active(true)), Err(Refusal::UserDeleted));
}

#[test]
fn a_member_has_no_invitation_to_resend() {
    assert_eq!(active().decide(resend("ada@example.com", 2, start())), Err(Refusal::UserNotPending));
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
        assert_eq!(User::default().decide(command), Err(Refusal::NotFound));
    }
}

fn any_command() -> impl Strategy<Value = UserCommand> {
    let typed = prop_oneof![Just("ada@example.com"), Just("ADA@example.COM"), Just("eve@example.com")];
    let at = (0..60_i64).prop_map(|hours| start() + TimeDelta::hours(hours));
    let method = prop_oneof![Just("password"), Just("google")];
    let name = prop_oneof![Just(None), Just(Name::parse("Ada").ok()), Just(Name::parse("Grace").ok())];
    let role = prop::option::of(prop::sample::select(Role::ALL.to_vec()));
    let ways =
        prop::option::of(prop_oneof![Just(methods(&["password"])), Just(methods(&["google", "password"])), Just(methods(&["okta"]))]);
    prop_oneof![
        1 => Just(invite()),
        2 => (typed.clone(), 1..4_u128, at.clone()).prop_map(|(typed, number, at)| resend(typed, number, at)),
        1 => at.clone().prop_map(reveal),
        3 => (1..4_u128, method, at).prop_map(|(number, method, at)| accept(number, method, at)),
        4 => (role, ways, prop::option::of(any::<bool>()), name, any::<bool>()).prop_map(|(role, auth_methods, active, name, by_self)| {
            UserCommand::Update(UpdateUser { role, auth_methods, active, name, by_self, ..no_change() })
        }),
        1 => typed.clone().prop_map(leave),
        1 => typed.clone().prop_map(erase),
        1 => Just(UserCommand::SetPassword),
        1 => Just(issue_password_link()),
        1 => Just(UserCommand::EndSessions),
        2 => (prop_oneof![Just("google"), Just("okta")], prop_oneof![Just("1"), Just("2")], typed.clone())
            .prop_map(|(method, subject, typed)| UserCommand::LinkProvider(known_as(method, subject, typed))),
        1 => (typed, any::<bool>()).prop_map(|(typed, by_self)| delete(typed, by_self)),
    ]
}

/// What must hold for a history as a whole, whatever was asked.
fn check_history(events: &[UserEvent]) {
    let count = |wanted: fn(&UserEvent) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|e| matches!(e, UserEvent::Invited { .. })), usize::from(!events.is_empty()));
    assert!(events.is_empty() || matches!(events[0], UserEvent::Invited { .. }));
    assert!(count(|e| matches!(e, UserEvent::Accepted { .. })) <= 1);
    let after = events.iter().skip_while(|e| !matches!(e, UserEvent::Deleted {} | UserEvent::Left {})).skip(1);
    assert!(after.clone().count() <= 1 && after.clone().all(|e| matches!(e, UserEvent::Erased {})), "only an erasure follows a deletion");
    let access: Vec<_> = events.iter().filter(|e| matches!(e, UserEvent::Deactivated {} | UserEvent::Activated {})).collect();
    assert!(access.windows(2).all(|pair| pair[0] != pair[1]), "access is taken and given in turns");
    assert!(!events.iter().any(|e| matches!(e, UserEvent::RoleChanged { from, to } if from == to)));
    assert!(!events.iter().any(|e| matches!(e, UserEvent::AuthMethodsChanged { from, to } if from == to)));
}

proptest! {
    #[test]
    fn any_commands_leave_the_invariants_true_and_replay_gives_what_deciding_saw(commands in prop::collection::vec(any_command(), 0..40)) {
        let (mut user, mut history) = (User::default(), vec![]);
        for command in std::iter::once(invite()).chain(commands) {
            let Ok(events) = user.decide(command.clone()) else { continue };
            for event in events {
                history.push(event.clone());
                user.apply_event(event);
            }
            let harmless = user.decide(command.clone()).map_or(true, |events| events.is_empty());
            let repeatable = matches!(command, UserCommand::Resend(_) | UserCommand::RevealLink(_) | UserCommand::IssuePasswordLink(_) | UserCommand::SetPassword | UserCommand::EndSessions);
            prop_assert!(harmless || repeatable, "a retry adds nothing: {command:?}");
        }
        check_history(&history);
        let mut replayed = User::default();
        for event in history {
            let stored = serde_json::to_string(&event).expect("an event is JSON");
            replayed.apply_event(serde_json::from_str(&stored).expect("and reads back"));
        }
        prop_assert_eq!(replayed, user);
    }
}
