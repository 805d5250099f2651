//! Every reason.

use crate::{
    AuthMethodId, InvalidApiKeyLifetime, InvalidAuthMethodId, InvalidEmailAddress, InvalidInvitationHours, InvalidName, InvalidSlug,
    WeakPassword,
};

/// A rule said no. Every variant has a stable code and a sentence; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text is not an e-mail address.
    #[error(transparent)]
    InvalidEmail(#[from] InvalidEmailAddress),
    /// The text is not a name.
    #[error(transparent)]
    InvalidName(#[from] InvalidName),
    /// The text is not a short name of an account.
    #[error(transparent)]
    InvalidSlug(#[from] InvalidSlug),
    /// The password is too weak.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The text is not the id of a way to sign in.
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
    /// A user of the account can sign in only in the way that it would no longer offer.
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
    /// No such thing, or none that the actor can see. Both have the same answer.
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
    /// The invitation has expired.
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
    /// Only a deleted user can be erased.
    #[error("delete this user first: only deleted users can be erased")]
    UserNotDeleted,
    /// The typed address is not the user's.
    #[error("the typed e-mail address is not the one of this user")]
    ConfirmationMismatch,
    /// Another admin must do this.
    #[error("you cannot deactivate yourself")]
    CannotDeactivateSelf,
    /// Another admin must do this.
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
    /// Address and password do not belong together, or no user has this address. Both have the same answer.
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
    /// The link of the first start was used, has expired or is damaged.
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
    /// The current password is another one.
    #[error("the current password is wrong")]
    WrongPassword,
    /// The link for a new password was used, has expired or is damaged.
    #[error("this password-reset link is no longer valid: request a new one")]
    InvalidResetLink,
    /// Too many attempts from this client, or for this address.
    #[error("too many attempts: try again in {retry_after_seconds} seconds")]
    TooManyAttempts {
        /// When it can be tried again.
        retry_after_seconds: u64,
    },
    /// The admin has sent as many invitations as one may within a day.
    #[error("you have reached the daily limit of invitations: continue tomorrow")]
    InvitationLimitReached,
    /// The user has not accepted the invitation yet.
    #[error("accept your invitation first: follow the link in the mail")]
    InvitationNotAccepted,
    /// No user who could sign in has the address that a provider vouches for.
    #[error("no one with this address can sign in here: ask an admin to invite you")]
    NotInvited,
    /// The provider does not vouch for an address.
    #[error("the provider has not verified your e-mail address: verify it there first")]
    ProviderEmailUnverified,
    /// The address that the provider vouches for is another one.
    #[error("you signed in at the provider with another e-mail address than the one of this user")]
    ProviderEmailMismatch,
    /// The user is linked to another account of the provider.
    #[error("this user signs in with another account of this provider: an admin can disallow and allow the provider to start over")]
    ProviderAccountDiffers,
    /// Who they are at the provider is linked to another user of the account.
    #[error("your account at the provider belongs to another user here")]
    ProviderAccountInUse,
    /// The sign-in at a provider did not come back as it was sent.
    #[error("the sign-in at the provider did not succeed: start again")]
    ProviderSignInFailed,
}
