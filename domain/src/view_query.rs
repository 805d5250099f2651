//! What a saved view shows, as the address of the dashboard has it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The most characters of one.
const MAX_CHARACTERS: usize = 2000;

/// The query of an address, such as `status=ACTIVE&order=EMAIL.ASC`: filters, search, order and columns of the list. It may be empty. Roster
/// stores it as it is; pages read it.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ViewQuery(String);

/// Why a text is no query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidViewQuery {
    /// Over 2,000 characters.
    #[error("the query is too long: at most 2000 characters")]
    TooLong,
    /// A character that a query does not contain: everything else is percent-encoded in it.
    #[error("the query contains a character that must be percent-encoded")]
    NotEncoded,
}

impl ViewQuery {
    /// Reads a query.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidViewQuery> {
        if !text.bytes().all(is_of_query) {
            return Err(InvalidViewQuery::NotEncoded);
        }
        if text.len() > MAX_CHARACTERS {
            return Err(InvalidViewQuery::TooLong);
        }
        Ok(Self(text.to_owned()))
    }

    /// The query, without a question mark before it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The characters of a query by RFC 3986.
const fn is_of_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
                | b'/'
                | b'?'
                | b'%'
        )
}

impl fmt::Debug for ViewQuery {
    /// Personal: whom someone searches for never reaches a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ViewQuery(…)")
    }
}

impl<'de> Deserialize<'de> for ViewQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_what_an_address_may_contain() {
        for text in ["", "status=ACTIVE,INACTIVE&q=ada+lovelace&order=EMAIL.ASC", "q=Jos%C3%A9", &"a".repeat(MAX_CHARACTERS)] {
            assert_eq!(ViewQuery::parse(text).map(|query| query.0).as_deref(), Ok(text));
        }
        for text in ["q=José", "a b", "a\nb", "a#b", "<script>", "\"", "a\u{0}"] {
            assert_eq!(ViewQuery::parse(text), Err(InvalidViewQuery::NotEncoded), "{text}");
        }
        assert_eq!(ViewQuery::parse(&"a".repeat(MAX_CHARACTERS + 1)), Err(InvalidViewQuery::TooLong));
    }
}
