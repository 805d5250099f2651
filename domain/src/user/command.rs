//! What can be asked of a user. Times, ids and look-ups arrive in here.

use chrono::{DateTime, Utc};

use crate::{AccountId, AuthMethods, EmailAddress, InvitationHours, InvitationId, Name, Proof, ProviderIdentity, Role};

/// A command to one user's stream.
#[derive(Clone, Debug)]
pub enum UserCommand {
    /// Begins the stream.
    Invite(InviteUser),
    /// A new link, which works for its own time.
    Resend(ResendInvitation),
    /// The actor is shown the link of the newest invitation.
    RevealLink(RevealInvitationLink),
    /// The operator is shown a link for a new password.
    IssuePasswordLink(IssuePasswordLink),
    /// The invited person joins.
    Accept(AcceptInvitation),
    /// What one press of the Update button saves.
    Update(UpdateUser),
    /// The end of the stream.
    Delete(DeleteUser),
    /// The user leaves: the end of the stream.
    Leave(LeaveAccount),
    /// The personal values of a deleted user are erased.
    Erase(EraseUser),
    /// They chose another password; every session ends.
    SetPassword,
    /// The user proved at a provider who they are. The first time links them.
    LinkProvider(ProviderIdentity),
    /// Every session of the user ends.
    EndSessions,
}

/// Invites a person into an account.
#[derive(Clone, Debug)]
pub struct InviteUser {
    /// The account to join.
    pub account_id: AccountId,
    /// Where the link is sent, and the only address that it works for.
    pub email: EmailAddress,
    /// Their role from the first moment on.
    pub role: Role,
    /// The ways in which they may sign in.
    pub auth_methods: AuthMethods,
    /// The ways that the account offers.
    pub offered: AuthMethods,
    /// How long the link works.
    pub lifetime: InvitationHours,
    /// Names the invitation inside of the link.
    pub invitation_id: InvitationId,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Sends a pending invitation again.
#[derive(Clone, Debug)]
pub struct ResendInvitation {
    /// The address as the admin typed it again; `None` for one of many users, whose number the admin confirmed.
    pub confirm_email: Option<EmailAddress>,
    /// How long the new link works.
    pub lifetime: InvitationHours,
    /// Names the new invitation.
    pub invitation_id: InvitationId,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Shows the link of a pending invitation.
#[derive(Clone, Debug)]
pub struct RevealInvitationLink {
    /// Now.
    pub at: DateTime<Utc>,
}

/// Shows the operator a link for a new password.
#[derive(Clone, Debug)]
pub struct IssuePasswordLink {
    /// When the link expires.
    pub expires_at: DateTime<Utc>,
}

/// Accepts an invitation by its link.
#[derive(Clone, Debug)]
pub struct AcceptInvitation {
    /// The invitation that the link names.
    pub invitation_id: InvitationId,
    /// How the person has proved who they are, and will sign in.
    pub proof: Proof,
    /// What they want to be called.
    pub name: Option<Name>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Changes what is given; what is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateUser {
    /// The new role.
    pub role: Option<Role>,
    /// All ways in which they may sign in from now on.
    pub auth_methods: Option<AuthMethods>,
    /// The ways that the account offers.
    pub offered: AuthMethods,
    /// `false` deactivates, `true` activates.
    pub active: Option<bool>,
    /// The new name.
    pub name: Option<Name>,
    /// Whether the actor is this user.
    pub by_self: bool,
}

/// Deletes a user for good; a pending invitation is revoked by it.
#[derive(Clone, Debug)]
pub struct DeleteUser {
    /// The address as the admin typed it again; `None` for one of many users, whose number the admin confirmed.
    pub confirm_email: Option<EmailAddress>,
    /// Whether the actor is this user.
    pub by_self: bool,
}

/// Erases the personal values of a deleted user.
#[derive(Clone, Debug)]
pub struct EraseUser {
    /// The address as the admin typed it again; `None` where an erasure of the past is done again.
    pub confirm_email: Option<EmailAddress>,
}

/// The user leaves the account for good.
#[derive(Clone, Debug)]
pub struct LeaveAccount {
    /// Their own address as they typed it again.
    pub confirm_email: EmailAddress,
}
