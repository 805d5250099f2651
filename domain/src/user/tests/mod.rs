//! Given a history, when a command comes, then these events or this refusal.

mod access;
mod histories;
mod invitations;
mod leaving;
mod providers;
mod undo;

use chrono::{DateTime, TimeDelta, Utc};
use cqrs_es::test::AggregateTestExecutor;
use uuid::Uuid;

use super::*;
use crate::given::given;
use crate::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationHours, InvitationId, Personal, Proof, ProviderIdentity, Role};

const DAY: TimeDelta = TimeDelta::hours(24);
const ISSUER: &str = "https://id.example";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).expect("valid")
}

fn method(id: &str) -> AuthMethodId {
    AuthMethodId::parse(id).expect("valid")
}

fn methods(ids: &[&str]) -> AuthMethods {
    AuthMethods::parse(ids.iter().map(|id| method(id))).expect("not empty")
}

fn invitation(number: u128) -> InvitationId {
    InvitationId::new(Uuid::from_u128(number))
}

/// A user without a history.
fn new() -> AggregateTestExecutor<User> {
    given([])
}

/// An invited user.
fn invited() -> AggregateTestExecutor<User> {
    given([invited_event()])
}

/// A member who signs in with a password.
fn active() -> AggregateTestExecutor<User> {
    invited().and(vec![accepted("password"), UserEvent::PasswordSet {}])
}

/// A member without access.
fn inactive() -> AggregateTestExecutor<User> {
    active().and(vec![UserEvent::Deactivated {}])
}

/// A user who was deleted before they accepted the invitation.
fn deleted() -> AggregateTestExecutor<User> {
    invited().and(vec![UserEvent::Deleted {}])
}

fn invite_ada() -> InviteUser {
    InviteUser {
        account_id: AccountId::new(Uuid::from_u128(7)),
        email: email("ada@example.com"),
        role: Role::Editor,
        auth_methods: methods(&["password"]),
        offered: methods(&["password", "google"]),
        lifetime: InvitationHours::default(),
        invitation_id: invitation(1),
        at: start(),
    }
}

fn invite() -> UserCommand {
    UserCommand::Invite(invite_ada())
}

/// What [`invite`] leads to.
fn invited_event() -> UserEvent {
    UserEvent::Invited {
        account_id: AccountId::new(Uuid::from_u128(7)),
        email: Personal::Known(email("ada@example.com")),
        role: Role::Editor,
        auth_methods: methods(&["password"]),
        invitation_id: invitation(1),
        expires_at: start() + DAY,
    }
}

fn accept(number: u128, way: &str, at: DateTime<Utc>) -> UserCommand {
    let proof = if way == "password" { Proof::Password } else { Proof::Provider(known_as(way, "1", "Ada@Example.com")) };
    UserCommand::Accept(AcceptInvitation { invitation_id: invitation(number), proof, name: None, at })
}

fn accepted(way: &str) -> UserEvent {
    UserEvent::Accepted { auth_method: method(way) }
}

/// Who a user is to a provider that vouches for their address.
fn known_as(way: &str, subject: &str, address: &str) -> ProviderIdentity {
    ProviderIdentity {
        auth_method: method(way),
        issuer: ISSUER.to_owned(),
        subject: subject.to_owned(),
        email: Some(email(address)),
        email_verified: true,
    }
}

fn linked(way: &str, subject: &str) -> UserEvent {
    UserEvent::ProviderLinked { auth_method: method(way), issuer: ISSUER.to_owned(), subject: Personal::Known(subject.to_owned()) }
}

fn resend(typed: &str, number: u128, at: DateTime<Utc>) -> UserCommand {
    UserCommand::Resend(ResendInvitation {
        confirm_email: Some(email(typed)),
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
    UserCommand::Delete(DeleteUser { confirm_email: Some(email(typed)), by_self })
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

/// A change from the password alone to these ways to sign in.
fn methods_changed(from: &[&str], to: &[&str]) -> UserEvent {
    UserEvent::AuthMethodsChanged { from: methods(from), to: methods(to) }
}
