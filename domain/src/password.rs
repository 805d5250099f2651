//! Passwords, while they are being chosen.

use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

/// Fewest characters of a password.
const SHORTEST: usize = 8;
/// Most characters; enough for any pass phrase, little enough that hashing stays cheap.
const LONGEST: usize = 256;
/// How much of it the strength estimate looks at: its time grows with the square of this.
const ESTIMATED: usize = 72;
/// Fewest characters of a word that is looked for.
const MIN_WORD: usize = 3;

/// A password that was found strong enough to be set. It is never shown, logged or stored.
#[derive(Debug)]
pub struct NewPassword(SecretString);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Too few characters.
    #[error("the password is too short: use at least 8 characters")]
    TooShort,
    /// Too many characters.
    #[error("the password is too long: use at most 256 characters")]
    TooLong,
    /// Easily guessed, by zxcvbn's estimate (below 3 of 4).
    #[error("the password is too easy to guess: use a longer phrase of unrelated words")]
    Guessable,
}

impl NewPassword {
    /// Checks a password; `known` are texts whose words an attacker would try first (address, name).
    ///
    /// # Errors
    /// Says which rule the password breaks.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, WeakPassword> {
        let password = normalise(text);
        let characters = password.expose_secret().chars().count();
        if characters < SHORTEST {
            return Err(WeakPassword::TooShort);
        }
        if characters > LONGEST {
            return Err(WeakPassword::TooLong);
        }
        let beginning: String = password.expose_secret().chars().take(ESTIMATED).collect();
        if zxcvbn::zxcvbn(&beginning, &with_words(known)).score() < zxcvbn::Score::Three {
            return Err(WeakPassword::Guessable);
        }
        Ok(Self(password))
    }

    /// The text to hash.
    #[must_use]
    pub fn secret(&self) -> &SecretString {
        &self.0
    }

    /// A password given to sign in with: the same normalisation, no judgement.
    #[must_use]
    pub fn to_verify(text: &str) -> SecretString {
        normalise(text)
    }
}

/// Some texts and the words of each: users rarely type a whole address, but often a part of it.
fn with_words<'a>(texts: &[&'a str]) -> Vec<&'a str> {
    let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    texts.iter().copied().chain(words.filter(|word| word.chars().count() >= MIN_WORD)).collect()
}

/// One form for what different keyboards produce (NFKC, as NIST SP 800-63B advises).
fn normalise(text: &str) -> SecretString {
    text.chars().take(LONGEST * 4).nfkc().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_phrase_is_strong() {
        assert!(NewPassword::parse("correct horse battery staple", &[]).is_ok());
    }

    #[test]
    fn short_long_common_and_own_words_are_refused() {
        let long = "x".repeat(257);
        let table: [(&str, WeakPassword); 6] = [
            ("Xk9#vQ2", WeakPassword::TooShort),
            (&long, WeakPassword::TooLong),
            ("password123", WeakPassword::Guessable),
            ("lovelace1843", WeakPassword::Guessable),
            ("Quixotree!", WeakPassword::Guessable),
            ("vexbrundle42", WeakPassword::Guessable),
        ];
        for (text, reason) in table {
            assert_eq!(
                NewPassword::parse(text, &["ada.vexbrundle@example.com", "Ada Lovelace", "Quixotree Works"]).err(),
                Some(reason),
                "{text}"
            );
        }
        for text in ["Quixotree!", "vexbrundle42"] {
            assert!(NewPassword::parse(text, &[]).is_ok(), "{text} is weak only where it is known");
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let password = NewPassword::parse("correct horse battery staple", &[]).expect("strong");
        assert!(!format!("{password:?}").contains("horse"));
    }
}
