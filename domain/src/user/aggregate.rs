//! The state of a user. What its commands lead to is in `decide.rs`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{UserCommand, UserEvent};
use crate::stream::aggregate;
use crate::{AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Refusal, Role, Stream, UserId};

/// A user, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub(super) status: Option<Status>,
    pub(super) email: Personal<EmailAddress>,
    pub(super) name: Option<Personal<Name>>,
    pub(super) role: Role,
    pub(super) auth_methods: Option<AuthMethods>,
    pub(super) invitation: Option<Invitation>,
    /// Who the user is to the providers that they have signed in with.
    pub(super) links: BTreeMap<AuthMethodId, Link>,
    pub(super) is_erased: bool,
}

/// The status of a user. An invitation expires by the clock, not by an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Invited, not yet accepted.
    Invited,
    /// A member with access.
    Active,
    /// A member without access.
    Inactive,
    /// Gone for good.
    Deleted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    pub(super) id: InvitationId,
    pub(super) expires_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) issuer: String,
    pub(super) subject: Personal<String>,
}

aggregate!(
    User,
    "user",
    UserId,
    UserCommand,
    UserEvent {
        Invited,
        InvitationResent,
        InvitationLinkRevealed,
        PasswordLinkIssued,
        Accepted,
        RoleChanged,
        AuthMethodsChanged,
        NameChanged,
        Deactivated,
        Activated,
        PasswordSet,
        ProviderLinked,
        SessionsEnded,
        Deleted,
        Left,
        Erased,
    }
);

impl User {
    /// A user from what a reader sees, to ask what a command would lead to.
    #[must_use]
    pub fn seen(
        status: Status,
        email: EmailAddress,
        role: Role,
        auth_methods: AuthMethods,
        invitation_id: InvitationId,
        expires_at: DateTime<Utc>,
    ) -> Self {
        let invitation = Some(Invitation { id: invitation_id, expires_at });
        let (email, auth_methods) = (Personal::Known(email), Some(auth_methods));
        Self { status: Some(status), email, name: None, role, auth_methods, invitation, links: BTreeMap::new(), is_erased: false }
    }

    /// The status; `None` before the first event.
    #[must_use]
    pub const fn status(&self) -> Option<Status> {
        self.status
    }

    /// Their role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether they may sign in this way, their status aside.
    #[must_use]
    pub fn may_use(&self, method: &AuthMethodId) -> bool {
        self.auth_methods.as_ref().is_some_and(|allowed| allowed.contains(method))
    }

    /// Whether this user counts as an active admin of the account.
    #[must_use]
    pub fn is_active_admin(&self) -> bool {
        self.status == Some(Status::Active) && self.role == Role::Admin
    }

    /// Whether these events take an active admin from the account.
    #[must_use]
    pub fn ends_active_admin(&self, events: &[UserEvent]) -> bool {
        self.is_active_admin() && !self.after(events).is_active_admin()
    }

    /// Their newest invitation, and from which instant on its link is dead.
    #[must_use]
    pub fn invitation(&self) -> Option<(InvitationId, DateTime<Utc>)> {
        self.invitation.map(|invitation| (invitation.id, invitation.expires_at))
    }

    /// Whether an invitation can be accepted now.
    ///
    /// # Errors
    /// Why it can not: revoked, accepted, replaced or expired.
    pub fn check_invitation(&self, id: InvitationId, at: DateTime<Utc>) -> Result<(), Refusal> {
        let newest = self.invitation.ok_or(Refusal::InvalidInvitationLink)?;
        match self.status {
            None => Err(Refusal::InvalidInvitationLink),
            Some(Status::Deleted) => Err(Refusal::InvitationRevoked),
            Some(Status::Active | Status::Inactive) => Err(Refusal::InvitationAlreadyAccepted),
            Some(Status::Invited) if newest.id != id => Err(Refusal::InvitationReplaced),
            Some(Status::Invited) if at >= newest.expires_at => Err(Refusal::InvitationExpired),
            Some(Status::Invited) => Ok(()),
        }
    }

    pub(crate) fn apply_event(&mut self, event: UserEvent) {
        match event {
            UserEvent::Invited { email, role, auth_methods, invitation_id, expires_at, account_id: _ } => {
                self.status = Some(Status::Invited);
                self.email = email;
                self.role = role;
                self.auth_methods = Some(auth_methods);
                self.invitation = Some(Invitation { id: invitation_id, expires_at });
            }
            UserEvent::InvitationResent { invitation_id, expires_at } => {
                self.invitation = Some(Invitation { id: invitation_id, expires_at });
            }
            UserEvent::Accepted { .. } | UserEvent::Activated {} => self.status = Some(Status::Active),
            UserEvent::RoleChanged { to, .. } => self.role = to,
            UserEvent::AuthMethodsChanged { to, .. } => {
                self.links.retain(|method, _| to.contains(method));
                self.auth_methods = Some(to);
            }
            UserEvent::ProviderLinked { auth_method, issuer, subject } => {
                self.links.insert(auth_method, Link { issuer, subject });
            }
            UserEvent::NameChanged { name } => self.name = Some(name),
            UserEvent::Deactivated {} => self.status = Some(Status::Inactive),
            UserEvent::InvitationLinkRevealed { .. }
            | UserEvent::PasswordLinkIssued { .. }
            | UserEvent::PasswordSet {}
            | UserEvent::SessionsEnded {} => {}
            UserEvent::Deleted {} | UserEvent::Left {} => self.status = Some(Status::Deleted),
            UserEvent::Erased {} => self.is_erased = true,
        }
    }
}
