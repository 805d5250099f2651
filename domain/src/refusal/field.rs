//! Which part of the input a refusal is about.

use super::Refusal;

impl Refusal {
    /// The input field that it is about, such as `auth_methods`; `None` when it is about the command as a whole.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::InvalidEmail(_) | Self::AlreadyInvited | Self::AlreadyMember => Some("email"),
            Self::InvalidName(_) => Some("name"),
            Self::InvalidSlug(_) | Self::SlugTaken => Some("slug"),
            Self::WeakPassword(_) => Some("password"),
            Self::InvalidAuthMethod(_) | Self::AuthMethodsRequired | Self::AuthMethodNotOffered { .. } | Self::AuthMethodInUse { .. } => {
                Some("auth_methods")
            }
            Self::InvalidInvitationHours(_) => Some("invitation_hours"),
            Self::NoRows | Self::TooManyRows => Some("rows"),
            Self::NotFound => Some("id"),
            Self::InvalidInvitationLink
            | Self::InvitationAlreadyAccepted
            | Self::InvitationExpired
            | Self::InvitationReplaced
            | Self::InvitationRevoked
            | Self::InvalidResetLink
            | Self::InvalidWelcomeLink => Some("token"),
            Self::ApiScopesRequired => Some("scopes"),
            Self::InvalidApiKeyLifetime(_) => Some("expires_in_days"),
            Self::WrongPassword => Some("current_password"),
            Self::ConfirmationMismatch => Some("confirm_email"),
            Self::CannotDeactivateSelf | Self::InvitationPending => Some("active"),
            Self::VersionConflict { .. } => Some("expected_version"),
            Self::CountChanged { .. } => Some("expected_count"),
            Self::IdempotencyKeyReused | Self::InvalidIdempotencyKey => Some("idempotency_key"),
            Self::AccountRequired => Some("account"),
            Self::UserNotDeleted
            | Self::AuthMethodNotAllowed
            | Self::UserNotPending
            | Self::UserDeleted
            | Self::CannotDeleteSelf
            | Self::LastAdmin
            | Self::InvalidCredentials
            | Self::AccessDeactivated
            | Self::TooManyApiKeys
            | Self::TooManyServiceKeys
            | Self::TooManyAttempts { .. }
            | Self::InvitationLimitReached
            | Self::InvitationNotAccepted
            | Self::NotInvited
            | Self::ProviderEmailUnverified
            | Self::ProviderEmailMismatch
            | Self::ProviderAccountDiffers
            | Self::ProviderAccountInUse
            | Self::ProviderSignInFailed => None,
        }
    }
}
