//! What is wrong, as clients see it: refusals of a mutation as data, everything else as top-level errors.

use async_graphql::{Enum, ErrorExtensions, SimpleObject};
use commands::Error;
use domain::Refusal;
use event_store::UnknownCursor;
use tracing::info;

use crate::chain::chain;
use crate::http::{RETRY_AFTER_SECONDS_EXTENSION, UNAVAILABLE};
use crate::outage::is_outage;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $refusal:pat),+ $(,)?) => {
        /// Why a rule said no. New codes may come: treat unknown ones like any other refusal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
        pub enum UserErrorCode {
            $($(#[doc = $doc])+ $code),+
        }

        impl From<&Refusal> for UserErrorCode {
            fn from(refusal: &Refusal) -> Self {
                match refusal {
                    $($refusal => Self::$code),+
                }
            }
        }
    };
}

codes! {
    /// The address is not one bare, valid e-mail address.
    InvalidEmail = Refusal::InvalidEmail(_),
    /// The name is empty or invisible, too long, or holds control characters or an encoded word of mail headers (`=?…?=`).
    InvalidName = Refusal::InvalidName(_),
    /// The account's short name has other characters or another length than allowed, or is reserved.
    InvalidSlug = Refusal::InvalidSlug(_),
    /// The password is too short, too long, or easy to guess.
    WeakPassword = Refusal::WeakPassword(_),
    /// A text that can be no id of a sign-in method.
    InvalidAuthMethod = Refusal::InvalidAuthMethod(_),
    /// At least one sign-in method must be allowed.
    AuthMethodsRequired = Refusal::AuthMethodsRequired,
    /// The account does not offer one of the sign-in methods, or this Roster is not configured for it.
    AuthMethodNotOffered = Refusal::AuthMethodNotOffered { .. },
    /// Invitations work for 1 to 720 hours.
    InvalidInvitationHours = Refusal::InvalidInvitationHours(_),
    /// The account would cease to offer the only way in which some user can sign in.
    AuthMethodInUse = Refusal::AuthMethodInUse { .. },
    /// A list of people to be invited has no rows.
    NoRows = Refusal::NoRows,
    /// A list of people to be invited has over 1,000 rows.
    TooManyRows = Refusal::TooManyRows,
    /// No such user, session or key in this account. Malformed, foreign and unknown ids answer alike.
    NotFound = Refusal::NotFound,
    /// The address has an open invitation already: `user` is that user.
    AlreadyInvited = Refusal::AlreadyInvited,
    /// The address belongs to a user already: `user` is that user.
    AlreadyMember = Refusal::AlreadyMember,
    /// The link is not whole, or not of this Roster.
    InvalidInvitationLink = Refusal::InvalidInvitationLink,
    /// The invitation was accepted already: sign in instead.
    InvitationAlreadyAccepted = Refusal::InvitationAlreadyAccepted,
    /// The time of the invitation is over.
    InvitationExpired = Refusal::InvitationExpired,
    /// A newer link was sent; only that one works.
    InvitationReplaced = Refusal::InvitationReplaced,
    /// The invited user was deleted.
    InvitationRevoked = Refusal::InvitationRevoked,
    /// The user may not sign in this way.
    AuthMethodNotAllowed = Refusal::AuthMethodNotAllowed,
    /// The user has accepted: there is no invitation to send again or to show.
    UserNotPending = Refusal::UserNotPending,
    /// The user has not accepted yet: there is nothing to activate or deactivate.
    InvitationPending = Refusal::InvitationPending,
    /// The user was deleted, and stays so: invite the address again.
    UserDeleted = Refusal::UserDeleted,
    /// Only who is deleted can be erased.
    UserNotDeleted = Refusal::UserNotDeleted,
    /// The typed e-mail address is not that of the user.
    ConfirmationMismatch = Refusal::ConfirmationMismatch,
    /// Nobody deactivates themselves.
    CannotDeactivateSelf = Refusal::CannotDeactivateSelf,
    /// Nobody deletes themselves.
    CannotDeleteSelf = Refusal::CannotDeleteSelf,
    /// The account would be left without an active admin.
    LastAdmin = Refusal::LastAdmin,
    /// The user or the account has another version than `expectedVersion`: look again, then decide again.
    VersionConflict = Refusal::VersionConflict { .. },
    /// There is another number of them than `expectedCount`: look again, then decide again.
    CountChanged = Refusal::CountChanged { .. },
    /// The idempotency key came with other input within 24 hours.
    IdempotencyKeyReused = Refusal::IdempotencyKeyReused,
    /// The idempotency key is empty, longer than 100 characters, or not printable ASCII.
    InvalidIdempotencyKey = Refusal::InvalidIdempotencyKey,
    /// The address and the password do not belong together.
    InvalidCredentials = Refusal::InvalidCredentials,
    /// The password is right, but an admin has deactivated the user.
    AccessDeactivated = Refusal::AccessDeactivated,
    /// There are several accounts: say which one to sign in to.
    AccountRequired = Refusal::AccountRequired,
    /// Another account has this short name.
    SlugTaken = Refusal::SlugTaken,
    /// The welcome link was used, is older than 24 hours, or is not of this Roster.
    InvalidWelcomeLink = Refusal::InvalidWelcomeLink,
    /// An API key needs at least one scope.
    ApiScopesRequired = Refusal::ApiScopesRequired,
    /// API keys work for 1 to 366 days.
    InvalidApiKeyLifetime = Refusal::InvalidApiKeyLifetime(_),
    /// The user has as many API keys as one may have: revoke some first.
    TooManyApiKeys = Refusal::TooManyApiKeys,
    /// The account has as many service keys as one may have: revoke some first.
    TooManyServiceKeys = Refusal::TooManyServiceKeys,
    /// The current password is another one.
    WrongPassword = Refusal::WrongPassword,
    /// The link for a new password was used, is older than an hour, or is not of this Roster.
    InvalidResetLink = Refusal::InvalidResetLink,
    /// Too many attempts in a short time: `retryAfterSeconds` says when to try again.
    TooManyAttempts = Refusal::TooManyAttempts { .. },
    /// As many invitations were sent by this admin as one may send within a day.
    InvitationLimitReached = Refusal::InvitationLimitReached,
    /// The invitation must be accepted first, by the link in its mail.
    InvitationNotAccepted = Refusal::InvitationNotAccepted,
    /// Nobody who could sign in has the address that the provider vouches for.
    NotInvited = Refusal::NotInvited,
    /// The provider does not vouch for the e-mail address.
    ProviderEmailUnverified = Refusal::ProviderEmailUnverified,
    /// The address that the provider vouches for is not the one of the user.
    ProviderEmailMismatch = Refusal::ProviderEmailMismatch,
    /// The user signs in with another account of this provider.
    ProviderAccountDiffers = Refusal::ProviderAccountDiffers,
    /// The account at the provider belongs to another user of the account.
    ProviderAccountInUse = Refusal::ProviderAccountInUse,
    /// The sign-in at the provider did not succeed: start again.
    ProviderSignInFailed = Refusal::ProviderSignInFailed,
}

/// Why a mutation did nothing.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct UserError {
    /// For programs: stable.
    pub code: UserErrorCode,
    /// For people: a sentence.
    pub message: String,
    /// The path to the input field that it is about, such as `["input", "email"]`; null when it is about the command as a whole.
    pub field: Option<Vec<String>>,
    /// After how many seconds to try again, with `TOO_MANY_ATTEMPTS`; null otherwise. The header `Retry-After` says the same.
    pub retry_after_seconds: Option<u64>,
}

impl From<&Refusal> for UserError {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.into(),
            message: refusal.to_string(),
            field: refusal.field().map(in_input),
            retry_after_seconds: refusal.retry_after_seconds(),
        }
    }
}

impl UserError {
    /// Whether it is about the input field of this name.
    pub(super) fn is_about(&self, name: &str) -> bool {
        self.field.as_ref().is_some_and(|path| path.last().is_some_and(|last| last == name))
    }

    /// The same, about another field of the input, or about the command as a whole.
    pub(super) fn about(self, name: Option<&str>) -> Self {
        Self { field: name.map(in_input), ..self }
    }
}

/// The path to an input field, in the spelling of the schema: `auth_methods` is `["input", "authMethods"]`.
fn in_input(name: &str) -> Vec<String> {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let spelled = words.fold(first, |spelled, word| spelled + &word[..1].to_uppercase() + &word[1..]);
    vec!["input".to_owned(), spelled]
}

/// A top-level error. A fault carries its chain and no code: the HTTP layer logs it once, and answers `INTERNAL` with the
/// request's id instead; an outage of the database is `UNAVAILABLE`.
pub(super) fn top_level(error: Error) -> async_graphql::Error {
    if is_outage(&error) {
        return async_graphql::Error::new(UNAVAILABLE).extend_with(|_, extensions| extensions.set("code", "UNAVAILABLE"));
    }
    if let Error::Fault(fault) = &error {
        return async_graphql::Error::new(chain(fault));
    }
    let code = error.code();
    info!(code, "a request was refused");
    let wait = if let Error::Refused { refusal, .. } = &error { refusal.retry_after_seconds() } else { None };
    async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| {
        extensions.set("code", code);
        if let Some(seconds) = wait {
            extensions.set(RETRY_AFTER_SECONDS_EXTENSION, seconds);
        }
    })
}

/// An argument that no query takes.
pub(super) fn bad_input(message: &str) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", "BAD_USER_INPUT"))
}

/// Refuses a list of a filter that names more than a filter can mean.
pub(super) fn require_short_list<T>(name: &str, list: Option<&Vec<T>>) -> async_graphql::Result<()> {
    const LONGEST: usize = 100;
    match list {
        Some(list) if list.len() > LONGEST => Err(bad_input(&format!("`{name}` names at most {LONGEST}"))),
        _ => Ok(()),
    }
}

/// A cursor whose event this history does not have: the client has seen what a restore has taken back.
pub(super) fn unknown_cursor(error: UnknownCursor) -> async_graphql::Error {
    async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| extensions.set("code", "UNKNOWN_CURSOR"))
}

/// A cursor of an event in the form of earlier versions. The code says to begin again, as after a restore.
pub(super) fn earlier_cursor(argument: &str) -> async_graphql::Error {
    let message = format!("`{argument}` was given out by an earlier version of Roster: read everything again from the beginning");
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", "UNKNOWN_CURSOR"))
}

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::EnumType;
    use domain::AuthMethodId;

    use super::*;

    #[test]
    fn the_schema_and_the_domain_spell_every_code_alike() {
        let refusals = [
            Refusal::AuthMethodNotOffered { id: AuthMethodId::password() },
            Refusal::VersionConflict { current: 1 },
            Refusal::CountChanged { current: 1 },
            Refusal::InvitationAlreadyAccepted,
            Refusal::CannotDeactivateSelf,
            Refusal::IdempotencyKeyReused,
            Refusal::InvalidWelcomeLink,
        ];
        for refusal in refusals {
            let code = UserErrorCode::from(&refusal);
            let item = UserErrorCode::items().iter().find(|item| item.value == code).expect("listed");
            assert_eq!(item.name, refusal.code());
        }
    }
}
