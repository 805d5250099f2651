//! Why a provider proved no identity.

use domain::AuthMethodId;

/// Why a sign-in with a provider came to nothing. Nothing secret or personal is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// No provider has this id.
    #[error("no provider with the id {0} is configured")]
    Unknown(AuthMethodId),
    /// The provider could not be asked; another time it may be.
    #[error("the provider cannot be reached: {reason}")]
    Unreachable {
        /// What went wrong on the way.
        reason: String,
    },
    /// What the provider publishes about itself cannot be used, or is about another one.
    #[error("the provider's configuration cannot be used: {reason}")]
    Unusable {
        /// What is wrong with it.
        reason: String,
    },
    /// The person did not agree, or could not sign in there.
    #[error("the sign-in was cancelled at the provider")]
    Declined,
    /// The provider sent the browser back with an error.
    #[error("the provider answered with the error {code}")]
    Refused {
        /// The error, of those that OAuth 2.0 and OpenID Connect name.
        code: String,
    },
    /// The answer is not to the question that this browser was sent away with.
    #[error("the answer's state is not the one that was sent")]
    StateMismatch,
    /// The provider promises to say who it is in its answer, and this answer does not.
    #[error("the answer does not say which provider it comes from")]
    IssuerMissing,
    /// The answer comes from another provider than the one that was asked.
    #[error("the answer comes from another provider")]
    IssuerMismatch,
    /// The answer holds neither a code nor an error.
    #[error("the answer contains no code")]
    NoCode,
    /// The provider gave no tokens for the code: it was used already, is too old, or is another client's.
    #[error("the provider gave nothing for the code ({code})")]
    CodeRefused {
        /// The error, of those that OAuth 2.0 names.
        code: String,
    },
    /// What the token endpoint answered is not understood.
    #[error("the provider's answer to the code is not understood")]
    InvalidTokens,
    /// The access token is of a type that Roster cannot use.
    #[error("the provider's access token is not a bearer token")]
    TokenType,
    /// There is no ID token among the tokens.
    #[error("the provider sent no ID token")]
    NoIdToken,
    /// The ID token proves nothing to us.
    #[error("the provider's ID token is not valid: {0}")]
    IdToken(IdTokenFlaw),
    /// User info was refused, or is not understood.
    #[error("the provider's user info is not understood")]
    InvalidUserInfo,
    /// User info is about another person than the ID token.
    #[error("the provider's user info is about another subject")]
    SubjectMismatch,
    /// The ID token and user info name different addresses, or one vouches for the address and the other denies it.
    #[error("the provider's ID token and user info contradict each other")]
    Contradiction,
}

/// What is wrong with an ID token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenFlaw {
    /// Not signed, by a key that is not the provider's, or in a way that proves nothing.
    #[error("its signature is not valid")]
    Signature,
    /// Issued by another provider.
    #[error("another issuer")]
    Issuer,
    /// Not for us, or not for us alone.
    #[error("another audience")]
    Audience,
    /// Given to another client.
    #[error("another authorized party")]
    AuthorizedParty,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Issued later than now, by more than clocks differ.
    #[error("issued in the future")]
    NotYetIssued,
    /// An answer to another question.
    #[error("another nonce")]
    Nonce,
    /// Issued with another access token.
    #[error("another access token")]
    AccessToken,
    /// No subject, or one that is longer than the specification allows.
    #[error("no usable subject")]
    Subject,
    /// Something else.
    #[error("not understood")]
    Other,
}

impl ProviderError {
    /// A stable word for logs and tests.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "UNKNOWN_PROVIDER",
            Self::Unreachable { .. } => "UNREACHABLE",
            Self::Unusable { .. } => "UNUSABLE",
            Self::Declined => "DECLINED",
            Self::Refused { .. } => "REFUSED",
            Self::StateMismatch => "STATE_MISMATCH",
            Self::IssuerMissing => "ISSUER_MISSING",
            Self::IssuerMismatch => "ISSUER_MISMATCH",
            Self::NoCode => "NO_CODE",
            Self::CodeRefused { .. } => "CODE_REFUSED",
            Self::InvalidTokens => "INVALID_TOKENS",
            Self::TokenType => "TOKEN_TYPE",
            Self::NoIdToken => "NO_ID_TOKEN",
            Self::IdToken(flaw) => flaw.code(),
            Self::InvalidUserInfo => "INVALID_USER_INFO",
            Self::SubjectMismatch => "SUBJECT_MISMATCH",
            Self::Contradiction => "CONTRADICTION",
        }
    }
}

impl IdTokenFlaw {
    const fn code(self) -> &'static str {
        match self {
            Self::Signature => "ID_TOKEN_SIGNATURE",
            Self::Issuer => "ID_TOKEN_ISSUER",
            Self::Audience => "ID_TOKEN_AUDIENCE",
            Self::AuthorizedParty => "ID_TOKEN_AUTHORIZED_PARTY",
            Self::Expired => "ID_TOKEN_EXPIRED",
            Self::NotYetIssued => "ID_TOKEN_NOT_YET_ISSUED",
            Self::Nonce => "ID_TOKEN_NONCE",
            Self::AccessToken => "ID_TOKEN_ACCESS_TOKEN",
            Self::Subject => "ID_TOKEN_SUBJECT",
            Self::Other => "ID_TOKEN_OTHER",
        }
    }
}

/// A code that another system sent, if it is made as the specifications make them: otherwise we might repeat anything.
pub(super) fn known_code(code: &str) -> String {
    let is_plain = (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_plain { code.to_owned() } else { "unknown".to_owned() }
}
