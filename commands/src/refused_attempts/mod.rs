//! Refused attempts: sign-ins that failed and changes that were forbidden, as far as they concern an account.
//!
//! They are no events: nothing happened. Whoever was refused is answered first; the attempt waits in a short queue in memory
//! ([`queue`]) and is written with others soon afterwards ([`keep`]). What waits when the process dies is lost, and so is what comes
//! faster than it is written. Nothing that was typed is kept; of a typed address only whose it is. Every attempt comes through
//! [`Commands::note_refusal`]; forbidden changes through `Commands::authorize` (`permission.rs`), which calls it.

mod keep;
mod queue;

use std::sync::Arc;

use domain::{AccountId, EmailAddress, UserId};

use self::queue::Attempt;
use crate::{Commands, Context, Error};

pub(crate) use self::queue::RefusedAttempts;
pub(crate) use keep::KEPT;
pub use keep::WrittenAttempts;

/// Upon whom, or as whom, something was tried. It is looked up when the attempt is written, so that answering takes as long for an
/// address that nobody has.
#[derive(Clone, Debug)]
pub(crate) enum Concerned {
    /// Nobody in particular.
    Nobody,
    /// This user, if the account has one.
    User(UserId),
    /// Whoever of the account has this address, if anybody has.
    Holder(EmailAddress),
}

impl Commands {
    /// Notes that something was tried and refused. What was done is noted elsewhere, and what broke was not refused.
    pub(crate) fn note_refusal<T>(
        &self,
        ctx: &Context,
        command: &'static str,
        account_id: AccountId,
        concerned: Concerned,
        result: &Result<T, Error>,
    ) {
        if let Err(error @ (Error::Refused { .. } | Error::Forbidden)) = result {
            self.refused_attempts.add(Attempt::new(ctx, command, account_id, concerned, error.code()));
        }
    }

    /// The same commands that keep another number of the refused attempts of an account.
    #[must_use]
    pub fn with_most_refused_attempts(self, most: u32) -> Self {
        Self { refused_attempts: Arc::new(RefusedAttempts::new(most)), ..self }
    }

    /// Resolves when something was refused since the last time.
    pub async fn refused_attempts_wait(&self) {
        self.refused_attempts.arrived().await;
    }
}
