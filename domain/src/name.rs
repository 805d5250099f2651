//! Names of people and of accounts.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::visible::{has_visible, holds_encoded_word};

/// A name as a person writes it: one line of 1 to 100 characters in Unicode NFC, at least one of them visible.
///
/// It may hold any script and any markup-like characters; the page that shows it escapes it. It can not
/// hold control characters or bidirectional overrides, with which one text imitates another, nor
/// encoded words of mail headers, which mail programs show as other text.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Name(String);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// Over 100 characters.
    #[error("the name is too long: at most 100 characters")]
    TooLong,
    /// A line break, a control character or a bidirectional override.
    #[error("the name contains a control character")]
    ControlCharacter,
    /// Nothing but invisible characters.
    #[error("the name consists of invisible characters only")]
    Invisible,
    /// Text such as `=?utf-8?q?…?=`.
    #[error("the name contains =?…?=, which mail programs show as other text")]
    EncodedWord,
}

impl Name {
    /// Reads a name; white space around it is dropped.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let name = Self::parse_stored(text)?;
        if !has_visible(&name.0) {
            return Err(InvalidName::Invisible);
        }
        if holds_encoded_word(&name.0) {
            return Err(InvalidName::EncodedWord);
        }
        Ok(name)
    }

    /// Reads a name of an event, which may be from before a rule was added.
    fn parse_stored(text: &str) -> Result<Self, InvalidName> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() {
            return Err(InvalidName::Empty);
        }
        if name.chars().any(is_refused) {
            return Err(InvalidName::ControlCharacter);
        }
        if name.chars().count() > 100 {
            return Err(InvalidName::TooLong);
        }
        Ok(Self(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_refused(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Debug for Name {
    /// Personal: it never reaches a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(…)")
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse_stored(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_composed() {
        assert_eq!(Name::parse("  Jose\u{301} ").map(|n| n.0), Ok("José".to_owned()));
    }

    #[test]
    fn what_could_imitate_or_break_a_line_is_refused() {
        let table = [
            ("", InvalidName::Empty),
            (" \t ", InvalidName::Empty),
            ("Ada\nEve", InvalidName::ControlCharacter),
            ("Ada\u{0}", InvalidName::ControlCharacter),
            ("Ada\u{202e}evE", InvalidName::ControlCharacter),
            ("\u{200b}\u{2060}", InvalidName::Invisible),
            ("\u{3164}", InvalidName::Invisible),
            (" \u{301} ", InvalidName::Invisible),
            ("\u{2800}\u{2800}", InvalidName::Invisible),
            ("=?utf-8?q?Eve?=", InvalidName::EncodedWord),
            ("Ada =?utf-8?b?RXZl?=", InvalidName::EncodedWord),
        ];
        for (text, reason) in table {
            assert_eq!(Name::parse(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn names_that_were_stored_before_a_rule_stay_readable() {
        for text in ["\u{3164}", "=?utf-8?q?Eve?="] {
            let stored = serde_json::from_value::<Name>(serde_json::json!(text));
            assert_eq!(stored.map(|name| name.0).ok().as_deref(), Some(text));
        }
    }

    #[test]
    fn a_hundred_characters_fit_and_one_more_does_not() {
        assert!(Name::parse(&"ä".repeat(100)).is_ok());
        assert_eq!(Name::parse(&"ä".repeat(101)), Err(InvalidName::TooLong));
    }
}
