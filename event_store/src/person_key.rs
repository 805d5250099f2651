//! The key of each person, and its wrapping.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::{AccountId, UserId};
use zeroize::Zeroizing;

use crate::{Error, MasterKey};

/// The length of a nonce of XChaCha20-Poly1305, which stands before each sealed text.
const NONCE: usize = 24;

/// A person whom events speak of, with the key that seals what is personal in them. Held for one command, never longer.
pub struct Person {
    pub(crate) account_id: AccountId,
    pub(crate) id: UserId,
    /// `None` once they were erased.
    pub(crate) key: Option<Key>,
    /// The wrapped key, while it has not been stored.
    pub(crate) wrapped: Option<Vec<u8>>,
}

impl Person {
    pub(crate) const fn erased(account_id: AccountId, id: UserId) -> Self {
        Self { account_id, id, key: None, wrapped: None }
    }

    /// Whether their key is gone: nothing personal can be said of them any more.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        self.key.is_none()
    }
}

pub(crate) struct Key(XChaCha20Poly1305);

impl Key {
    fn new(bytes: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(bytes.into()))
    }

    /// Seals with a random nonce. `context` must be given again to open it.
    pub(crate) fn seal(&self, plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce)?;
        let sealed = self.0.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: context });
        let sealed = sealed.expect("a text this short always fits the cipher");
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed in the same context; `None` when it was not.
    pub(crate) fn open(&self, sealed: &[u8], context: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let plain = self.0.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: context });
        plain.ok().map(Zeroizing::new)
    }
}

/// Wraps and unwraps the keys of persons by a key derived from the master key.
pub(crate) struct KeyWrap(Key);

impl KeyWrap {
    pub(crate) fn new(master: &MasterKey) -> Self {
        Self(Key::new(&master.derive("person-keys")))
    }

    /// Makes the key of a new person. It is stored together with their first events.
    pub(crate) fn generate(&self, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        let wrapped = self.0.seal(bytes.as_slice(), context(account_id, id).as_bytes())?;
        Ok(Person { account_id, id, key: Some(Key::new(&bytes)), wrapped: Some(wrapped) })
    }

    pub(crate) fn unwrap(&self, account_id: AccountId, id: UserId, wrapped: &[u8]) -> Result<Person, Error> {
        let opened = self.0.open(wrapped, context(account_id, id).as_bytes());
        let bytes = opened.as_ref().and_then(|bytes| bytes.as_slice().try_into().ok());
        let bytes: &[u8; 32] = bytes.ok_or_else(|| Error::DoesNotOpen { place: format!("the key of user {id}") })?;
        Ok(Person { account_id, id, key: Some(Key::new(bytes)), wrapped: None })
    }
}

fn context(account_id: AccountId, id: UserId) -> String {
    format!("person-key|{account_id}|{id}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_wrapped_key_opens_only_for_its_person_and_by_its_master_key() {
        let (account, other) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let id = UserId::new(Uuid::from_u128(3));
        let wrap = KeyWrap::new(&MasterKey::generate().expect("randomness"));
        let person = wrap.generate(account, id).expect("randomness");
        let wrapped = person.wrapped.as_deref().expect("new");
        let sealed = person.key.expect("new").seal(b"ada", b"here").expect("randomness");

        let again = wrap.unwrap(account, id, wrapped).expect("the same").key.expect("not erased");
        assert_eq!(again.open(&sealed, b"here").expect("opens").as_slice(), b"ada");
        assert!(again.open(&sealed, b"there").is_none());
        assert!(again.open(&sealed[..10], b"here").is_none());
        assert!(wrap.unwrap(other, id, wrapped).is_err());
        let foreign = KeyWrap::new(&MasterKey::generate().expect("randomness"));
        assert!(foreign.unwrap(account, id, wrapped).is_err());
    }
}
