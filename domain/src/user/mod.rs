//! A user: one member of one account, from the invitation to the deletion.
//!
//! The invariants: an invitation is accepted once, by its newest link, before it expires, in an allowed way. A deleted user never changes
//! again, except that they can be erased. No user deactivates or deletes themselves, but every user may leave. Rules over several users (one
//! live user per address, always an active admin) are constraints of the database. Start reading at [`User`] in `aggregate.rs`; `decide.rs` has the rules.

mod aggregate;
mod command;
mod decide;
mod event;
#[cfg(test)]
mod tests;
mod undo;

pub use aggregate::{Status, User};
pub use command::{
    AcceptInvitation, DeleteUser, EraseUser, InviteUser, IssuePasswordLink, LeaveAccount, ResendInvitation, RevealInvitationLink,
    UpdateUser, UserCommand,
};
pub use event::UserEvent;
pub use undo::{Restored, is_undoable, restore};
