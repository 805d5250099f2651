//! Cursors as clients keep them: sealed, so that they reveal nothing.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::AccountId;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::MasterKeys;

/// The first byte of every cursor: the version of its form.
const VERSION: u8 = 1;
/// The length of a nonce of XChaCha20-Poly1305.
const NONCE: usize = 24;

/// Seals the cursors of lists under the current master key, and opens those that were sealed under any.
///
/// A cursor is `version ‖ nonce ‖ sealed` in base64url. It opens only in the account and the kind of list that it was sealed for. The nonce
/// is derived from what is sealed, so the same position of a list has the same cursor, as Relay expects.
#[derive(Clone)]
pub struct Cursors {
    /// From each master key, the current one first.
    keys: Vec<CursorKey>,
}

#[derive(Clone)]
struct CursorKey {
    cipher: XChaCha20Poly1305,
    nonces: Zeroizing<[u8; 32]>,
}

impl Cursors {
    pub(crate) fn new(master: &MasterKeys) -> Self {
        let (ciphers, nonces) = (master.derive("cursors"), master.derive("cursor-nonces"));
        let key = |(cipher, nonces): (&[u8; 32], &[u8; 32])| CursorKey {
            cipher: XChaCha20Poly1305::new(cipher.into()),
            nonces: Zeroizing::new(*nonces),
        };
        Self { keys: ciphers.all().zip(nonces.all()).map(key).collect() }
    }

    /// A position of a list as a text for clients. `kind` names the kind of list.
    #[must_use]
    pub fn seal(&self, account_id: AccountId, kind: &str, position: &[u8]) -> String {
        let (key, context) = (&self.keys[0], context(account_id, kind));
        let nonce = key.nonce(&context, position);
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), Payload { msg: position, aad: context.as_bytes() });
        let sealed = sealed.expect("a text this short always fits the cipher");
        BASE64_URL_SAFE_NO_PAD.encode([&[VERSION], nonce.as_slice(), &sealed].concat())
    }

    /// The position that was sealed for this account and kind of list; `None` for everything else.
    #[must_use]
    pub fn open(&self, account_id: AccountId, kind: &str, text: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.strip_prefix(&[VERSION])?.split_first_chunk::<NONCE>()?;
        let context = context(account_id, kind);
        let open = |key: &CursorKey| key.cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context.as_bytes() }).ok();
        self.keys.iter().find_map(open)
    }
}

impl CursorKey {
    fn nonce(&self, context: &str, position: &[u8]) -> [u8; NONCE] {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.nonces.as_slice()).expect("HMAC takes a key of any length");
        mac.update(context.as_bytes());
        mac.update(&[0]);
        mac.update(position);
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        *bytes.first_chunk().expect("it is longer")
    }
}

fn context(account_id: AccountId, kind: &str) -> String {
    format!("cursor|{kind}|{account_id}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::MasterKey;

    fn text() -> String {
        MasterKey::generate().expect("randomness").to_text().to_string()
    }

    fn cursors(keys: &str) -> Cursors {
        Cursors::new(&MasterKeys::parse(keys).expect("valid"))
    }

    #[test]
    fn a_cursor_opens_only_in_its_account_and_its_kind_of_list_and_cannot_be_forged() {
        let (cursors, own, foreign) = (cursors(&text()), AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let sealed = cursors.seal(own, "event", b"1.42.7");
        assert_eq!(cursors.open(own, "event", &sealed).as_deref(), Some(&b"1.42.7"[..]));
        assert_eq!(cursors.open(foreign, "event", &sealed), None);
        assert_eq!(cursors.open(own, "users", &sealed), None);
        assert_eq!(super::tests::cursors(&text()).open(own, "event", &sealed), None, "of another Roster");
        for index in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[index] = if forged[index] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert_eq!(cursors.open(own, "event", &forged), None, "{index}");
        }
        for other in ["", "A", "AQ", "1.42.7", "=", &sealed[1..], &format!("{sealed}A"), &format!("{sealed}="), "ä"] {
            assert_eq!(cursors.open(own, "event", other), None, "{other}");
        }
    }

    #[test]
    fn the_same_place_has_the_same_cursor_and_others_have_nothing_in_common_but_the_version() {
        let (cursors, account) = (cursors(&text()), AccountId::new(Uuid::from_u128(1)));
        let bytes = |position: &[u8]| BASE64_URL_SAFE_NO_PAD.decode(cursors.seal(account, "event", position)).expect("base64url");
        assert_eq!(bytes(b"1.42.7"), bytes(b"1.42.7"));
        let (one, other) = (bytes(b"1.42.7"), bytes(b"1.42.8"));
        assert_eq!((one[0], other[0]), (VERSION, VERSION));
        assert!(one[1..].iter().zip(&other[1..]).filter(|(one, other)| one == other).count() < 6);
        assert!(!one.windows(3).any(|part| part == b"42."));
    }

    #[test]
    fn a_cursor_from_before_another_master_key_took_over_still_opens() {
        let (old, new, account) = (text(), text(), AccountId::new(Uuid::from_u128(1)));
        let before = cursors(&old).seal(account, "event", b"position");
        let after = cursors(&format!("{new},{old}"));
        assert_eq!(after.open(account, "event", &before).as_deref(), Some(&b"position"[..]));
        let by_new = after.seal(account, "event", b"position");
        assert_eq!(
            cursors(&format!("{old},{new}")).open(account, "event", &by_new).as_deref(),
            Some(&b"position"[..]),
            "processes that serve side by side"
        );
        assert_eq!(cursors(&new).open(account, "event", &before), None, "without the old one");
    }
}
