//! What the actor could do to a user now, by the rules that the commands follow.

use chrono::{DateTime, Utc};
use domain::user::{DeleteUser, EraseUser, LeaveAccount, ResendInvitation, RevealInvitationLink, UpdateUser, User, UserCommand};
use domain::{AuthMethods, EmailAddress, InvitationHours, Operation, Refusal, Role, Stream};
use projections::users::UserView;

use crate::permission::{would_permit, would_permit_role};
use crate::{Commands, Context, Error};

/// What would come of each command upon a user: done, or why not.
pub struct ViewerCan {
    /// Giving another role.
    pub change_role: Result<(), Error>,
    /// Changing the ways to sign in.
    pub change_auth_methods: Result<(), Error>,
    /// Giving another name.
    pub rename: Result<(), Error>,
    /// Taking their access.
    pub deactivate: Result<(), Error>,
    /// Giving their access back.
    pub activate: Result<(), Error>,
    /// Sending the invitation again.
    pub resend_invitation: Result<(), Error>,
    /// Being shown the link of the invitation.
    pub reveal_invitation_link: Result<(), Error>,
    /// Deleting them, or revoking the invitation.
    pub delete: Result<(), Error>,
    /// Making what is personal about them unreadable.
    pub erase: Result<(), Error>,
    /// Leaving the account: for oneself only.
    pub leave: Result<(), Error>,
}

/// A user, and who asks about them.
struct Question<'a> {
    ctx: &'a Context,
    view: &'a UserView,
    user: User,
    email: EmailAddress,
    active_admins: u64,
    unchanged: UpdateUser,
}

impl Commands {
    /// Decides each command upon a user without doing it: the permission table, the aggregate's own decision, and the rule of the
    /// last admin, of whom the account has `active_admins`.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when the row holds no valid address any more, as after an erasure.
    pub fn viewer_can(&self, ctx: &Context, view: &UserView, active_admins: u64) -> Result<ViewerCan, Refusal> {
        let email = EmailAddress::parse(&view.email).map_err(|_| Refusal::NotFound)?;
        let auth_methods = AuthMethods::parse(view.auth_methods.iter().cloned())?;
        let user = User::seen(view.status, email.clone(), view.role, auth_methods, view.invitation_id, view.invitation_expires_at);
        let by_self = ctx.actor.user() == Some(view.id);
        let unchanged = UpdateUser { role: None, auth_methods: None, offered: self.offered(), active: None, name: None, by_self };
        let question = Question { ctx, view, user, email, active_admins, unchanged };
        Ok(question.answer())
    }
}

impl Question<'_> {
    fn answer(&self) -> ViewerCan {
        let update = |change: UpdateUser| self.decide(Operation::UpdateUser, UserCommand::Update(change));
        let other_role = if self.user.role() == Role::Viewer { Role::Editor } else { Role::Viewer };
        let at: DateTime<Utc> = self.ctx.at;
        let resend = ResendInvitation {
            confirm_email: Some(self.email.clone()),
            invitation_id: self.view.invitation_id,
            lifetime: InvitationHours::default(),
            at,
        };
        let delete = DeleteUser { confirm_email: Some(self.email.clone()), by_self: self.unchanged.by_self };
        ViewerCan {
            change_role: update(UpdateUser { role: Some(other_role), ..self.unchanged.clone() }),
            change_auth_methods: update(self.unchanged.clone()),
            rename: self.decide(Operation::RenameUser, UserCommand::Update(self.unchanged.clone())),
            deactivate: update(UpdateUser { active: Some(false), ..self.unchanged.clone() }),
            activate: update(UpdateUser { active: Some(true), ..self.unchanged.clone() }),
            resend_invitation: self.decide(Operation::ResendInvitation, UserCommand::Resend(resend)),
            reveal_invitation_link: self.decide(Operation::RevealInvitationLink, UserCommand::RevealLink(RevealInvitationLink { at })),
            delete: self.decide(Operation::DeleteUser, UserCommand::Delete(delete)),
            erase: self.decide(Operation::EraseUser, UserCommand::Erase(EraseUser { confirm_email: Some(self.email.clone()) })),
            leave: self.may_leave(),
        }
    }

    fn may_leave(&self) -> Result<(), Error> {
        if !self.unchanged.by_self {
            return Err(Error::Forbidden);
        }
        self.decide(Operation::LeaveAccount, UserCommand::Leave(LeaveAccount { confirm_email: self.email.clone() }))
    }

    fn decide(&self, operation: Operation, command: UserCommand) -> Result<(), Error> {
        would_permit(&self.ctx.actor, operation, self.view.account_id, self.view.id)?;
        let is_own_name = operation == Operation::RenameUser && self.unchanged.by_self;
        if operation != Operation::LeaveAccount && !is_own_name {
            would_permit_role(&self.ctx.actor, self.user.role(), self.view.account_id, self.view.id)?;
        }
        let events = self.user.decide(command)?;
        if self.user.ends_active_admin(&events) && self.active_admins <= 1 { Err(Refusal::LastAdmin.into()) } else { Ok(()) }
    }
}
