//! What an ID token must be before it counts.
//!
//! Only the claims that Roster uses are read. openidconnect (4.1) reads all that the specification names before it looks at the
//! signature, so that an honest provider with an odd `updated_at` or `address` would admit no one.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{AccessToken, AccessTokenHash, ClientId, JsonWebKey, Nonce};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::discovery::Metadata;
use super::error::IdTokenFlaw;

/// By how much a provider's clock may be ahead of ours.
const CLOCKS_DIFFER_BY: TimeDelta = TimeDelta::minutes(2);

/// How many characters a subject may have; OpenID Connect says so.
const SUBJECT_LENGTH: usize = 255;

/// Signatures of a key pair only. `none` proves nothing, and with a shared secret anyone who knows ours could sign.
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

/// An ID token as it came: nothing of it is believed yet.
pub(super) struct IdToken {
    header: Header,
    claims: Map<String, Value>,
    /// What is signed.
    message: String,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: Algorithm,
    kid: Option<String>,
    /// Extensions that must be understood: none is.
    crit: Option<Value>,
}

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

impl From<IdTokenFlaw> for Unverified {
    fn from(flaw: IdTokenFlaw) -> Self {
        Self::Flaw(flaw)
    }
}

/// The claims of a token that counts.
#[derive(Debug)]
pub(super) struct VerifiedClaims {
    pub(super) subject: String,
    pub(super) all: Map<String, Value>,
}

impl IdToken {
    /// Reads a token; `None` where the text is no signed JSON Web Token in the compact form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).ok();
        Some(Self {
            header: serde_json::from_slice(&decode(header)?).ok()?,
            claims: serde_json::from_slice(&decode(claims)?).ok()?,
            message: message.to_owned(),
            signature: decode(signature)?,
        })
    }

    /// The claims, if the token is signed by the provider, for us, now, in answer to our question, with this access token.
    pub(super) fn verify(&self, metadata: &Metadata, expected: &Expected<'_>) -> Result<VerifiedClaims, Unverified> {
        let key = self.signed_with(metadata)?;
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str);
        if text("iss") != Some(metadata.issuer().as_str()) {
            return Err(IdTokenFlaw::Issuer.into());
        }
        if !self.is_for(expected.client_id) {
            return Err(IdTokenFlaw::Audience.into());
        }
        if self.claims.get("azp").is_some_and(|party| !party.is_null() && party.as_str() != Some(expected.client_id.as_str())) {
            return Err(IdTokenFlaw::AuthorizedParty.into());
        }
        let (expires_at, issued_at) = (self.instant("exp")?, self.instant("iat")?);
        if expires_at <= expected.at {
            return Err(IdTokenFlaw::Expired.into());
        }
        if issued_at > expected.at + CLOCKS_DIFFER_BY {
            return Err(IdTokenFlaw::NotYetIssued.into());
        }
        // Nonces are compared by their hashes: how long that takes says nothing.
        if text("nonce").map(|nonce| Nonce::new(nonce.to_owned())).as_ref() != Some(expected.nonce) {
            return Err(IdTokenFlaw::Nonce.into());
        }
        let subject = text("sub").filter(|subject| (1..=SUBJECT_LENGTH).contains(&subject.len()) && !subject.contains('\0'));
        let subject = subject.ok_or(IdTokenFlaw::Subject)?.to_owned();
        if let Some(said) = self.claims.get("at_hash").filter(|said| !said.is_null()) {
            let is = AccessTokenHash::from_token(expected.access_token, &self.header.alg, key).ok();
            if is.as_ref().map(|is| is.as_str()) != said.as_str() {
                return Err(IdTokenFlaw::AccessToken.into());
            }
        }
        Ok(VerifiedClaims { subject, all: self.claims.clone() })
    }

    /// The provider's key that the token is signed with.
    fn signed_with<'a>(&self, metadata: &'a Metadata) -> Result<&'a CoreJsonWebKey, Unverified> {
        let Header { alg, kid, crit } = &self.header;
        if crit.is_some() || !ALGORITHMS.contains(alg) {
            return Err(IdTokenFlaw::Signature.into());
        }
        let named = |key: &&CoreJsonWebKey| kid.is_none() || key.key_id().map(|id| id.as_str()) == kid.as_deref();
        let mut keys = metadata.jwks().keys().iter().filter(named).peekable();
        // Where the token does not name its key, it may be one that is new.
        if keys.peek().is_none() {
            return Err(Unverified::UnknownKey);
        }
        let signed = keys.find(|key| key.verify_signature(alg, self.message.as_bytes(), &self.signature).is_ok());
        signed.ok_or_else(|| if kid.is_none() { Unverified::UnknownKey } else { IdTokenFlaw::Signature.into() })
    }

    /// Whether we are the only audience.
    fn is_for(&self, client_id: &ClientId) -> bool {
        let us = |audience: &Value| audience.as_str() == Some(client_id.as_str());
        match self.claims.get("aud") {
            Some(Value::Array(audiences)) => !audiences.is_empty() && audiences.iter().all(us),
            Some(audience) => us(audience),
            None => false,
        }
    }

    /// An instant in seconds since 1970.
    fn instant(&self, name: &str) -> Result<DateTime<Utc>, IdTokenFlaw> {
        let value = self.claims.get(name).ok_or(IdTokenFlaw::Other)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a fraction of a second decides nothing, and what is too large is refused below"
        )]
        let seconds = value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64));
        seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).ok_or(IdTokenFlaw::Other)
    }
}
