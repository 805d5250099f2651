//! The key of each person, and its wrapping.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::{AccountId, UserId};
use zeroize::Zeroizing;

use crate::{Error, KeyId, MasterKeys};

/// The length of a nonce of XChaCha20-Poly1305, which comes before each sealed text.
const NONCE: usize = 24;

/// A person that events speak of, with the key that seals the personal values in them. Held for one unit of work, never longer.
#[derive(Clone)]
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

    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> UserId {
        self.id
    }

    /// Whether their key was destroyed: nothing personal can be stored of them any more.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        self.key.is_none()
    }
}

#[derive(Clone)]
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

/// Wraps the keys of persons by a key derived from the current master key, and unwraps them by any.
#[derive(Clone)]
pub(crate) struct KeyWrap {
    /// The names of the master keys, that of the current one first.
    pub(crate) ids: Vec<KeyId>,
    /// What is derived from them, in the same order.
    keys: Vec<Key>,
}

impl KeyWrap {
    pub(crate) fn new(master: &MasterKeys) -> Self {
        Self { ids: master.ids(), keys: master.derive("person-keys").all().map(Key::new).collect() }
    }

    /// The name of the current master key.
    pub(crate) fn id(&self) -> &KeyId {
        &self.ids[0]
    }

    /// Makes the key of a new person. It is stored together with their first events.
    pub(crate) fn generate(&self, account_id: AccountId, id: UserId) -> Result<Person, Error> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice())?;
        let wrapped = self.wrap(account_id, id, bytes.as_slice())?;
        Ok(Person { account_id, id, key: Some(Key::new(&bytes)), wrapped: Some(wrapped) })
    }

    pub(crate) fn unwrap(&self, account_id: AccountId, id: UserId, wrapped: &[u8]) -> Result<Person, Error> {
        let opened = self.open(account_id, id, wrapped);
        let bytes = opened.as_ref().and_then(|bytes| bytes.as_slice().try_into().ok());
        let bytes: &[u8; 32] = bytes.ok_or_else(|| Error::DoesNotOpen { what: format!("the key of user {id}") })?;
        Ok(Person { account_id, id, key: Some(Key::new(bytes)), wrapped: None })
    }

    /// The same key, wrapped by the current master key: as it is, where it is wrapped by that one already. `None` when none of the master
    /// keys opens it.
    pub(crate) fn rewrap(&self, account_id: AccountId, id: UserId, wrapped: Vec<u8>) -> Result<Option<Vec<u8>>, Error> {
        if self.keys[0].open(&wrapped, context(account_id, id).as_bytes()).is_some() {
            return Ok(Some(wrapped));
        }
        self.open(account_id, id, &wrapped).map(|bytes| self.wrap(account_id, id, &bytes)).transpose()
    }

    fn wrap(&self, account_id: AccountId, id: UserId, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.keys[0].seal(bytes, context(account_id, id).as_bytes())
    }

    fn open(&self, account_id: AccountId, id: UserId, wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let context = context(account_id, id);
        self.keys.iter().find_map(|key| key.open(wrapped, context.as_bytes()))
    }
}

fn context(account_id: AccountId, id: UserId) -> String {
    format!("person-key|{account_id}|{id}")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::MasterKey;

    #[test]
    fn a_wrapped_key_opens_only_for_its_person_and_by_its_master_key() {
        let (account, other) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let id = UserId::new(Uuid::from_u128(3));
        let wrap = KeyWrap::new(&MasterKeys::generate().expect("randomness"));
        let person = wrap.generate(account, id).expect("randomness");
        let wrapped = person.wrapped.as_deref().expect("new");
        let sealed = person.key.expect("new").seal(b"ada", b"here").expect("randomness");

        let again = wrap.unwrap(account, id, wrapped).expect("the same").key.expect("not erased");
        assert_eq!(again.open(&sealed, b"here").expect("opens").as_slice(), b"ada");
        assert!(again.open(&sealed, b"there").is_none());
        assert!(again.open(&sealed[..10], b"here").is_none());
        assert!(wrap.unwrap(other, id, wrapped).is_err());
        let foreign = KeyWrap::new(&MasterKeys::generate().expect("randomness"));
        assert!(foreign.unwrap(account, id, wrapped).is_err());
    }

    #[test]
    fn a_key_that_is_wrapped_again_is_the_same_key_and_opens_by_the_new_master_key_alone() {
        let text = || MasterKey::generate().expect("randomness").to_text().to_string();
        let wrap = |texts: &str| KeyWrap::new(&MasterKeys::parse(texts).expect("valid"));
        let (old, new, account, id) = (text(), text(), AccountId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(3)));
        let mut person = wrap(&old).generate(account, id).expect("randomness");
        let (sealed, before) =
            (person.key.as_ref().expect("new").seal(b"ada", b"here").expect("randomness"), person.wrapped.take().expect("new"));
        let after = wrap(&format!("{new} {old}")).rewrap(account, id, before.clone()).expect("randomness").expect("opens");
        for (texts, opens_before, opens_after) in
            [(&old, true, false), (&new, false, true), (&format!("{old} {new}"), true, true), (&format!("{new} {old}"), true, true)]
        {
            assert_eq!(wrap(texts).unwrap(account, id, &before).is_ok(), opens_before);
            assert_eq!(wrap(texts).unwrap(account, id, &after).is_ok(), opens_after);
        }
        let again = wrap(&new).unwrap(account, id, &after).expect("the new one");
        assert_eq!(again.key.expect("not erased").open(&sealed, b"here").expect("opens").as_slice(), b"ada");
        assert_eq!(wrap(&new).rewrap(account, id, before).expect("randomness"), None, "without the old one");
        assert_eq!(wrap(&new).rewrap(account, id, after.clone()).expect("randomness"), Some(after), "there is nothing to do");
    }
}
