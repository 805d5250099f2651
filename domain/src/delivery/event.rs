//! What became of a mail.

use serde::{Deserialize, Serialize};

use crate::{AccountId, InvitationId, Personal, UserId};

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryEvent {
    /// A mail server took it.
    Sent {
        /// The account that it was sent for.
        account_id: AccountId,
        /// The user whom it was sent to.
        user_id: UserId,
        /// The invitation that it carried, if it carried one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invitation_id: Option<InvitationId>,
        /// What it was for.
        #[serde(default, skip_serializing_if = "MailPurpose::is_invitation")]
        purpose: MailPurpose,
    },
    /// It was given up.
    Failed {
        /// The account that it was to be sent for.
        account_id: AccountId,
        /// The user whom it was to be sent to.
        user_id: UserId,
        /// The invitation that it carried, if it carried one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invitation_id: Option<InvitationId>,
        /// What it was for.
        #[serde(default, skip_serializing_if = "MailPurpose::is_invitation")]
        purpose: MailPurpose,
        /// What kind of failure.
        reason: FailureReason,
        /// What the mail server said last: such replies repeat the address.
        reply: Personal<String>,
    },
}

/// What a mail is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailPurpose {
    /// It carries the link of an invitation.
    #[default]
    Invitation,
    /// It carries a link to choose a new password.
    PasswordReset,
}

impl MailPurpose {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_invitation(&self) -> bool {
        *self == Self::Invitation
    }
}

/// Why a mail was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The mail server refused it for good.
    Refused,
    /// It could not be handed over before its link expired.
    TimedOut,
}
