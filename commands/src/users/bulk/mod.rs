//! Commands about many users: `updateUsers`, `resendInvitations`, `deleteUsers`, `undo`.
//!
//! A call selects up to [`MAX_ROWS`](super::MAX_ROWS) users, and each is a row with its own outcome, by the rules of the command about one
//! user. Rows are decided in parts of [`PART`], each one transaction with a fixed number of statements; a refused row does not roll back the
//! others. Rows see what the rows before them changed.
//!
//! With an idempotency key, the outcome of every row is recorded in the transaction of its part, and the first part records whom the call
//! selected. So a repeated call continues with the same users after the last part that was committed, although a filter may match others by
//! then, and its events have the same operation id. Rows that the daily limit of invitations refuses are not recorded: the same call sends
//! them on another day.
//!
//! Start reading at `run.rs`.

mod action;
mod delete_users;
mod part;
mod resend_invitations;
mod run;
mod selection;
mod undo;
mod update_users;

use domain::{OperationId, Refusal, UserId};

pub use delete_users::DeleteUsers;
pub use resend_invitations::ResendInvitations;
pub use selection::UserSelection;
pub use undo::{Undo, UndoTarget};
pub use update_users::UpdateUsers;

/// How many rows share a transaction.
const PART: usize = 100;

/// What a call about many users did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BulkAnswer {
    /// Groups its events; `None` in a dry run.
    pub operation_id: Option<OperationId>,
    /// What became of each selected user.
    pub rows: Vec<UserRow>,
}

/// What became of one selected user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRow {
    /// The place in the list of ids; in the order of ids for users who were selected by a filter.
    pub index: usize,
    /// The user; `None` when what was given is not an id.
    pub user_id: Option<UserId>,
    /// What became of them.
    pub outcome: Outcome,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The user changed or, in a dry run, would change.
    Changed,
    /// There is nothing to change.
    Unchanged,
    /// A rule refused it.
    Refused(Refusal),
}
