//! What programs read of a refusal.

use super::Refusal;

impl Refusal {
    /// The stable code that programs match on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidEmail(_) => "INVALID_EMAIL",
            Self::InvalidName(_) => "INVALID_NAME",
            Self::InvalidSlug(_) => "INVALID_SLUG",
            Self::WeakPassword(_) => "WEAK_PASSWORD",
            Self::InvalidAuthMethod(_) => "INVALID_AUTH_METHOD",
            Self::AuthMethodsRequired => "AUTH_METHODS_REQUIRED",
            Self::AuthMethodNotOffered { .. } => "AUTH_METHOD_NOT_OFFERED",
            Self::InvalidInvitationHours(_) => "INVALID_INVITATION_HOURS",
            Self::AuthMethodInUse { .. } => "AUTH_METHOD_IN_USE",
            Self::NoRows => "NO_ROWS",
            Self::TooManyRows => "TOO_MANY_ROWS",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyInvited => "ALREADY_INVITED",
            Self::AlreadyMember => "ALREADY_MEMBER",
            Self::InvalidInvitationLink => "INVALID_INVITATION_LINK",
            Self::InvitationAlreadyAccepted => "INVITATION_ALREADY_ACCEPTED",
            Self::InvitationExpired => "INVITATION_EXPIRED",
            Self::InvitationReplaced => "INVITATION_REPLACED",
            Self::InvitationRevoked => "INVITATION_REVOKED",
            Self::AuthMethodNotAllowed => "AUTH_METHOD_NOT_ALLOWED",
            Self::UserNotPending => "USER_NOT_PENDING",
            Self::InvitationPending => "INVITATION_PENDING",
            Self::UserDeleted => "USER_DELETED",
            Self::UserNotDeleted => "USER_NOT_DELETED",
            Self::ConfirmationMismatch => "CONFIRMATION_MISMATCH",
            Self::CannotDeactivateSelf => "CANNOT_DEACTIVATE_SELF",
            Self::CannotDeleteSelf => "CANNOT_DELETE_SELF",
            Self::LastAdmin => "LAST_ADMIN",
            Self::VersionConflict { .. } => "VERSION_CONFLICT",
            Self::CountChanged { .. } => "COUNT_CHANGED",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::InvalidIdempotencyKey => "INVALID_IDEMPOTENCY_KEY",
            Self::InvalidCredentials => "INVALID_CREDENTIALS",
            Self::AccessDeactivated => "ACCESS_DEACTIVATED",
            Self::AccountRequired => "ACCOUNT_REQUIRED",
            Self::SlugTaken => "SLUG_TAKEN",
            Self::InvalidWelcomeLink => "INVALID_WELCOME_LINK",
            Self::ApiScopesRequired => "API_SCOPES_REQUIRED",
            Self::InvalidApiKeyLifetime(_) => "INVALID_API_KEY_LIFETIME",
            Self::TooManyApiKeys => "TOO_MANY_API_KEYS",
            Self::TooManyServiceKeys => "TOO_MANY_SERVICE_KEYS",
            Self::WrongPassword => "WRONG_PASSWORD",
            Self::InvalidResetLink => "INVALID_RESET_LINK",
            Self::TooManyAttempts { .. } => "TOO_MANY_ATTEMPTS",
            Self::InvitationLimitReached => "INVITATION_LIMIT_REACHED",
            Self::InvitationNotAccepted => "INVITATION_NOT_ACCEPTED",
            Self::NotInvited => "NOT_INVITED",
            Self::ProviderEmailUnverified => "PROVIDER_EMAIL_UNVERIFIED",
            Self::ProviderEmailMismatch => "PROVIDER_EMAIL_MISMATCH",
            Self::ProviderAccountDiffers => "PROVIDER_ACCOUNT_DIFFERS",
            Self::ProviderAccountInUse => "PROVIDER_ACCOUNT_IN_USE",
            Self::ProviderSignInFailed => "PROVIDER_SIGN_IN_FAILED",
        }
    }

    /// After how many seconds trying again may succeed, where that is known.
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { retry_after_seconds } => Some(*retry_after_seconds),
            _ => None,
        }
    }
}
