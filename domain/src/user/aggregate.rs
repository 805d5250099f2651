//! The state of a user, and its decisions.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AcceptInvitation, DeleteUser, EraseUser, InviteUser, IssuePasswordLink, LeaveAccount, ResendInvitation, RevealInvitationLink,
    UpdateUser, UserCommand, UserEvent,
};
use crate::stream::aggregate;
use crate::{AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Proof, ProviderIdentity, Refusal, Role, UserId};

/// A user, as far as decisions need to know them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    status: Option<Status>,
    email: Personal<EmailAddress>,
    name: Option<Personal<Name>>,
    role: Role,
    auth_methods: Option<AuthMethods>,
    invitation: Option<Invitation>,
    /// Who they are to the providers that they have signed in with.
    links: BTreeMap<AuthMethodId, Link>,
    is_erased: bool,
}

/// Where a user stands. That an invitation has expired is a matter of the clock, not of events.
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
struct Invitation {
    id: InvitationId,
    expires_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Link {
    issuer: String,
    subject: Personal<String>,
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
    /// A user as a reader sees them, to ask what would be decided of them.
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

    /// Where they stand; `None` before the first event.
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

    pub(crate) fn decide_command(&self, command: UserCommand) -> Result<Vec<UserEvent>, Refusal> {
        match (command, self.status) {
            (UserCommand::Invite(invite), None) => invited(invite),
            (UserCommand::Invite(_), Some(Status::Invited)) => Err(Refusal::AlreadyInvited),
            (UserCommand::Invite(_), Some(_)) => Err(Refusal::AlreadyMember),
            (_, None) => Err(Refusal::NotFound),
            (UserCommand::Accept(accept), Some(_)) => self.accepted(accept),
            (UserCommand::Delete(_) | UserCommand::Leave(_), Some(Status::Deleted)) | (UserCommand::EndSessions, Some(Status::Invited)) => {
                Ok(vec![])
            }
            (UserCommand::Erase(erase), Some(status)) => self.erased(status, &erase),
            (_, Some(Status::Deleted)) => Err(Refusal::UserDeleted),
            (UserCommand::Delete(delete), Some(_)) => self.deleted(&delete),
            (UserCommand::Resend(resend), Some(Status::Invited)) => self.resent(&resend),
            (UserCommand::RevealLink(reveal), Some(Status::Invited)) => self.revealed(&reveal),
            (UserCommand::Resend(_) | UserCommand::RevealLink(_), Some(_)) => Err(Refusal::UserNotPending),
            (UserCommand::Leave(_), Some(Status::Invited)) => Err(Refusal::InvitationPending),
            (UserCommand::Leave(leave), Some(_)) => self.left(&leave),
            (UserCommand::Update(update), Some(status)) => self.updated(status, update),
            (UserCommand::EndSessions, Some(_)) => Ok(vec![UserEvent::SessionsEnded {}]),
            (UserCommand::SetPassword, Some(status)) => self.password_set(status),
            (UserCommand::IssuePasswordLink(issue), Some(status)) => self.password_link_issued(status, &issue),
            (UserCommand::LinkProvider(identity), Some(status)) => {
                Self::require_access(status)?;
                self.linked(&identity)
            }
        }
    }

    fn accepted(&self, accept: AcceptInvitation) -> Result<Vec<UserEvent>, Refusal> {
        self.check_invitation(accept.invitation_id, accept.at)?;
        let auth_method = accept.proof.auth_method();
        if !self.may_use(&auth_method) {
            return Err(Refusal::AuthMethodNotAllowed);
        }
        let mut events = vec![UserEvent::Accepted { auth_method }];
        match accept.proof {
            Proof::Password => events.push(UserEvent::PasswordSet {}),
            Proof::Provider(identity) => events.extend(self.linked(&identity)?),
        }
        events.extend(accept.name.map(|name| UserEvent::NameChanged { name: Personal::Known(name) }));
        Ok(events)
    }

    fn resent(&self, resend: &ResendInvitation) -> Result<Vec<UserEvent>, Refusal> {
        self.confirmed_by(&resend.confirm_email)?;
        Ok(vec![UserEvent::InvitationResent { invitation_id: resend.invitation_id, expires_at: resend.at + resend.lifetime.lifetime() }])
    }

    fn revealed(&self, reveal: &RevealInvitationLink) -> Result<Vec<UserEvent>, Refusal> {
        let Invitation { id, .. } = self.invitation.ok_or(Refusal::UserNotPending)?;
        self.check_invitation(id, reveal.at)?;
        Ok(vec![UserEvent::InvitationLinkRevealed { invitation_id: id }])
    }

    fn updated(&self, status: Status, update: UpdateUser) -> Result<Vec<UserEvent>, Refusal> {
        let mut events = vec![];
        if let Some(to) = update.role
            && to != self.role
        {
            events.push(UserEvent::RoleChanged { from: self.role, to });
        }
        if let Some(to) = update.auth_methods
            && let Some(from) = self.auth_methods.clone()
            && to != from
        {
            to.within(&update.offered)?;
            events.push(UserEvent::AuthMethodsChanged { from, to });
        }
        if let Some(name) = update.name.map(Personal::Known)
            && self.name.as_ref() != Some(&name)
        {
            events.push(UserEvent::NameChanged { name });
        }
        match (update.active, status) {
            (Some(_), Status::Invited) => return Err(Refusal::InvitationPending),
            (Some(false), Status::Active) if update.by_self => return Err(Refusal::CannotDeactivateSelf),
            (Some(false), Status::Active) => events.push(UserEvent::Deactivated {}),
            (Some(true), Status::Inactive) => events.push(UserEvent::Activated {}),
            _ => {}
        }
        Ok(events)
    }

    fn deleted(&self, delete: &DeleteUser) -> Result<Vec<UserEvent>, Refusal> {
        if delete.by_self {
            return Err(Refusal::CannotDeleteSelf);
        }
        self.confirmed_by(&delete.confirm_email)?;
        Ok(vec![UserEvent::Deleted {}])
    }

    fn erased(&self, status: Status, erase: &EraseUser) -> Result<Vec<UserEvent>, Refusal> {
        if status != Status::Deleted {
            return Err(Refusal::UserNotDeleted);
        }
        if self.is_erased {
            return Ok(vec![]);
        }
        erase.confirm_email.as_ref().map_or(Ok(()), |typed| self.confirmed_by(typed))?;
        Ok(vec![UserEvent::Erased {}])
    }

    fn left(&self, leave: &LeaveAccount) -> Result<Vec<UserEvent>, Refusal> {
        self.confirmed_by(&leave.confirm_email)?;
        Ok(vec![UserEvent::Left {}])
    }

    fn password_set(&self, status: Status) -> Result<Vec<UserEvent>, Refusal> {
        self.require_password(status)?;
        Ok(vec![UserEvent::PasswordSet {}, UserEvent::SessionsEnded {}])
    }

    fn password_link_issued(&self, status: Status, issue: &IssuePasswordLink) -> Result<Vec<UserEvent>, Refusal> {
        self.require_password(status)?;
        Ok(vec![UserEvent::PasswordLinkIssued { expires_at: issue.expires_at }])
    }

    /// Only a user with access who may sign in with a password can have one.
    fn require_password(&self, status: Status) -> Result<(), Refusal> {
        Self::require_access(status)?;
        if self.may_use(&AuthMethodId::password()) { Ok(()) } else { Err(Refusal::AuthMethodNotAllowed) }
    }

    /// At first the address that the provider vouches for says who it is; from then on the provider's own name for the person does.
    fn linked(&self, identity: &ProviderIdentity) -> Result<Vec<UserEvent>, Refusal> {
        if !self.may_use(&identity.auth_method) {
            return Err(Refusal::AuthMethodNotAllowed);
        }
        if let Some(link) = self.links.get(&identity.auth_method) {
            let same = link.issuer == identity.issuer && link.subject.known() == Some(&identity.subject);
            return if same { Ok(vec![]) } else { Err(Refusal::ProviderAccountDiffers) };
        }
        let vouched_for = identity.verified_email().ok_or(Refusal::ProviderEmailUnverified)?;
        if !self.email.known().is_some_and(|email| email.same_as(vouched_for)) {
            return Err(Refusal::ProviderEmailMismatch);
        }
        let ProviderIdentity { auth_method, issuer, subject, .. } = identity.clone();
        Ok(vec![UserEvent::ProviderLinked { auth_method, issuer, subject: Personal::Known(subject) }])
    }

    fn require_access(status: Status) -> Result<(), Refusal> {
        match status {
            Status::Active => Ok(()),
            Status::Invited => Err(Refusal::InvitationNotAccepted),
            Status::Inactive | Status::Deleted => Err(Refusal::AccessDeactivated),
        }
    }

    fn confirmed_by(&self, typed: &EmailAddress) -> Result<(), Refusal> {
        match self.email.known() {
            Some(email) if email.same_as(typed) => Ok(()),
            _ => Err(Refusal::ConfirmationMismatch),
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

fn invited(invite: InviteUser) -> Result<Vec<UserEvent>, Refusal> {
    invite.auth_methods.within(&invite.offered)?;
    Ok(vec![UserEvent::Invited {
        account_id: invite.account_id,
        email: Personal::Known(invite.email),
        role: invite.role,
        auth_methods: invite.auth_methods,
        invitation_id: invite.invitation_id,
        expires_at: invite.at + invite.lifetime.lifetime(),
    }])
}
