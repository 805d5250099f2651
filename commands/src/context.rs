//! The circumstances of a request.

use chrono::{DateTime, SubsecRound, Utc};
use domain::{Actor, Client};

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
