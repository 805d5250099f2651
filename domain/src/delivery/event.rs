//! What became of a mail.

use serde::{Deserialize, Serialize};

use crate::text_enum::text_enum;
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
        /// How often it was tried.
        attempts: u32,
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
        /// How often it was tried.
        attempts: u32,
        /// What kind of failure.
        reason: FailureReason,
        /// What the mail server said last: such replies repeat the address.
        reply: Personal<String>,
    },
}

text_enum!(
    /// What a mail is for.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    MailPurpose {
        /// It carries the link of an invitation.
        #[default]
        Invitation = "invitation",
        /// It carries a link to choose a new password.
        PasswordReset = "password_reset",
        /// It says that their access was taken.
        AccessRemoved = "access_removed",
        /// It says that their access was given back.
        AccessRestored = "access_restored",
    }
);

impl MailPurpose {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_invitation(&self) -> bool {
        *self == Self::Invitation
    }
}

/// Why a mail was given up. Displayed as the beginning of a sentence that the mail server's words may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FailureReason {
    /// The mail server refused it for good.
    #[error("the mail server refused it for good")]
    Refused,
    /// It could not be handed over in time: its link expired, or it was out of date.
    #[error("it could not be handed over in time")]
    TimedOut,
    /// It could not be written as a mail.
    #[error("it could not be written as a mail")]
    Unwritable,
    /// No mail server was configured while it waited.
    #[error("no mail server is configured")]
    NotConfigured,
}
