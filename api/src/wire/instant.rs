//! Instants as clients and operators give them.

use std::borrow::Cow;
use std::str::FromStr;

use async_graphql::registry::Registry;
use async_graphql::{InputType, InputValueError, InputValueResult, Value};
use chrono::{DateTime, Datelike, Utc};

/// An instant from outside: from an argument of the API, a parameter of an export, or an option of the command line. It lies within
/// the years 1 to 9999 in UTC, which RFC 3339 can write and Postgres can compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GivenInstant(DateTime<Utc>);

/// A text that is no instant, or one outside of the years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an instant looks like 2026-11-24T09:30:00Z, and must be within the years 1 to 9999")]
pub(crate) struct InvalidInstant;

impl GivenInstant {
    /// The instant.
    pub(crate) const fn get(self) -> DateTime<Utc> {
        self.0
    }
}

impl FromStr for GivenInstant {
    type Err = InvalidInstant;

    fn from_str(text: &str) -> Result<Self, InvalidInstant> {
        let instant: DateTime<Utc> = text.parse().map_err(|_| InvalidInstant)?;
        if (1..=9999).contains(&instant.year()) { Ok(Self(instant)) } else { Err(InvalidInstant) }
    }
}

/// The scalar `DateTime` as input. Answers write a plain `DateTime<Utc>`.
impl InputType for GivenInstant {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        <DateTime<Utc> as InputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <DateTime<Utc> as InputType>::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value.unwrap_or_default() {
            Value::String(text) => text.parse().map_err(InputValueError::custom),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn to_value(&self) -> Value {
        InputType::to_value(&self.0)
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_lies_within_the_years_1_to_9999_in_utc() {
        for text in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-11-24T09:30:00+02:00", "2016-12-31T23:59:60Z"] {
            assert!(text.parse::<GivenInstant>().is_ok(), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-11-24",
            "0000-12-31T23:59:59Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "-0001-01-01T00:00:00Z",
            "-4714-01-01T00:00:00Z",
            "-262143-01-01T00:00:00Z",
            "+10000-01-01T00:00:00Z",
            "+262142-12-31T23:59:59Z",
        ] {
            assert_eq!(text.parse::<GivenInstant>(), Err(InvalidInstant), "{text}");
        }
    }
}
