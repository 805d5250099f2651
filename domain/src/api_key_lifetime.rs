//! How long an API key works.

use chrono::TimeDelta;

/// The longest time, in days.
const LONGEST: i32 = 366;

/// How long an API key works: 1 to 366 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ApiKeyLifetime(i32);

/// A number of days that no API key works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an API key works for 1 to {LONGEST} days")]
pub struct InvalidApiKeyLifetime;

impl ApiKeyLifetime {
    /// Reads a number of days.
    ///
    /// # Errors
    /// When it is outside of 1 to 366.
    pub fn parse(days: i32) -> Result<Self, InvalidApiKeyLifetime> {
        if (1..=LONGEST).contains(&days) { Ok(Self(days)) } else { Err(InvalidApiKeyLifetime) }
    }

    /// As a span of time.
    #[must_use]
    pub fn lifetime(self) -> TimeDelta {
        TimeDelta::days(self.0.into())
    }
}

impl Default for ApiKeyLifetime {
    /// 90 days.
    fn default() -> Self {
        Self(90)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_works_for_a_day_to_a_year() {
        for (days, is_valid) in [(i32::MIN, false), (0, false), (1, true), (366, true), (367, false)] {
            assert_eq!(ApiKeyLifetime::parse(days).is_ok(), is_valid, "{days}");
        }
        assert_eq!(ApiKeyLifetime::default().lifetime(), TimeDelta::days(90));
    }
}
