//! Mail: what is written, how it leaves the house, and where developers read it.
//!
//! A mail begins as its words ([`InvitationMail`] and the others of `templates`), is a finished [`Mail`] before anyone tries to send
//! it, and leaves through a [`MailTransport`]: an SMTP server, or a folder that the development [`mailbox`] shows. Sending is tried
//! again by the outbox: a `Mail` is written for each attempt, with its own `Date`, and always has the `Message-ID` of its delivery.
//!
//! Must not know: events, Postgres, GraphQL. Start reading at `message.rs`, then `transport.rs`.

mod folder;
mod letter;
mod mail_page;
pub mod mailbox;
mod message;
pub mod previews;
mod settings;
mod smtp;
mod templates;
mod transport;

pub use folder::MailFolder;
pub use message::{Mail, MailError, MailField};
pub use settings::{MailSettings, MailSettingsError, SmtpSettings};
pub use smtp::{SmtpSender, StatusCode};
pub use templates::{AccessRemovedMail, AccessRestoredMail, InvitationMail, PasswordResetMail, TestMail};
pub use transport::{Accepted, FailureKind, MailTransport, Refusal, SendFailure};
