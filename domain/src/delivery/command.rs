//! What can be asked of a delivery.

use super::{FailureReason, MailPurpose};
use crate::{AccountId, InvitationId, Personal, UserId};

/// A command to one delivery's stream.
#[derive(Clone, Debug)]
pub enum DeliveryCommand {
    /// A mail server took the mail.
    RecordSent(Mailed),
    /// It will not be tried again.
    RecordFailed {
        /// The mail.
        mail: Mailed,
        /// What kind of failure.
        reason: FailureReason,
        /// What the mail server said last, empty when it said nothing; erased when the person was.
        reply: Personal<String>,
    },
}

/// What is known of a mail that was sent or given up.
#[derive(Clone, Copy, Debug)]
pub struct Mailed {
    /// The account that it was for.
    pub account_id: AccountId,
    /// The user whom it was for.
    pub user_id: UserId,
    /// The invitation that it carried, if it carried one.
    pub invitation_id: Option<InvitationId>,
    /// What it was for.
    pub purpose: MailPurpose,
    /// How often it was tried.
    pub attempts: u32,
}
