//! Why a rule said no.

use crate::{
    AuthMethodId, InvalidApiKeyLifetime, InvalidAuthMethodId, InvalidEmailAddress, InvalidInvitationHours, InvalidName, InvalidSlug,
    WeakPassword,
};

/// A rule said no. Every variant has a stable code and a sentence; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The address is no e-mail address.
    #[error(transparent)]
    InvalidEmail(#[from] InvalidEmailAddress),
    /// The name is no name.
    #[error(transparent)]
    InvalidName(#[from] InvalidName),
    /// The short name of the account is none.
    #[error(transparent)]
    InvalidSlug(#[from] InvalidSlug),
    /// The password is too weak.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The id names no way to sign in.
    #[error(transparent)]
    InvalidAuthMethod(#[from] InvalidAuthMethodId),
    /// No way to sign in was given.
    #[error("allow at least one way to sign in")]
    AuthMethodsRequired,
    /// A way to sign in that this Roster is not configured for.
    #[error("this Roster offers no sign-in method with the id {id}")]
    AuthMethodNotOffered {
        /// The one that is not offered.
        id: AuthMethodId,
    },
    /// The number of hours is outside of the limits.
    #[error(transparent)]
    InvalidInvitationHours(#[from] InvalidInvitationHours),
    /// An account cannot cease to offer what somebody needs to sign in.
    #[error("a user of this account can sign in with {id} only: allow them another method first")]
    AuthMethodInUse {
        /// The one that is needed.
        id: AuthMethodId,
    },
    /// A list of invitations is empty.
    #[error("give at least one row")]
    NoRows,
    /// A list of invitations is longer than can be done at once.
    #[error("give at most 1000 rows at once")]
    TooManyRows,
    /// No such thing, or none that the actor can see: both answer alike.
    #[error("nothing in this account has this id")]
    NotFound,
    /// The address has an open invitation in this account.
    #[error("this address is invited already")]
    AlreadyInvited,
    /// The address belongs to a user of this account.
    #[error("this address belongs to a user already")]
    AlreadyMember,
    /// The link's signature or shape is wrong.
    #[error("this invitation link is not valid")]
    InvalidInvitationLink,
    /// The invitation was used.
    #[error("this invitation was accepted already: sign in instead")]
    InvitationAlreadyAccepted,
    /// Its time is over.
    #[error("this invitation has expired: ask an admin to send it again")]
    InvitationExpired,
    /// A newer link was sent.
    #[error("this link was replaced by a newer one: look for the latest mail")]
    InvitationReplaced,
    /// The invited user was deleted.
    #[error("this invitation was revoked")]
    InvitationRevoked,
    /// The user may not use this way to sign in.
    #[error("this sign-in method is not allowed for this user")]
    AuthMethodNotAllowed,
    /// Only a pending invitation can be sent again.
    #[error("this user has accepted the invitation already")]
    UserNotPending,
    /// Before the invitation is accepted there is nothing to activate or deactivate.
    #[error("this user has not accepted the invitation yet: delete the user to revoke it")]
    InvitationPending,
    /// Deleted users stay as they are.
    #[error("this user was deleted: invite the address again")]
    UserDeleted,
    /// Only who is deleted can be erased.
    #[error("delete this user first: only deleted users can be erased")]
    UserNotDeleted,
    /// The typed address is not the user's.
    #[error("the typed e-mail address is not the one of this user")]
    ConfirmationMismatch,
    /// Somebody else must do this.
    #[error("you cannot deactivate yourself")]
    CannotDeactivateSelf,
    /// Somebody else must do this.
    #[error("you cannot delete yourself")]
    CannotDeleteSelf,
    /// The account would be left without an active admin.
    #[error("an account must keep at least one active admin")]
    LastAdmin,
    /// The user or the account was changed since the caller looked.
    #[error("this has changed and is now at version {current}: look again")]
    VersionConflict {
        /// The version now.
        current: u64,
    },
    /// There are more or fewer of them than the caller saw.
    #[error("there are {current} by now: look again")]
    CountChanged {
        /// How many there are now.
        current: u64,
    },
    /// The same key came with other input within 24 hours.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The key is empty or over 100 printable ASCII characters.
    #[error("an idempotency key has 1 to 100 printable ASCII characters")]
    InvalidIdempotencyKey,
    /// Address and password do not belong together, or nobody has this address: alike.
    #[error("the e-mail address or the password is wrong")]
    InvalidCredentials,
    /// The password is right, but an admin has deactivated the user.
    #[error("your access was deactivated: ask an admin of the account")]
    AccessDeactivated,
    /// Several accounts exist, so one must be named.
    #[error("name the account to sign in to")]
    AccountRequired,
    /// Another account has this short name.
    #[error("this short name is taken")]
    SlugTaken,
    /// The link of the first start was used, is too old or not whole.
    #[error("this welcome link is no longer valid: run `roster account welcome` for a new one")]
    InvalidWelcomeLink,
    /// No scope was given.
    #[error("give at least one scope")]
    ApiScopesRequired,
    /// The number of days is outside of the limits.
    #[error(transparent)]
    InvalidApiKeyLifetime(#[from] InvalidApiKeyLifetime),
    /// The user has as many keys as one may have.
    #[error("you have the maximum number of API keys: revoke one first")]
    TooManyApiKeys,
    /// The account has as many service keys as one may have.
    #[error("the account has the maximum number of service keys: revoke one first")]
    TooManyServiceKeys,
    /// The password that is to be replaced is another one.
    #[error("the current password is wrong")]
    WrongPassword,
    /// The link for a new password was used, is too old or not whole.
    #[error("this password-reset link is no longer valid: request a new one")]
    InvalidResetLink,
    /// Too many attempts from there, or upon this address.
    #[error("too many attempts: try again in {retry_after_seconds} seconds")]
    TooManyAttempts {
        /// When it can be tried again.
        retry_after_seconds: u64,
    },
    /// The admin has sent as many invitations as one may within a day.
    #[error("you have reached the daily limit of invitations: continue tomorrow")]
    InvitationLimitReached,
    /// Somebody signs in who has not accepted the invitation yet.
    #[error("accept your invitation first: follow the link in the mail")]
    InvitationNotAccepted,
    /// Nobody who could sign in has the address that a provider vouches for.
    #[error("nobody with this address can sign in here: ask an admin to invite you")]
    NotInvited,
    /// The provider does not vouch for an address.
    #[error("the provider has not verified your e-mail address: verify it there first")]
    ProviderEmailUnverified,
    /// The address that the provider vouches for is another one.
    #[error("you signed in at the provider with another e-mail address than the one of this user")]
    ProviderEmailMismatch,
    /// The user is linked to somebody else at the provider.
    #[error("this user signs in with another account of this provider: an admin can disallow and allow the provider to start over")]
    ProviderAccountDiffers,
    /// Who they are at the provider is linked to another user of the account.
    #[error("your account at the provider belongs to another user here")]
    ProviderAccountInUse,
    /// The sign-in at a provider did not end as it began.
    #[error("the sign-in at the provider did not succeed: start again")]
    ProviderSignInFailed,
}

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

    /// The input field that it is about, in the API's spelling; `None` when it is about the command.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::InvalidEmail(_) | Self::AlreadyInvited | Self::AlreadyMember => Some("email"),
            Self::InvalidName(_) => Some("name"),
            Self::InvalidSlug(_) | Self::SlugTaken => Some("slug"),
            Self::WeakPassword(_) => Some("password"),
            Self::InvalidAuthMethod(_) | Self::AuthMethodsRequired | Self::AuthMethodNotOffered { .. } | Self::AuthMethodInUse { .. } => {
                Some("authMethods")
            }
            Self::InvalidInvitationHours(_) => Some("invitationHours"),
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
            Self::InvalidApiKeyLifetime(_) => Some("expiresInDays"),
            Self::WrongPassword => Some("currentPassword"),
            Self::ConfirmationMismatch => Some("confirmEmail"),
            Self::CannotDeactivateSelf | Self::InvitationPending => Some("active"),
            Self::VersionConflict { .. } => Some("expectedVersion"),
            Self::CountChanged { .. } => Some("expectedCount"),
            Self::IdempotencyKeyReused | Self::InvalidIdempotencyKey => Some("idempotencyKey"),
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
