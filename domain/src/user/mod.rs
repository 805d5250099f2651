//! A user: one member of one account, from the invitation to the deletion.
//!
//! The invariants: an invitation is accepted once, by its newest link, within its time, in an
//! allowed way; a user who was deleted or has left never changes again; nobody deactivates or
//! deletes themselves, but everybody may leave. Rules over several users (one live user per address, never without an active
//! admin) are constraints of the database. Start reading at [`User`] in `aggregate.rs`.

mod aggregate;
mod command;
mod event;
#[cfg(test)]
mod tests;

pub use aggregate::{Status, User};
pub use command::{
    AcceptInvitation, DeleteUser, EraseUser, InviteUser, IssuePasswordLink, LeaveAccount, ResendInvitation, RevealInvitationLink,
    UpdateUser, UserCommand,
};
pub use event::UserEvent;
