//! What admins do to the users of their account.

mod bulk;
mod change;
mod change_access;
mod delete_user;
mod erase_user;
mod invite_user;
mod invite_users;
mod leave_account;
mod resend_failed_invitations;
mod resend_invitation;
mod reveal_invitation_link;
mod update_user;

use domain::{AccountId, AuthMethodId, AuthMethods, Refusal, UserId};

pub use bulk::{BulkAnswer, DeleteUsers, Outcome, ResendInvitations, Undo, UndoTarget, UpdateUsers, UserRow, UserSelection};
pub use change_access::ChangeAccess;
pub use delete_user::DeleteUser;
pub use erase_user::EraseUser;
pub use invite_user::InviteUser;
pub use invite_users::{InviteRow, InviteUsers, MAX_ROWS, RowAnswer};
pub use leave_account::LeaveAccount;
pub use resend_failed_invitations::{MAX_RESENT, ResendFailedInvitations, ResentInvitations};
pub use resend_invitation::ResendInvitation;
pub use reveal_invitation_link::{RevealInvitationLink, RevealedLink};
pub use update_user::UpdateUser;

/// The user that a command changed, and their version after it.
#[derive(Clone, Copy, Debug, Eq)]
pub struct Changed {
    /// The user's account.
    pub account_id: AccountId,
    /// The user.
    pub user_id: UserId,
    /// Their version now.
    pub version: u64,
    /// How many of their newest events the command caused; 0 for a request that came before.
    pub caused: u64,
}

/// A request that is repeated is answered the same, but no longer knows what it caused.
impl PartialEq for Changed {
    fn eq(&self, other: &Self) -> bool {
        let about = |changed: &Self| (changed.account_id, changed.user_id, changed.version);
        about(self) == about(other)
    }
}

/// Reads the ids of ways to sign in.
pub(crate) fn parse_auth_methods(ids: &[String]) -> Result<AuthMethods, Refusal> {
    let ids = ids.iter().map(|id| AuthMethodId::parse(id)).collect::<Result<Vec<_>, _>>()?;
    AuthMethods::parse(ids)
}
