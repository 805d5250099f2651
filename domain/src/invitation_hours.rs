//! How long invitations work.

use chrono::TimeDelta;
use serde::{Deserialize, Deserializer, Serialize};

/// How many hours the link of an invitation works: 1 to 720, which is 30 days; 24 unless the account says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct InvitationHours(u16);

/// A number of hours for which no invitation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an invitation works for 1 to 720 hours")]
pub struct InvalidInvitationHours;

impl InvitationHours {
    /// Reads a number of hours.
    ///
    /// # Errors
    /// When it is outside of 1 to 720.
    pub fn parse(hours: impl TryInto<u16>) -> Result<Self, InvalidInvitationHours> {
        hours.try_into().ok().filter(|hours| (1..=720).contains(hours)).map(Self).ok_or(InvalidInvitationHours)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The time from sending a link until it is dead.
    #[must_use]
    pub fn lifetime(self) -> TimeDelta {
        TimeDelta::hours(self.0.into())
    }
}

impl Default for InvitationHours {
    fn default() -> Self {
        Self(24)
    }
}

impl<'de> Deserialize<'de> for InvitationHours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(u16::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_works_for_an_hour_to_thirty_days() {
        for (hours, works) in [(-1, false), (0, false), (1, true), (24, true), (720, true), (721, false), (i32::MAX, false)] {
            assert_eq!(InvitationHours::parse(hours).is_ok(), works, "{hours}");
        }
    }
}
