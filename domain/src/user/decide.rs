//! What a user's commands lead to.

use super::aggregate::{Invitation, Status, User};
use super::{
    AcceptInvitation, DeleteUser, EraseUser, InviteUser, IssuePasswordLink, LeaveAccount, ResendInvitation, RevealInvitationLink,
    UpdateUser, UserCommand, UserEvent,
};
use crate::{AuthMethodId, EmailAddress, Personal, Proof, ProviderIdentity, Refusal};

impl User {
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
        self.confirmed_by(resend.confirm_email.as_ref())?;
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
        self.confirmed_by(delete.confirm_email.as_ref())?;
        Ok(vec![UserEvent::Deleted {}])
    }

    fn erased(&self, status: Status, erase: &EraseUser) -> Result<Vec<UserEvent>, Refusal> {
        if status != Status::Deleted {
            return Err(Refusal::UserNotDeleted);
        }
        if self.is_erased {
            return Ok(vec![]);
        }
        self.confirmed_by(erase.confirm_email.as_ref())?;
        Ok(vec![UserEvent::Erased {}])
    }

    fn left(&self, leave: &LeaveAccount) -> Result<Vec<UserEvent>, Refusal> {
        self.confirmed_by(Some(&leave.confirm_email))?;
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

    /// Without a typed address, nothing is to be confirmed.
    fn confirmed_by(&self, typed: Option<&EmailAddress>) -> Result<(), Refusal> {
        match (typed, self.email.known()) {
            (None, _) => Ok(()),
            (Some(typed), Some(email)) if email.same_as(typed) => Ok(()),
            _ => Err(Refusal::ConfirmationMismatch),
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
