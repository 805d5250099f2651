//! What a command has decided, as data: nothing here touches the database.

use domain::AccountId;
use event_store::Batch;

use super::changes::Changes;
use super::loaded::Streams;
use crate::Context;
use crate::idempotency::{KeyedRequest, NewRecord};
use crate::permission::Permit;

/// What a command has decided, to be written.
pub(super) struct Decided {
    pub(super) permit: Permit,
    pub(super) request: Option<KeyedRequest>,
    pub(super) batch: Batch,
    pub(super) changes: Changes,
    /// The streams as it has left them.
    pub(super) streams: Streams,
}

impl Decided {
    pub(super) fn ctx(&self) -> &Context {
        self.permit.ctx()
    }

    pub(super) fn account_id(&self) -> AccountId {
        self.permit.account_id()
    }

    /// What is recorded under the idempotency key of the request.
    pub(super) fn records(&self) -> Vec<NewRecord<'_>> {
        let Some(request) = &self.request else { return vec![] };
        request.records(&self.permit, self.changes.done, &self.changes.rows)
    }

    /// Whether nothing is to be written.
    pub(super) fn is_nothing(&self) -> bool {
        self.batch.is_empty() && self.changes.are_none()
    }
}
