//! Errors as clients see them: refusals of a mutation as data, everything else as top-level errors.

use async_graphql::{Context, Enum, ErrorExtensions, SimpleObject};
use commands::Error;
use domain::Refusal;
use event_store::UnknownCursor;
use graphql_http::{RETRY_AFTER_SECONDS_EXTENSION, UNAVAILABLE};
use tracing::info;

use crate::chain::chain;
use crate::outage::is_outage;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident = $refusal:pat),+ $(,)?) => {
        /// The reasons for refusing a mutation. New codes may be added: treat an unknown code like any other refusal.
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
    /// The input is not a single valid e-mail address.
    InvalidEmail = Refusal::InvalidEmail(_),
    /// The name is empty, invisible or too long, or contains control characters or an encoded word of mail headers (`=?…?=`).
    InvalidName = Refusal::InvalidName(_),
    /// The slug has the wrong length, contains other characters than allowed, or is reserved.
    InvalidSlug = Refusal::InvalidSlug(_),
    /// The password is too short, too long, or easy to guess.
    WeakPassword = Refusal::WeakPassword(_),
    /// The text is not a valid id of a sign-in method.
    InvalidAuthMethod = Refusal::InvalidAuthMethod(_),
    /// At least one sign-in method is required.
    AuthMethodsRequired = Refusal::AuthMethodsRequired,
    /// The account does not offer the sign-in method, or this server is not configured for it.
    AuthMethodNotOffered = Refusal::AuthMethodNotOffered { .. },
    /// The lifetime of invitations is not 1 to 720 hours.
    InvalidInvitationHours = Refusal::InvalidInvitationHours(_),
    /// The file is not a PNG, JPEG or WebP image of at most 2,000 × 2,000 pixels, or not in base64.
    InvalidLogo = Refusal::InvalidLogo(_),
    /// The file of the logo has more than 64 kB.
    LogoTooLarge = Refusal::LogoTooLarge,
    /// The color is not `#` and six hexadecimal digits.
    InvalidColor = Refusal::InvalidColor(_),
    /// The account cannot remove a sign-in method that is the only one of a user.
    AuthMethodInUse = Refusal::AuthMethodInUse { .. },
    /// The list of rows is empty.
    NoRows = Refusal::NoRows,
    /// There are more than 1,000 rows.
    TooManyRows = Refusal::TooManyRows,
    /// The user of the row is an admin, and your key has no scope for changing admins.
    Forbidden = Refusal::AdminsForbidden,
    /// The account has no such user, session, key or view. Malformed and unknown ids and ids of other accounts get the same code.
    NotFound = Refusal::NotFound,
    /// The address already has an open invitation. `user` is the invited user.
    AlreadyInvited = Refusal::AlreadyInvited,
    /// The address already belongs to a user. `user` is that user.
    AlreadyMember = Refusal::AlreadyMember,
    /// The link is incomplete, or was not created by this Roster server.
    InvalidInvitationLink = Refusal::InvalidInvitationLink,
    /// The invitation was already accepted. Sign in instead.
    InvitationAlreadyAccepted = Refusal::InvitationAlreadyAccepted,
    /// The invitation has expired.
    InvitationExpired = Refusal::InvitationExpired,
    /// A newer link was sent. Only the newest link works.
    InvitationReplaced = Refusal::InvitationReplaced,
    /// The invited user was deleted.
    InvitationRevoked = Refusal::InvitationRevoked,
    /// The user may not use this sign-in method.
    AuthMethodNotAllowed = Refusal::AuthMethodNotAllowed,
    /// The user has accepted. There is no invitation to send again or to reveal.
    UserNotPending = Refusal::UserNotPending,
    /// The user has not accepted yet. There is nothing to activate or deactivate.
    InvitationPending = Refusal::InvitationPending,
    /// The user was deleted permanently. Invite the address again.
    UserDeleted = Refusal::UserDeleted,
    /// Only deleted users can be erased.
    UserNotDeleted = Refusal::UserNotDeleted,
    /// The confirmation is not the e-mail address of the user.
    ConfirmationMismatch = Refusal::ConfirmationMismatch,
    /// You cannot deactivate yourself.
    CannotDeactivateSelf = Refusal::CannotDeactivateSelf,
    /// You cannot delete yourself.
    CannotDeleteSelf = Refusal::CannotDeleteSelf,
    /// The change would leave the account without an active admin.
    LastAdmin = Refusal::LastAdmin,
    /// The version of the user or the account is not `expectedVersion`. Read it again, then decide again.
    VersionConflict = Refusal::VersionConflict { .. },
    /// The number is not the one that you expected. `expectedCount` and `currentCount` say both. Read it again, then decide again.
    CountChanged = Refusal::CountChanged { .. },
    /// `confirmCount` is not the number of selected users. `expectedCount` and `currentCount` say both.
    CountNotConfirmed = Refusal::CountNotConfirmed { .. },
    /// The event is not a change of role, sign-in methods, access or name, or there was no value before.
    NotUndoable = Refusal::NotUndoable,
    /// A later event changed the same field. Undo that one first.
    ChangedSince = Refusal::ChangedSince,
    /// The idempotency key was used with other input within the last 24 hours.
    IdempotencyKeyReused = Refusal::IdempotencyKeyReused,
    /// The idempotency key is empty, longer than 100 characters, or not printable ASCII.
    InvalidIdempotencyKey = Refusal::InvalidIdempotencyKey,
    /// The e-mail address or the password is wrong.
    InvalidCredentials = Refusal::InvalidCredentials,
    /// The password is correct, but an admin has deactivated the user.
    AccessDeactivated = Refusal::AccessDeactivated,
    /// Several accounts exist. Name the one to sign in to.
    AccountRequired = Refusal::AccountRequired,
    /// Another account has this slug.
    SlugTaken = Refusal::SlugTaken,
    /// The welcome link was used, is older than 24 hours, or was not created by this Roster server.
    InvalidWelcomeLink = Refusal::InvalidWelcomeLink,
    /// A key needs at least one scope.
    ApiScopesRequired = Refusal::ApiScopesRequired,
    /// The lifetime of the key is not 1 to 366 days.
    InvalidApiKeyLifetime = Refusal::InvalidApiKeyLifetime(_),
    /// The user has the maximum number of API keys. Revoke one first.
    TooManyApiKeys = Refusal::TooManyApiKeys,
    /// The account has the maximum number of service keys. Revoke one first.
    TooManyServiceKeys = Refusal::TooManyServiceKeys,
    /// The query of the view is longer than 2,000 characters, or contains a character that must be percent-encoded.
    InvalidViewQuery = Refusal::InvalidViewQuery(_),
    /// You have 50 views, or the account shares 50. Delete one first.
    TooManyViews = Refusal::TooManyViews,
    /// Another of your views, or another shared view, has this name.
    ViewNameTaken = Refusal::ViewNameTaken,
    /// The current password is wrong.
    WrongPassword = Refusal::WrongPassword,
    /// The password-reset link was used, is older than an hour, or was not created by this Roster server.
    InvalidResetLink = Refusal::InvalidResetLink,
    /// There were too many attempts in a short time. `retryAfterSeconds` says when to try again.
    TooManyAttempts = Refusal::TooManyAttempts { .. },
    /// The daily limit of invitations for this admin, or for the service keys of the account, is reached.
    InvitationLimitReached = Refusal::InvitationLimitReached,
    /// The invitation must be accepted first, with the link in its mail.
    InvitationNotAccepted = Refusal::InvitationNotAccepted,
    /// No user who can sign in has the address that the provider confirms.
    NotInvited = Refusal::NotInvited,
    /// The provider does not confirm the e-mail address.
    ProviderEmailUnverified = Refusal::ProviderEmailUnverified,
    /// The address that the provider confirms is not the address of the user.
    ProviderEmailMismatch = Refusal::ProviderEmailMismatch,
    /// The user signs in with a different account at this provider.
    ProviderAccountDiffers = Refusal::ProviderAccountDiffers,
    /// The account at the provider belongs to another user of this account.
    ProviderAccountInUse = Refusal::ProviderAccountInUse,
    /// The sign-in at the provider failed. Start again.
    ProviderSignInFailed = Refusal::ProviderSignInFailed,
}

/// Why a mutation was refused.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct UserError {
    /// A stable code, for programs.
    pub code: UserErrorCode,
    /// A sentence, for people.
    pub message: String,
    /// The path to the input field that caused the error, such as `["input", "email"]`. Null if the error concerns the whole request.
    pub field: Option<Vec<String>>,
    /// With `TOO_MANY_ATTEMPTS`, how many seconds to wait before trying again; otherwise null. The header `Retry-After` contains the same
    /// number.
    pub retry_after_seconds: Option<u64>,
    /// With `COUNT_CHANGED` and `COUNT_NOT_CONFIRMED`, the number that you gave; otherwise null.
    pub expected_count: Option<u64>,
    /// With `COUNT_CHANGED` and `COUNT_NOT_CONFIRMED`, the number now; otherwise null.
    pub current_count: Option<u64>,
}

impl From<&Refusal> for UserError {
    fn from(refusal: &Refusal) -> Self {
        let counts = match refusal {
            Refusal::CountChanged { expected, current } => Some((*expected, *current)),
            Refusal::CountNotConfirmed { confirmed, selected } => Some((*confirmed, *selected)),
            _ => None,
        };
        Self {
            code: refusal.into(),
            message: refusal.to_string(),
            field: refusal.field().map(in_input),
            retry_after_seconds: refusal.retry_after_seconds(),
            expected_count: counts.map(|(expected, _)| expected),
            current_count: counts.map(|(_, current)| current),
        }
    }
}

impl UserError {
    /// Whether the error concerns the input field with this name.
    pub(in crate::graphql) fn is_about(&self, name: &str) -> bool {
        self.field.as_ref().is_some_and(|path| path.last().is_some_and(|last| last == name))
    }

    /// The same error, for another input field or for the whole request.
    pub(in crate::graphql) fn about(self, name: Option<&str>) -> Self {
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

/// A top-level error. A fault has its chain and no code: the HTTP layer logs it once, and returns `INTERNAL` with the request id. An outage
/// of the database is `UNAVAILABLE`.
pub(in crate::graphql) fn top_level(error: impl Into<Error>) -> async_graphql::Error {
    let error = error.into();
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

/// An invalid argument.
pub(in crate::graphql) fn bad_input(message: &str) -> async_graphql::Error {
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", "BAD_USER_INPUT"))
}

/// Refuses a list of a filter with too many entries.
pub(in crate::graphql) fn require_short_list<T>(name: &str, list: Option<&Vec<T>>) -> async_graphql::Result<()> {
    const LONGEST: usize = 100;
    match list {
        Some(list) if list.len() > LONGEST => Err(bad_input(&format!("`{name}` names at most {LONGEST}"))),
        _ => Ok(()),
    }
}

/// A cursor whose event is not in this history: a restore removed an event that the client has seen.
pub(in crate::graphql) fn unknown_cursor(error: UnknownCursor) -> async_graphql::Error {
    async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| extensions.set("code", "UNKNOWN_CURSOR"))
}

/// An event cursor in the format of earlier versions. The code tells clients to start again, as after a restore.
pub(in crate::graphql) fn earlier_cursor(argument: &str) -> async_graphql::Error {
    let message = format!("`{argument}` was given out by an earlier version of Roster: read everything again from the beginning");
    async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", "UNKNOWN_CURSOR"))
}

/// Errors for an input without a field of this name: they name `instead`, or concern the whole request.
pub(in crate::graphql) fn respelled(errors: Vec<UserError>, absent: &str, instead: Option<&str>) -> Vec<UserError> {
    errors.into_iter().map(|error| if error.is_about(absent) { error.about(instead) } else { error }).collect()
}

/// A refusal as data. The response also has a `Retry-After` header if the refusal has a wait time.
pub(in crate::graphql) fn refused(ctx: &Context<'_>, refusal: &domain::Refusal) -> UserError {
    tracing::info!(code = refusal.code(), "a request was refused");
    if let Some(seconds) = refusal.retry_after_seconds() {
        ctx.append_http_header("retry-after", seconds);
    }
    refusal.into()
}

#[cfg(test)]
mod tests {
    use async_graphql::resolver_utils::EnumType;
    use domain::AuthMethodId;

    use super::*;

    #[test]
    fn the_schema_and_the_domain_spell_every_code_the_same() {
        let refusals = [
            Refusal::AuthMethodNotOffered { id: AuthMethodId::password() },
            Refusal::VersionConflict { current: 1 },
            Refusal::CountChanged { expected: 2, current: 1 },
            Refusal::AdminsForbidden,
            Refusal::ChangedSince,
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
