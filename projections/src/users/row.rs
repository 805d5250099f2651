//! The one row that every query over users fills.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A row of `users` or of `user_versions`, as [`select_users`] and statements over [`COLUMNS`] fill it.
#[derive(sqlx::FromRow)]
pub(crate) struct UserRow {
    pub(crate) account_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) email: String,
    pub(crate) email_normalised: String,
    pub(crate) name: Option<String>,
    pub(crate) role: String,
    pub(crate) status: String,
    pub(crate) auth_methods: Vec<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) last_active_at: Option<DateTime<Utc>>,
    pub(crate) invitation_id: Uuid,
    pub(crate) invitation_sent_at: DateTime<Utc>,
    pub(crate) invitation_expires_at: DateTime<Utc>,
    pub(crate) sessions_valid_from: DateTime<Utc>,
    pub(crate) delivery_state: String,
    pub(crate) delivery_at: Option<DateTime<Utc>>,
    pub(crate) delivery_attempts: i32,
    pub(crate) delivery_detail: Option<String>,
    pub(crate) erased_at: Option<DateTime<Utc>>,
}

/// Gives the columns of [`UserRow`] to a macro of this module, in front of its other arguments.
macro_rules! with_user_columns {
    ($macro:ident $($argument:tt)*) => {
        $crate::users::row::$macro!(
            "account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, \
             invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at, \
             delivery_attempts, delivery_detail, erased_at"
            $($argument)*
        )
    };
}
pub(crate) use with_user_columns;

macro_rules! columns_alone {
    ($columns:literal) => {
        $columns
    };
}
pub(crate) use columns_alone;

/// The columns of [`UserRow`], for statements that are composed at run time.
pub(crate) const COLUMNS: &str = with_user_columns!(columns_alone);

macro_rules! select_columns {
    ($columns:literal, $table:literal, ($($rest:tt)+) $(, $argument:expr)*) => {
        sqlx::query_as!($crate::users::row::UserRow, "select " + $columns + " from " + $table + " " + $($rest)+ $(, $argument)*)
    };
}
pub(crate) use select_columns;

/// `select … from users` and what follows: every query over users fills the same row, also over the versions of the past
/// (`in "user_versions"`).
macro_rules! select_users {
    (in $table:literal, ($($rest:tt)+) $(, $argument:expr)* $(,)?) => {
        $crate::users::row::with_user_columns!(select_columns, $table, ($($rest)+) $(, $argument)*)
    };
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::select_users!(in "users", ($rest) $(, $argument)*)
    };
}
pub(crate) use select_users;
