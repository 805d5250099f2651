//! Why a command failed.

use std::sync::Arc;

use domain::{Refusal, UserId};
use event_store::{Unavailable, is_conflict};

/// Why a command failed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule refused it.
    #[error("{refusal}")]
    Refused {
        /// Which rule.
        refusal: Refusal,
        /// The user who is in the way, when there is one to be shown.
        user: Option<UserId>,
    },
    /// No one is signed in.
    #[error("sign in first")]
    Unauthenticated,
    /// The role of the actor, or the scopes of their key, do not permit it.
    #[error("you may not do this")]
    Forbidden,
    /// Something failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Something failed. The caller may try again. The contents are for the log only.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The event store could not load or append.
    #[error("the event store failed")]
    Events(#[source] event_store::Error),
    /// The database gave an unexpected answer.
    #[error("the database failed")]
    Database(#[source] Arc<sqlx::Error>),
    /// The database cannot be reached, is too busy, or can only be read: the same may succeed in a few seconds.
    #[error("the database is not available")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// An event could not be read.
    #[error("history could not be read")]
    History(#[source] projections::Error),
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness")]
    Randomness(#[from] getrandom::Error),
    /// A password could not be hashed, or a stored hash not be read.
    #[error("the password could not be hashed or compared")]
    Password(#[source] argon2::password_hash::Error),
    /// Too many requests wait for work that keeps a processor busy. The same may succeed in a moment.
    #[error("too many requests wait to have a password hashed: try again in a moment")]
    Overloaded,
    /// Too many commands want to change the same, or one of them does not end. The same may succeed in a moment.
    #[error("other commands change the same data and did not finish in time: try again in a moment")]
    Contended,
    /// The process stopped working on the command. Whether it took effect is unknown.
    #[error("the command was cut off")]
    CutOff,
    /// Work that was handed to another thread did not come back.
    #[error("a task was cut off")]
    Task(#[from] tokio::task::JoinError),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal, user: None }
    }
}

impl From<event_store::Error> for Error {
    fn from(error: event_store::Error) -> Self {
        match error {
            event_store::Error::Database(error) => error.into(),
            other => Fault::Events(other).into(),
        }
    }
}

impl From<sqlx::Error> for Error {
    /// The one place where constraints become refusals.
    fn from(error: sqlx::Error) -> Self {
        match constraint(&error) {
            Some("account_keeps_an_admin") => Refusal::LastAdmin.into(),
            Some("provider_links_one_user_per_subject") => Refusal::ProviderAccountInUse.into(),
            Some("accounts_slug_key") => Refusal::SlugTaken.into(),
            Some("saved_views_own_name" | "saved_views_shared_name") => Refusal::ViewNameTaken.into(),
            _ if is_conflict(&error) => Fault::Database(error.into()).into(),
            _ if Unavailable::of(&error).is_some() => Fault::Unavailable(error.into()).into(),
            _ => Fault::Database(error.into()).into(),
        }
    }
}

impl From<projections::Error> for Error {
    fn from(error: projections::Error) -> Self {
        match error {
            projections::Error::Database(error) => error.into(),
            projections::Error::Events(error) => error.into(),
            other => Fault::History(other).into(),
        }
    }
}

impl From<getrandom::Error> for Error {
    fn from(error: getrandom::Error) -> Self {
        Fault::from(error).into()
    }
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        Fault::from(error).into()
    }
}

fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}

impl Error {
    /// The stable code that programs match on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused { refusal, .. } => refusal.code(),
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Fault(Fault::Overloaded | Fault::Contended | Fault::Unavailable(_)) => "UNAVAILABLE",
            Self::Fault(_) => "INTERNAL",
        }
    }

    /// The same error, for another command of the same transaction. It failed for all of them.
    pub(crate) fn for_another(&self) -> Self {
        match self {
            Self::Fault(Fault::Unavailable(error)) => Fault::Unavailable(Arc::clone(error)).into(),
            Self::Fault(Fault::Database(error)) => Fault::Database(Arc::clone(error)).into(),
            Self::Fault(Fault::Events(event_store::Error::Conflict)) => event_store::Error::Conflict.into(),
            Self::Refused { refusal, user } => Self::Refused { refusal: refusal.clone(), user: *user },
            Self::Unauthenticated => Self::Unauthenticated,
            Self::Forbidden => Self::Forbidden,
            Self::Fault(_) => Fault::CutOff.into(),
        }
    }

    /// Whether the database did not answer: then no other transaction would get further at this moment.
    pub(crate) fn is_lost_connection(&self) -> bool {
        matches!(self, Self::Fault(Fault::Unavailable(error)) if error.as_database_error().is_none())
    }

    /// Whether another transaction came first, so that deciding again sees what it did.
    pub(crate) fn is_race(&self) -> bool {
        match self {
            Self::Fault(Fault::Events(event_store::Error::Conflict)) => true,
            Self::Fault(Fault::Database(error)) => {
                is_conflict(error) || matches!(constraint(error), Some("users_one_live_per_address" | "idempotency_keys_pkey"))
            }
            _ => false,
        }
    }
}
