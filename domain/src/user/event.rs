//! What happened to a user.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Role};

/// What happened to a user: one fact each, stored forever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserEvent {
    /// A person was invited.
    Invited {
        /// The account they were invited into.
        account_id: AccountId,
        /// Their address.
        email: Personal<EmailAddress>,
        /// Their role.
        role: Role,
        /// The ways in which they may sign in.
        auth_methods: AuthMethods,
        /// Names the invitation.
        invitation_id: InvitationId,
        /// When the link expires.
        expires_at: DateTime<Utc>,
    },
    /// A new link replaced the old one.
    InvitationResent {
        /// Names the new invitation.
        invitation_id: InvitationId,
        /// When the new link expires.
        expires_at: DateTime<Utc>,
    },
    /// An admin, or their program, was shown the link. The link itself is not stored.
    InvitationLinkRevealed {
        /// Names the invitation.
        invitation_id: InvitationId,
    },
    /// The operator was shown a link with which the user can choose a new password; the link itself is stored nowhere.
    PasswordLinkIssued {
        /// When the link expires.
        expires_at: DateTime<Utc>,
    },
    /// The person joined.
    Accepted {
        /// How.
        auth_method: AuthMethodId,
    },
    /// An admin gave them another role.
    RoleChanged {
        /// Before.
        from: Role,
        /// After.
        to: Role,
    },
    /// An admin changed how they may sign in.
    AuthMethodsChanged {
        /// Before.
        from: AuthMethods,
        /// After.
        to: AuthMethods,
    },
    /// Their name changed.
    NameChanged {
        /// The new name.
        name: Personal<Name>,
    },
    /// They lost their access.
    Deactivated {},
    /// They got their access back.
    Activated {},
    /// They have a new password; never its hash.
    PasswordSet {},
    /// They can sign in with a provider from now on.
    ProviderLinked {
        /// The provider.
        auth_method: AuthMethodId,
        /// The issuer, as its tokens name it.
        issuer: String,
        /// The issuer's own name for the person.
        subject: Personal<String>,
    },
    /// Every session of the user was ended at once.
    SessionsEnded {},
    /// They were deleted; the address is free.
    Deleted {},
    /// They left the account for good; the address is free.
    Left {},
    /// The key of the personal values in their events was destroyed: no one can read those any more.
    Erased {},
}

impl UserEvent {
    /// Whether it ends every session that had started by then, even if access is given back at once.
    #[must_use]
    pub const fn ends_sessions(&self) -> bool {
        matches!(self, Self::Deactivated {} | Self::Deleted {} | Self::Left {} | Self::SessionsEnded {})
    }

    /// Whether it deletes the password of the user. Before they can sign in with a password again, they have to set a new one.
    #[must_use]
    pub fn ends_password(&self) -> bool {
        match self {
            Self::AuthMethodsChanged { to, .. } => !to.contains(&AuthMethodId::password()),
            Self::Deleted {} | Self::Left {} | Self::Erased {} => true,
            _ => false,
        }
    }
}
