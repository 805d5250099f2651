//! Refused attempts: sign-ins that failed and changes that were forbidden, where they concern an account.
//!
//! They are not events: nothing changed. The caller is answered first; the attempt waits in a short queue in memory ([`queue`]) and is
//! written with others soon afterwards ([`keep`]). Attempts that wait when the process dies are lost, and so are those that arrive faster
//! than they are written. What the caller typed is not stored; of a typed address only the user who has it. Every attempt comes through
//! [`Commands::note_refusal`]. `permission.rs` calls it for forbidden changes.

mod keep;
mod queue;

use std::borrow::Cow;
use std::sync::Arc;

use domain::{AccountId, EmailAddress, UserId};

use self::queue::Attempt;
use crate::{Commands, Context, Error};

pub(crate) use self::queue::RefusedAttempts;
pub(crate) use keep::KEPT;
pub use keep::WrittenAttempts;

/// The user upon whom, or as whom, something was tried. It is looked up when the attempt is written, so that the answer takes as long for an
/// unknown address.
#[derive(Clone, Debug)]
pub(crate) enum Concerned {
    /// No one in particular.
    NoUser,
    /// This user, if the account has one.
    User(UserId),
    /// The live user of the account with this address, if there is one.
    Holder(EmailAddress),
}

impl Commands {
    /// Records that something was tried and refused. Successes are events, and faults are not refusals.
    pub(crate) fn note_refusal<T>(
        &self,
        ctx: &Context,
        operation_name: impl Into<Cow<'static, str>>,
        account_id: AccountId,
        concerned: Concerned,
        result: &Result<T, Error>,
    ) {
        if let Err(error @ (Error::Refused { .. } | Error::Forbidden)) = result {
            self.refused_attempts.add(Attempt::new(ctx, operation_name.into(), account_id, concerned, error.code()));
        }
    }

    /// The same commands with another limit of stored refused attempts per account.
    #[must_use]
    pub fn with_most_refused_attempts(self, most: u32) -> Self {
        Self { refused_attempts: Arc::new(RefusedAttempts::new(most)), ..self }
    }

    /// Resolves when something was refused since the last time.
    pub async fn refused_attempts_wait(&self) {
        self.refused_attempts.arrived().await;
    }
}
