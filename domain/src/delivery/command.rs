//! What can be asked of a delivery.

use super::{FailureReason, MailPurpose};
use crate::{AccountId, InvitationId, UserId};

/// A command to one delivery's stream.
#[derive(Clone, Debug)]
pub enum DeliveryCommand {
    /// A mail server took the mail.
    RecordSent {
        /// The account that it was sent for.
        account_id: AccountId,
        /// The user whom it was sent to.
        user_id: UserId,
        /// The invitation that it carried, if it carried one.
        invitation_id: Option<InvitationId>,
        /// What it was for.
        purpose: MailPurpose,
    },
    /// It will not be tried again.
    RecordFailed {
        /// The account that it was to be sent for.
        account_id: AccountId,
        /// The user whom it was to be sent to.
        user_id: UserId,
        /// The invitation that it carried, if it carried one.
        invitation_id: Option<InvitationId>,
        /// What it was for.
        purpose: MailPurpose,
        /// What kind of failure.
        reason: FailureReason,
        /// What the mail server said last.
        reply: String,
    },
}
