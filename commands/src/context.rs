//! The circumstances of a request, and what they permit.

use chrono::{DateTime, SubsecRound, Utc};
use domain::{AccountId, Actor, Client, Operation, UserId};

use crate::Error;

/// Who asks, through which request, at which moment.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who asks.
    pub actor: Actor,
    /// The HTTP request, if it is one.
    pub request_id: Option<String>,
    /// The clock for everything that this request decides.
    pub at: DateTime<Utc>,
    /// From where; nothing is known of the command line.
    pub client: Client,
}

impl Context {
    /// The clock is cut to microseconds, as Postgres keeps it.
    #[must_use]
    pub fn new(actor: Actor, request_id: Option<String>, at: DateTime<Utc>) -> Self {
        Self { actor, request_id, at: at.trunc_subsecs(6), client: Client::default() }
    }

    /// The same, asked from there.
    #[must_use]
    pub fn from(self, client: Client) -> Self {
        Self { client, ..self }
    }
}

/// Lets an actor do a deed upon a user of an account, or upon the account as a whole. Deeds that change something ask
/// `Commands::authorize`, which notes a refusal.
///
/// # Errors
/// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] when the role does not
/// reach so far or the account is not the actor's own.
pub fn authorize(actor: &Actor, operation: Operation, account_id: AccountId, upon: Option<UserId>) -> Result<(), Error> {
    if *actor == Actor::Visitor {
        return Err(Error::Unauthenticated);
    }
    let own_account = actor.account().is_none_or(|own| own == account_id);
    if own_account && actor.may(operation, upon) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Lets only the operator do a deed.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else.
pub(crate) fn operator_only(ctx: &Context) -> Result<(), Error> {
    if ctx.actor == Actor::Operator { Ok(()) } else { Err(Error::Forbidden) }
}
