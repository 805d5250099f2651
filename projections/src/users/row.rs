//! The one row that every query over users fills.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A row of `users`, as [`select_users`] fills it.
pub(super) struct UserRow {
    pub(super) account_id: Uuid,
    pub(super) id: Uuid,
    pub(super) version: i64,
    pub(super) email: String,
    pub(super) email_normalised: String,
    pub(super) name: Option<String>,
    pub(super) role: String,
    pub(super) status: String,
    pub(super) auth_methods: Vec<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_active_at: Option<DateTime<Utc>>,
    pub(super) invitation_id: Uuid,
    pub(super) invitation_sent_at: DateTime<Utc>,
    pub(super) invitation_expires_at: DateTime<Utc>,
    pub(super) delivery_state: String,
    pub(super) delivery_at: Option<DateTime<Utc>>,
    pub(super) delivery_attempts: i32,
    pub(super) delivery_detail: Option<String>,
    pub(super) erased_at: Option<DateTime<Utc>>,
}

/// `select … from users` and what follows: every query over users fills the same row.
macro_rules! select_users {
    (($($rest:tt)+) $(, $argument:expr)* $(,)?) => {
        sqlx::query_as!(
            $crate::users::row::UserRow,
            "select account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, last_active_at, "
                + "invitation_id, invitation_sent_at, invitation_expires_at, delivery_state, delivery_at, delivery_attempts, delivery_detail, "
                + "erased_at from users "
                + $($rest)+
            $(, $argument)*
        )
    };
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::users::row::select_users!(($rest) $(, $argument)*)
    };
}
pub(super) use select_users;
