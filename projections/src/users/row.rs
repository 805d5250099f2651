//! The row of a user, and its columns.

use chrono::{DateTime, Utc};
use serde::Serializer;
use uuid::Uuid;

use crate::rows::bytea;

/// The columns of a user, in `users` and in `user_versions`. This is the only list of them.
macro_rules! user_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "account_id" account_id: Uuid,
                "id" id: Uuid,
                "version" version: i64,
                "email" email: String,
                "email_normalised" email_normalised: String,
                "name" name: Option<String>,
                "role" role: String,
                "status" status: String,
                "auth_methods" auth_methods: Vec<String>,
                "created_at" created_at: DateTime<Utc>,
                "last_active_at" last_active_at: Option<DateTime<Utc>>,
                "invitation_id" invitation_id: Uuid,
                "invitation_sent_at" invitation_sent_at: DateTime<Utc>,
                "invitation_expires_at" invitation_expires_at: DateTime<Utc>,
                "sessions_valid_from" sessions_valid_from: DateTime<Utc>,
                "delivery_state" delivery_state: String,
                "delivery_at" delivery_at: Option<DateTime<Utc>>,
                "delivery_attempts" delivery_attempts: i32,
                "delivery_detail" delivery_detail: Option<String>,
                "erased_at" erased_at: Option<DateTime<Utc>>,
            ]
            $($rest)*
        }
    };
}
pub(crate) use user_columns;

user_columns!(row!
    /// A user: a row of `users`.
    UserRow in "users" by ["id"]
);

user_columns!(row!
    /// A version of a user: a row of `user_versions`.
    VersionRow in "user_versions" by ["account_id", "id", "from_place"] and {
        #[serde(serialize_with = "as_bytea")]
        "from_place" from_place: Vec<u8>,
        #[serde(serialize_with = "as_bytea")]
        "until_place" until_place: Vec<u8>,
    }
);

impl VersionRow {
    /// A user as they were from one position of the feed until another.
    pub(crate) fn new(from_place: Vec<u8>, until_place: Vec<u8>, user: UserRow) -> Self {
        user_columns!(copy! user => Self { from_place: from_place, until_place: until_place })
    }

    /// The user as they were.
    pub(crate) fn into_user(self) -> UserRow {
        let version = self;
        user_columns!(copy! version => UserRow {})
    }
}

fn as_bytea<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&bytea(bytes))
}

/// `select … from users` and what follows: every query over users fills the same row, also over the versions of the past
/// (`in "user_versions"`).
macro_rules! select_users {
    (in $table:literal, ($($rest:tt)+) $(, $argument:expr)* $(,)?) => {
        $crate::users::row::user_columns!(
            select! $crate::users::row::UserRow, "", ("from " + $table + " " + $($rest)+) $(, $argument)*
        )
    };
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::select_users!(in "users", ($rest) $(, $argument)*)
    };
}
pub(crate) use select_users;

/// Versions of users, each with the part of the feed in which it was in force.
macro_rules! select_versions {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::user_columns!(select! $crate::users::row::VersionRow, "from_place, until_place, ", ($rest) $(, $argument)*)
    };
}
pub(crate) use select_versions;
