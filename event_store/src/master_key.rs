//! The one key that is stored apart from the database.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// 256 bits from which every other key is derived or by which it is wrapped. Never shown.
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The name of a master key, derived from it. It reveals nothing about the key, so it may be stored and shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// Reads the stored form; `None` if it is not one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The form that is stored.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:016x}", u64::from_be_bytes(self.0)))
    }
}

/// A text that is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes in base64 (44 characters): make one with `roster keys generate`")]
pub struct InvalidMasterKey;

impl MasterKey {
    /// Reads the base64 form.
    ///
    /// # Errors
    /// When it is not 32 bytes in base64.
    pub fn parse(text: &str) -> Result<Self, InvalidMasterKey> {
        let text = text.trim().trim_end_matches('=');
        let bytes = Zeroizing::new(BASE64_STANDARD_NO_PAD.decode(text).map_err(|_| InvalidMasterKey)?);
        let key = bytes.as_slice().try_into().map_err(|_| InvalidMasterKey)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Makes a new one.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// The base64 form, for the file or setting that keeps it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.0.as_slice()))
    }

    /// A key for one purpose. It reveals nothing about the master key or the keys for other purposes.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes a key of any length");
        mac.update(b"roster/v1/");
        mac.update(purpose.as_bytes());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }

    /// The name of this key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let derived = self.derive("key-id");
        KeyId(*derived.first_chunk().expect("it is longer"))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_survives_its_text() {
        let key = MasterKey::generate().expect("randomness");
        let again = MasterKey::parse(&format!(" {}\n", key.to_text().as_str())).expect("valid");
        assert_eq!(key.derive("a"), again.derive("a"));
        assert_ne!(key.derive("a"), key.derive("b"));
        assert_eq!(key.id(), again.id());
        assert_eq!(KeyId::parse(key.id().as_bytes()), Some(key.id()));
        assert_ne!(key.id(), MasterKey::generate().expect("randomness").id());
    }

    #[test]
    fn the_name_of_a_key_stays_what_it_is() {
        // It is stored: another derivation would make every stored one unknown.
        let key = MasterKey::parse("cm9zdGVyLXRlc3RzLW9ubHktMzItYnl0ZXMta2V5ISE=").expect("valid");
        assert_eq!(key.id().to_string(), "27b85d793a9e882c");
        assert_eq!(KeyId::parse(b"short"), None);
    }

    #[test]
    fn other_lengths_and_alphabets_are_refused() {
        for text in ["", "secret", "AAAA", &"A".repeat(42), &"A".repeat(44), &format!("{}!", "A".repeat(42))] {
            assert!(MasterKey::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", MasterKey::generate()), "Ok(MasterKey(…))");
    }
}
