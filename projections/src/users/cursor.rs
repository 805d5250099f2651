//! A place in the list of users.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, Datelike, Utc};
use domain::UserId;

use super::UserView;

/// A place in the list of users: right after or right before one of them. Opaque outside, it stays
/// valid when that user changes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserCursor {
    pub(super) created_at: DateTime<Utc>,
    pub(super) id: UserId,
}

/// A text that is no cursor of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of the list of users")]
pub struct InvalidUserCursor;

impl UserCursor {
    /// The place of a user.
    #[must_use]
    pub const fn of(user: &UserView) -> Self {
        Self { created_at: user.created_at, id: user.id }
    }
}

impl fmt::Display for UserCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = format!("created:{}:{}", self.created_at.timestamp_micros(), self.id);
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(plain))
    }
}

impl FromStr for UserCursor {
    type Err = InvalidUserCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidUserCursor)?;
        let plain = String::from_utf8(bytes).map_err(|_| InvalidUserCursor)?;
        let (micros, id) = plain.strip_prefix("created:").and_then(|rest| rest.split_once(':')).ok_or(InvalidUserCursor)?;
        let micros: i64 = micros.parse().map_err(|_| InvalidUserCursor)?;
        // Nobody was invited before 1970, and Postgres knows fewer years than we do.
        let created_at = DateTime::from_timestamp_micros(micros).filter(|at| (1970..=9999).contains(&at.year()));
        Ok(Self { created_at: created_at.ok_or(InvalidUserCursor)?, id: id.parse().map_err(|_| InvalidUserCursor)? })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_others_are_refused() {
        let cursor = UserCursor { created_at: DateTime::from_timestamp_micros(1_234_567).expect("in range"), id: UserId::new(Uuid::max()) };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in
            ["", "a", "!!", &BASE64_URL_SAFE_NO_PAD.encode("created:x:y"), &BASE64_URL_SAFE_NO_PAD.encode("created:99999999999999999999:y")]
        {
            assert_eq!(text.parse::<UserCursor>(), Err(InvalidUserCursor), "{text}");
        }
    }
}
