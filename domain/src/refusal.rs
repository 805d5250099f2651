//! Why a rule said no: each reason with its sentence, its stable code, and the input field that it is about.

use crate::{
    AuthMethodId, InvalidApiKeyLifetime, InvalidAuthMethodId, InvalidColor, InvalidEmailAddress, InvalidInvitationHours, InvalidLogo,
    InvalidName, InvalidSlug, InvalidViewQuery, WeakPassword,
};

/// Defines the reasons. Behind `=` is the code that programs match on, behind `about` the input field, if there is one.
macro_rules! refusals {
    (
        $(#[$meta:meta])*
        $name:ident {
            $(
                $(#[$reason_meta:meta])*
                $reason:ident $(($inner:ty))? $({ $($(#[$part_meta:meta])* $part:ident: $type:ty),+ $(,)? })?
                    = $code:literal $(about $field:literal)?
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum $name {
            $($(#[$reason_meta])* $reason $(($inner))? $({ $($(#[$part_meta])* $part: $type),+ })?),+
        }

        $($(
            impl From<$inner> for $name {
                fn from(inner: $inner) -> Self {
                    Self::$reason(inner)
                }
            }
        )?)+

        impl $name {
            /// The stable code that programs match on.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$reason { .. } => $code),+
                }
            }

            /// The input field that it is about, such as `auth_methods`; `None` when it is about the command as a whole.
            #[must_use]
            pub fn field(&self) -> Option<&'static str> {
                match self {
                    $(Self::$reason { .. } => [$($field)?].first().copied()),+
                }
            }
        }
    };
}

impl Refusal {
    /// After how many seconds trying again may succeed, where that is known.
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { retry_after_seconds } => Some(*retry_after_seconds),
            _ => None,
        }
    }
}

refusals!(
    /// A rule said no. Every variant has a stable code and a sentence; nothing was changed.
    Refusal {
        /// The text is not an e-mail address.
        #[error("{0}")]
        InvalidEmail(InvalidEmailAddress) = "INVALID_EMAIL" about "email",
        /// The text is not a name.
        #[error("{0}")]
        InvalidName(InvalidName) = "INVALID_NAME" about "name",
        /// The text is not a short name of an account.
        #[error("{0}")]
        InvalidSlug(InvalidSlug) = "INVALID_SLUG" about "slug",
        /// The password is too weak.
        #[error("{0}")]
        WeakPassword(WeakPassword) = "WEAK_PASSWORD" about "password",
        /// The text is not the id of a way to sign in.
        #[error("{0}")]
        InvalidAuthMethod(InvalidAuthMethodId) = "INVALID_AUTH_METHOD" about "auth_methods",
        /// No way to sign in was given.
        #[error("allow at least one way to sign in")]
        AuthMethodsRequired = "AUTH_METHODS_REQUIRED" about "auth_methods",
        /// A way to sign in that this Roster is not configured for.
        #[error("this Roster offers no sign-in method with the id {id}")]
        AuthMethodNotOffered {
            /// The one that is not offered.
            id: AuthMethodId,
        } = "AUTH_METHOD_NOT_OFFERED" about "auth_methods",
        /// The number of hours is outside of the limits.
        #[error("{0}")]
        InvalidInvitationHours(InvalidInvitationHours) = "INVALID_INVITATION_HOURS" about "invitation_hours",
        /// The file is no image that can be a logo.
        #[error("{0}")]
        InvalidLogo(InvalidLogo) = "INVALID_LOGO" about "logo",
        /// The file of the logo is too long.
        #[error("a logo has at most 64 kB")]
        LogoTooLarge = "LOGO_TOO_LARGE" about "logo",
        /// The text is not a color.
        #[error("{0}")]
        InvalidColor(InvalidColor) = "INVALID_COLOR" about "color",
        /// A user of the account can sign in only in the way that it would no longer offer.
        #[error("a user of this account can sign in with {id} only: allow them another method first")]
        AuthMethodInUse {
            /// The one that is needed.
            id: AuthMethodId,
        } = "AUTH_METHOD_IN_USE" about "auth_methods",
        /// A list of rows is empty.
        #[error("give at least one row")]
        NoRows = "NO_ROWS" about "rows",
        /// There are more rows than can be done at once.
        #[error("give at most 1000 rows at once")]
        TooManyRows = "TOO_MANY_ROWS" about "rows",
        /// One row of many concerns an admin, and the actor may not change admins. For a command about one user it is a top-level error.
        #[error("you may not change admins")]
        AdminsForbidden = "FORBIDDEN",
        /// No such thing, or none that the actor can see. Both have the same answer.
        #[error("nothing in this account has this id")]
        NotFound = "NOT_FOUND" about "id",
        /// The address has an open invitation in this account.
        #[error("this address is invited already")]
        AlreadyInvited = "ALREADY_INVITED" about "email",
        /// The address belongs to a user of this account.
        #[error("this address belongs to a user already")]
        AlreadyMember = "ALREADY_MEMBER" about "email",
        /// The link's signature or shape is wrong.
        #[error("this invitation link is not valid")]
        InvalidInvitationLink = "INVALID_INVITATION_LINK" about "token",
        /// The invitation was used.
        #[error("this invitation was accepted already: sign in instead")]
        InvitationAlreadyAccepted = "INVITATION_ALREADY_ACCEPTED" about "token",
        /// The invitation has expired.
        #[error("this invitation has expired: ask an admin to send it again")]
        InvitationExpired = "INVITATION_EXPIRED" about "token",
        /// A newer link was sent.
        #[error("this link was replaced by a newer one: look for the latest mail")]
        InvitationReplaced = "INVITATION_REPLACED" about "token",
        /// The invited user was deleted.
        #[error("this invitation was revoked")]
        InvitationRevoked = "INVITATION_REVOKED" about "token",
        /// The user may not use this way to sign in.
        #[error("this sign-in method is not allowed for this user")]
        AuthMethodNotAllowed = "AUTH_METHOD_NOT_ALLOWED",
        /// Only a pending invitation can be sent again.
        #[error("this user has accepted the invitation already")]
        UserNotPending = "USER_NOT_PENDING",
        /// Before the invitation is accepted there is nothing to activate or deactivate.
        #[error("this user has not accepted the invitation yet: delete the user to revoke it")]
        InvitationPending = "INVITATION_PENDING" about "active",
        /// Deleted users stay as they are.
        #[error("this user was deleted: invite the address again")]
        UserDeleted = "USER_DELETED",
        /// Only a deleted user can be erased.
        #[error("delete this user first: only deleted users can be erased")]
        UserNotDeleted = "USER_NOT_DELETED",
        /// The typed address is not the user's.
        #[error("the typed e-mail address is not the one of this user")]
        ConfirmationMismatch = "CONFIRMATION_MISMATCH" about "confirm_email",
        /// Another admin must do this.
        #[error("you cannot deactivate yourself")]
        CannotDeactivateSelf = "CANNOT_DEACTIVATE_SELF" about "active",
        /// Another admin must do this.
        #[error("you cannot delete yourself")]
        CannotDeleteSelf = "CANNOT_DELETE_SELF",
        /// The account would be left without an active admin.
        #[error("an account must keep at least one active admin")]
        LastAdmin = "LAST_ADMIN",
        /// The user or the account was changed since the caller looked.
        #[error("this has changed and is now at version {current}: look again")]
        VersionConflict {
            /// The version now.
            current: u64,
        } = "VERSION_CONFLICT" about "expected_version",
        /// There are more or fewer of them than the caller saw.
        #[error("there are {current} now, not {expected}: look again")]
        CountChanged {
            /// How many the caller saw.
            expected: u64,
            /// How many there are now.
            current: u64,
        } = "COUNT_CHANGED" about "expected_count",
        /// The number that the caller confirmed is not how many users are selected.
        #[error("{selected} users are selected, not {confirmed}: confirm their number")]
        CountNotConfirmed {
            /// How many the caller confirmed.
            confirmed: u64,
            /// How many are selected.
            selected: u64,
        } = "COUNT_NOT_CONFIRMED" about "confirm_count",
        /// Something that cannot be undone: it changed no field, or there is nothing to restore.
        #[error("this cannot be undone: only changes of role, sign-in methods, access and name can")]
        NotUndoable = "NOT_UNDOABLE",
        /// A later event changed the same field.
        #[error("this was changed again since: undo the later change first")]
        ChangedSince = "CHANGED_SINCE",
        /// The same key came with other input within 24 hours.
        #[error("this idempotency key was used for another request")]
        IdempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED" about "idempotency_key",
        /// The key is empty or over 100 printable ASCII characters.
        #[error("an idempotency key has 1 to 100 printable ASCII characters")]
        InvalidIdempotencyKey = "INVALID_IDEMPOTENCY_KEY" about "idempotency_key",
        /// Address and password do not belong together, or no user has this address. Both have the same answer.
        #[error("the e-mail address or the password is wrong")]
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// The password is right, but an admin has deactivated the user.
        #[error("your access was deactivated: ask an admin of the account")]
        AccessDeactivated = "ACCESS_DEACTIVATED",
        /// Several accounts exist, so one must be named.
        #[error("name the account to sign in to")]
        AccountRequired = "ACCOUNT_REQUIRED" about "account",
        /// Another account has this short name.
        #[error("this short name is taken")]
        SlugTaken = "SLUG_TAKEN" about "slug",
        /// The link of the first start was used, has expired or is damaged.
        #[error("this welcome link is no longer valid: run `roster account welcome` for a new one")]
        InvalidWelcomeLink = "INVALID_WELCOME_LINK" about "token",
        /// No scope was given.
        #[error("give at least one scope")]
        ApiScopesRequired = "API_SCOPES_REQUIRED" about "scopes",
        /// The number of days is outside of the limits.
        #[error("{0}")]
        InvalidApiKeyLifetime(InvalidApiKeyLifetime) = "INVALID_API_KEY_LIFETIME" about "expires_in_days",
        /// The user has as many keys as one may have.
        #[error("you have the maximum number of API keys: revoke one first")]
        TooManyApiKeys = "TOO_MANY_API_KEYS",
        /// The account has as many service keys as one may have.
        #[error("the account has the maximum number of service keys: revoke one first")]
        TooManyServiceKeys = "TOO_MANY_SERVICE_KEYS",
        /// The text is not the query of a view.
        #[error("{0}")]
        InvalidViewQuery(InvalidViewQuery) = "INVALID_VIEW_QUERY" about "query",
        /// There are as many own or shared views as there may be.
        #[error("there is the maximum number of views: delete one first")]
        TooManyViews = "TOO_MANY_VIEWS",
        /// Another view has this name.
        #[error("a view with this name exists already")]
        ViewNameTaken = "VIEW_NAME_TAKEN" about "name",
        /// The current password is another one.
        #[error("the current password is wrong")]
        WrongPassword = "WRONG_PASSWORD" about "current_password",
        /// The link for a new password was used, has expired or is damaged.
        #[error("this password-reset link is no longer valid: request a new one")]
        InvalidResetLink = "INVALID_RESET_LINK" about "token",
        /// Too many attempts from this client, or for this address.
        #[error("too many attempts: try again in {retry_after_seconds} seconds")]
        TooManyAttempts {
            /// When it can be tried again.
            retry_after_seconds: u64,
        } = "TOO_MANY_ATTEMPTS",
        /// The admin has sent as many invitations as one may within a day.
        #[error("you have reached the daily limit of invitations: continue tomorrow")]
        InvitationLimitReached = "INVITATION_LIMIT_REACHED",
        /// The user has not accepted the invitation yet.
        #[error("accept your invitation first: follow the link in the mail")]
        InvitationNotAccepted = "INVITATION_NOT_ACCEPTED",
        /// No user who could sign in has the address that a provider vouches for.
        #[error("no one with this address can sign in here: ask an admin to invite you")]
        NotInvited = "NOT_INVITED",
        /// The provider does not vouch for an address.
        #[error("the provider has not verified your e-mail address: verify it there first")]
        ProviderEmailUnverified = "PROVIDER_EMAIL_UNVERIFIED",
        /// The address that the provider vouches for is another one.
        #[error("you signed in at the provider with another e-mail address than the one of this user")]
        ProviderEmailMismatch = "PROVIDER_EMAIL_MISMATCH",
        /// The user is linked to another account of the provider.
        #[error("this user signs in with another account of this provider: an admin can disallow and allow the provider to start over")]
        ProviderAccountDiffers = "PROVIDER_ACCOUNT_DIFFERS",
        /// Who they are at the provider is linked to another user of the account.
        #[error("your account at the provider belongs to another user here")]
        ProviderAccountInUse = "PROVIDER_ACCOUNT_IN_USE",
        /// The sign-in at a provider did not come back as it was sent.
        #[error("the sign-in at the provider did not succeed: start again")]
        ProviderSignInFailed = "PROVIDER_SIGN_IN_FAILED",
    }
);
