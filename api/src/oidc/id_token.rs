//! What an ID token must be before it counts.

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};

use super::discovery::Metadata;
use super::error::IdTokenFlaw;

/// By how much a provider's clock may be ahead of ours.
const CLOCKS_DIFFER_BY: TimeDelta = TimeDelta::minutes(2);

/// How many characters a subject may have; OpenID Connect says so.
const SUBJECT_LENGTH: usize = 255;

/// Signatures of a key pair only. `none` proves nothing, and with a shared secret whoever knows ours could sign.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What came with a token, or is known of the moment, for the token to be compared with.
pub(super) struct Expected<'a> {
    pub(super) client_id: &'a ClientId,
    pub(super) nonce: &'a Nonce,
    pub(super) access_token: &'a AccessToken,
    pub(super) at: DateTime<Utc>,
}

/// Why a token does not count (yet).
pub(super) enum Unverified {
    /// It is signed with a key that the provider may have published since.
    UnknownKey,
    /// Whatever else is known, it does not count.
    Flaw(IdTokenFlaw),
}

/// The claims of a token that is signed by the provider, for us, now, in answer to our question, with this access token.
pub(super) fn verify(token: &CoreIdToken, metadata: &Metadata, expected: &Expected<'_>) -> Result<CoreIdTokenClaims, Unverified> {
    let (client_id, issuer, keys) = (expected.client_id.clone(), metadata.issuer().clone(), metadata.jwks().clone());
    let (at, latest) = (expected.at, expected.at + CLOCKS_DIFFER_BY);
    let verifier = CoreIdTokenVerifier::new_public_client(client_id, issuer, keys)
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || at)
        .set_issue_time_verifier_fn(|_| Ok(()));
    let claims = token.claims(&verifier, expected.nonce).map_err(unverified)?;
    if claims.issue_time() > latest {
        return Err(Unverified::Flaw(IdTokenFlaw::NotYetIssued));
    }
    if claims.authorized_party().is_some_and(|party| party != expected.client_id) {
        return Err(Unverified::Flaw(IdTokenFlaw::AuthorizedParty));
    }
    if !(1..=SUBJECT_LENGTH).contains(&claims.subject().len()) || claims.subject().contains('\0') {
        return Err(Unverified::Flaw(IdTokenFlaw::Subject));
    }
    if let Some(said) = claims.access_token_hash() {
        let is = token.signing_alg().ok().zip(token.signing_key(&verifier).ok());
        let is = is.and_then(|(algorithm, key)| AccessTokenHash::from_token(expected.access_token, algorithm, key).ok());
        if is.as_ref() != Some(said) {
            return Err(Unverified::Flaw(IdTokenFlaw::AccessToken));
        }
    }
    Ok(claims.clone())
}

fn unverified(error: ClaimsVerificationError) -> Unverified {
    Unverified::Flaw(match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => return Unverified::UnknownKey,
        ClaimsVerificationError::SignatureVerification(_) => IdTokenFlaw::Signature,
        ClaimsVerificationError::Expired(_) => IdTokenFlaw::Expired,
        ClaimsVerificationError::InvalidAudience(_) => IdTokenFlaw::Audience,
        ClaimsVerificationError::InvalidIssuer(_) => IdTokenFlaw::Issuer,
        ClaimsVerificationError::InvalidNonce(_) => IdTokenFlaw::Nonce,
        ClaimsVerificationError::InvalidSubject(_) => IdTokenFlaw::Subject,
        _ => IdTokenFlaw::Other,
    })
}
