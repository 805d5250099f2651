//! The mails that Roster writes: data in, subject, text and HTML out.
//!
//! Each mail has a file with its values. `texts.rs` turns them into words, and `words.rs` turns those into text and HTML. A new mail is a file of
//! values, a kind of text with a file for each language, a variant of `AnyMail` and a sample: then it has a preview, and the tests of all mails
//! are its tests.

mod access_removed;
mod access_restored;
mod invitation;
mod password_reset;
pub(crate) mod samples;
mod test;
#[cfg(test)]
mod tests;
mod words;

pub use access_removed::AccessRemovedMail;
pub use access_restored::AccessRestoredMail;
pub use invitation::InvitationMail;
pub use password_reset::PasswordResetMail;
pub use test::TestMail;
pub(crate) use words::{Button, Paragraph, Span, Words, ours};
