//! A cursor in a list of users.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Utc};
use domain::user::Status;
use domain::{AccountId, UserId};

use super::view::STATUS_RANK;
use super::{UserOrder, UserOrderField, UserView};

/// A position in a list of users, right after or right before one of them, in one order of one account. It stays valid when that user
/// changes or is deleted. Clients get its text sealed (`event_store::Cursors`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCursor {
    order: String,
    account_id: AccountId,
    pub(super) key: Key,
    pub(super) id: UserId,
}

/// The sort key of one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Text(String),
    Number(i64),
    /// `None` means never.
    Time(Option<DateTime<Utc>>),
}

/// A text that is not a cursor of this list: incomplete, or of another order, account or version of Roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of this list: cursors are good for one account and one order")]
pub struct InvalidUserCursor;

impl UserCursor {
    /// The position of a user in an order.
    #[must_use]
    pub fn of(user: &UserView, order: UserOrder) -> Self {
        let key = match order.field {
            UserOrderField::Email => Key::Text(user.email_normalised.clone()),
            UserOrderField::Status => Key::Number(status_order(user)),
            UserOrderField::Role => Key::Number(user.role as i64),
            UserOrderField::CreatedAt => Key::Time(Some(user.created_at)),
            UserOrderField::LastActiveAt => Key::Time(user.last_active_at),
            UserOrderField::Relevance => Key::Text(format!("{}\n{}", user.email, user.name.as_deref().unwrap_or_default())),
        };
        Self { order: order.tag().to_owned(), account_id: user.account_id, key, id: user.id }
    }

    /// Refuses a cursor of another list.
    ///
    /// # Errors
    /// When it was made for another account or order.
    pub fn check(&self, account_id: AccountId, order: UserOrder) -> Result<(), InvalidUserCursor> {
        let order = self.order_of(order);
        let fits = matches!(
            (order.field, &self.key),
            (UserOrderField::Email | UserOrderField::Relevance, Key::Text(_))
                | (UserOrderField::Status | UserOrderField::Role, Key::Number(_))
                | (UserOrderField::CreatedAt, Key::Time(Some(_)))
                | (UserOrderField::LastActiveAt, Key::Time(_))
        );
        if fits && self.order == order.tag() && self.account_id == account_id { Ok(()) } else { Err(InvalidUserCursor) }
    }

    /// The order that its page had, if a client asked for this one. A page by relevance may have been one by address.
    pub(super) fn order_of(&self, asked: UserOrder) -> UserOrder {
        let by_address = asked.by_address();
        if asked.field == UserOrderField::Relevance && self.order == by_address.tag() { by_address } else { asked }
    }
}

/// The value of the column `status_order` for a user.
fn status_order(user: &UserView) -> i64 {
    let rank = match user.status {
        Status::Active => 0,
        Status::Inactive => 1,
        Status::Invited => 2,
        Status::Deleted => 3,
    };
    let expiry = if user.status == Status::Invited { user.invitation_expires_at.timestamp_micros() } else { 0 };
    rank * STATUS_RANK - expiry
}

impl fmt::Display for UserCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match &self.key {
            Key::Text(text) => format!("t{text}"),
            Key::Number(number) => format!("n{number}"),
            Key::Time(Some(at)) => format!("m{}", at.timestamp_micros()),
            Key::Time(None) => "-".to_owned(),
        };
        write!(f, "1 {} {} {} {key}", self.order, self.account_id.uuid().simple(), self.id.uuid().simple())
    }
}

impl FromStr for UserCursor {
    type Err = InvalidUserCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or(InvalidUserCursor)
    }
}

fn parse(text: &str) -> Option<UserCursor> {
    let mut parts = text.strip_prefix("1 ")?.splitn(4, ' ');
    let (order, account_id, id, key) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    let (kind, value) = key.split_at_checked(1)?;
    let key = match kind {
        "t" if !value.contains('\0') => Key::Text(value.to_owned()),
        "n" => Key::Number(value.parse().ok()?),
        // No one was invited before 1970, and Postgres knows fewer years than chrono.
        "m" => Key::Time(Some(DateTime::from_timestamp_micros(value.parse().ok()?).filter(|at| (1970..=9999).contains(&at.year()))?)),
        "-" if value.is_empty() => Key::Time(None),
        _ => return None,
    };
    Some(UserCursor { order, account_id, key, id })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn cursor(key: Key) -> UserCursor {
        UserCursor { order: "C".to_owned(), account_id: AccountId::new(Uuid::max()), key, id: UserId::new(Uuid::nil()) }
    }

    #[test]
    fn a_cursor_survives_its_text_and_others_are_refused() {
        let time = DateTime::from_timestamp_micros(1_234_567);
        for key in [Key::Text("a b@example.com".to_owned()), Key::Number(-7), Key::Time(time), Key::Time(None)] {
            assert_eq!(cursor(key.clone()).to_string().parse(), Ok(cursor(key)));
        }
        let ids = format!("{} {}", Uuid::nil().simple(), Uuid::nil().simple());
        for text in [
            "",
            "a",
            "!!",
            "é",
            "1 C x y m1",
            &format!("2 C {ids} m1"),
            &format!("1 C {ids} m9999999999999999999"),
            &format!("1 C {ids} m-1"),
        ] {
            assert_eq!(text.parse::<UserCursor>(), Err(InvalidUserCursor), "{text}");
        }
        for key in ["", "x1", "é", "t\0", "-1", "n", "mx"] {
            assert_eq!(format!("1 C {ids} {key}").parse::<UserCursor>(), Err(InvalidUserCursor), "{key:?}");
        }
    }

    #[test]
    fn a_cursor_is_good_for_its_own_account_and_order_only() {
        let (account, newest_first) = (AccountId::new(Uuid::max()), UserOrder::default());
        let cursor = cursor(Key::Time(DateTime::from_timestamp_micros(7)));
        assert_eq!(cursor.check(account, newest_first), Ok(()));
        assert_eq!(cursor.check(AccountId::new(Uuid::nil()), newest_first), Err(InvalidUserCursor));
        assert_eq!(cursor.check(account, UserOrder { descending: false, ..newest_first }), Err(InvalidUserCursor));
        assert_eq!(cursor.check(account, UserOrder { field: UserOrderField::Email, ..newest_first }), Err(InvalidUserCursor));
        let forged = UserCursor { key: Key::Time(None), ..cursor };
        assert_eq!(forged.check(account, newest_first), Err(InvalidUserCursor));
    }
}
