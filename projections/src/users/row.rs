//! The rows of users, now and in the past, and their columns.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::origin::Mark;

/// The columns of a user in `users` and in `user_versions`. This is the only list of them.
macro_rules! user_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "account_id" account_id: Uuid,
                "id" id: Uuid,
                "since_transaction" since_transaction: Option<i64>,
                "since_rank" since_rank: i32,
                "version" version: i64,
                "email" email: String,
                "email_normalised" email_normalised: String,
                "name" name: Option<String>,
                "role" role: String,
                "status" status: String,
                "auth_methods" auth_methods: Vec<String>,
                "created_at" created_at: DateTime<Utc>,
                "invitation_id" invitation_id: Uuid,
                "invitation_sent_at" invitation_sent_at: DateTime<Utc>,
                "invitation_expires_at" invitation_expires_at: DateTime<Utc>,
                "delivery_state" delivery_state: String,
                "delivery_at" delivery_at: Option<DateTime<Utc>>,
                "delivery_attempts" delivery_attempts: i32,
                "delivery_detail" delivery_detail: Option<String>,
                "delivered_transaction" delivered_transaction: Option<i64>,
                "delivered_rank" delivered_rank: i32,
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
    dated ["since_transaction", "active_transaction", "delivered_transaction"]
    and {
        "last_active_at" last_active_at: Option<DateTime<Utc>>,
        "active_transaction" active_transaction: Option<i64>,
        "active_rank" active_rank: i32,
        "sessions_valid_from" sessions_valid_from: DateTime<Utc>,
    }
);

user_columns!(row!
    /// A user as lists show them.
    ListedRow in "users" by ["id"] and {
        "last_active_at" last_active_at: Option<DateTime<Utc>>,
    }
);

user_columns!(row!
    /// A version of a user that has ended: a row of `user_versions`.
    VersionRow in "user_versions" by ["id", "until_transaction", "until_rank"]
    dated ["since_transaction", "until_transaction", "delivered_transaction"]
    and {
        "until_transaction" until_transaction: i64,
        "until_rank" until_rank: i32,
    }
);

macro_rules! activity_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "account_id" account_id: Uuid,
                "user_id" user_id: Uuid,
                "since_transaction" since_transaction: Option<i64>,
                "since_rank" since_rank: i32,
                "until_transaction" until_transaction: i64,
                "until_rank" until_rank: i32,
                "last_active_at" last_active_at: Option<DateTime<Utc>>,
            ]
            $($rest)*
        }
    };
}
pub(crate) use activity_columns;

activity_columns!(row!
    /// When a user was last active, until they signed in again: a row of `past_activity`.
    ActivityRow in "past_activity" by ["user_id", "until_transaction", "until_rank"]
    dated ["since_transaction", "until_transaction"]
);

impl UserRow {
    /// The user as lists show them.
    pub(crate) fn into_listed(self) -> ListedRow {
        let user = self;
        user_columns!(copy! user => ListedRow { last_active_at: user.last_active_at })
    }
}

impl VersionRow {
    /// A user as they were until this position.
    pub(crate) fn ended(user: &UserRow, until: Mark) -> Self {
        let user = user.clone();
        user_columns!(copy! user => Self { until_transaction: until.transaction, until_rank: until.rank })
    }
}

impl ActivityRow {
    /// When a user was last active until this position.
    pub(crate) fn ended(user: &UserRow, until: Mark) -> Self {
        Self {
            account_id: user.account_id,
            user_id: user.id,
            since_transaction: user.active_transaction,
            since_rank: user.active_rank,
            until_transaction: until.transaction,
            until_rank: until.rank,
            last_active_at: user.last_active_at,
        }
    }
}

/// `select … from users` and what follows, for readers.
macro_rules! select_users {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::user_columns!(
            select! $crate::users::row::ListedRow, "last_active_at, ", ("from users " + $rest) $(, $argument)*
        )
    };
}
pub(crate) use select_users;

/// The whole rows, for folds.
macro_rules! select_user_rows {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::user_columns!(
            select! $crate::users::row::UserRow, "last_active_at, active_transaction, active_rank, sessions_valid_from, ",
            ("from users " + $rest) $(, $argument)*
        )
    };
}
pub(crate) use select_user_rows;
