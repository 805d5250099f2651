//! The master keys of a Roster: usually one; two while one replaces the other.

use zeroize::Zeroizing;

use crate::{InvalidMasterKey, KeyId, MasterKey};

/// The current master key, which wraps and signs, and further ones: what they have wrapped and signed is still opened.
#[derive(Debug)]
pub struct MasterKeys {
    current: MasterKey,
    others: Vec<MasterKey>,
}

/// Texts that are no master keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMasterKeys {
    /// One of them is not a master key, or there is none at all.
    #[error(transparent)]
    Key(#[from] InvalidMasterKey),
    /// A key is there twice: another one was meant.
    #[error("the master key {0} is given twice: another one was meant")]
    Twice(KeyId),
}

/// The keys that are derived from each master key for one purpose.
pub struct DerivedKeys {
    /// The first is derived from the current master key.
    keys: Vec<(KeyId, Zeroizing<[u8; 32]>)>,
}

impl MasterKeys {
    /// Reads the base64 forms, with white space or a comma between them. The first is the current one.
    ///
    /// # Errors
    /// When there is none, one is not a master key, or one is given twice.
    pub fn parse(text: &str) -> Result<Self, InvalidMasterKeys> {
        let mut texts = text.split(|c: char| c.is_whitespace() || c == ',').filter(|text| !text.is_empty());
        let mut keys = Self::from(MasterKey::parse(texts.next().unwrap_or_default())?);
        for text in texts {
            let key = MasterKey::parse(text)?;
            if keys.all().any(|other| other.id() == key.id()) {
                return Err(InvalidMasterKeys::Twice(key.id()));
            }
            keys.others.push(key);
        }
        Ok(keys)
    }

    /// Makes a new one, and no others.
    ///
    /// # Errors
    /// When the operating system gives no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self::from(MasterKey::generate()?))
    }

    /// The names of all, that of the current one first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.all().map(MasterKey::id).collect()
    }

    /// The keys for one purpose.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> DerivedKeys {
        DerivedKeys { keys: self.all().map(|key| (key.id(), key.derive(purpose))).collect() }
    }

    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.current).chain(&self.others)
    }
}

impl From<MasterKey> for MasterKeys {
    fn from(current: MasterKey) -> Self {
        Self { current, others: vec![] }
    }
}

impl DerivedKeys {
    /// The one to make something new with.
    #[must_use]
    pub fn current(&self) -> &[u8; 32] {
        &self.keys[0].1
    }

    /// The name of the master key that it comes from.
    #[must_use]
    pub fn current_id(&self) -> KeyId {
        self.keys[0].0
    }

    /// All, the current one first, to recognise what was made with any of them.
    pub fn all(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.keys.iter().map(|(_, key)| &**key)
    }

    /// The one that comes from the master key of this name.
    #[must_use]
    pub fn find(&self, id: KeyId) -> Option<&[u8; 32]> {
        self.keys.iter().find(|(other, _)| *other == id).map(|(_, key)| &**key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        MasterKey::generate().expect("randomness").to_text().to_string()
    }

    #[test]
    fn the_first_key_is_the_current_one_and_the_others_are_known() {
        let (new, old) = (text(), text());
        let id = |text: &str| MasterKey::parse(text).expect("valid").id();
        for between in ["\n", " ", ",", ",\r\n\t"] {
            let keys = MasterKeys::parse(&format!("{new}{between}{old}\n")).expect("valid");
            assert_eq!(keys.ids(), [id(&new), id(&old)], "{between:?}");
            let derived = keys.derive("a");
            assert_eq!(derived.current(), &*MasterKey::parse(&new).expect("valid").derive("a"));
            assert_eq!(derived.find(id(&old)), Some(&*MasterKey::parse(&old).expect("valid").derive("a")));
            assert_eq!((derived.current_id(), derived.all().count(), derived.find(id(&text()))), (id(&new), 2, None));
        }
    }

    #[test]
    fn no_key_a_broken_one_and_one_that_is_there_twice_are_refused() {
        let key = text();
        for broken in [String::new(), " , ".to_owned(), format!("{key} short"), format!("short {key}"), key[..40].to_owned()] {
            assert!(matches!(MasterKeys::parse(&broken), Err(InvalidMasterKeys::Key(_))), "{broken}");
        }
        let twice = MasterKeys::parse(&format!("{key} {key}")).expect_err("the same twice");
        assert!(matches!(twice, InvalidMasterKeys::Twice(_)) && !twice.to_string().contains(&key));
        assert_eq!(format!("{:?}", MasterKeys::parse(&key)), "Ok(MasterKeys { current: MasterKey(…), others: [] })");
    }
}
