//! Mail: what Roster writes, how it is sent, and where developers read it.
//!
//! A mail starts as its values ([`InvitationMail`] and the others of `templates`) and its text ([`MailTexts`]), is a finished [`Mail`] before anyone tries to send
//! it, and leaves through a [`MailTransport`]: an SMTP server, or a folder that the development [`mailbox`] shows. Sending is tried
//! again by the outbox: a `Mail` is written for each attempt, with its own `Date`, and always has the `Message-ID` of its delivery.
//!
//! Architecture Invariant: nothing here knows an event, a table or GraphQL. The crate depends on no other crate of the workspace, and speaks with
//! mail servers only. Start reading at `message.rs`, then `transport.rs`.

mod brand;
mod failure;
mod folder;
mod language;
mod letter;
mod mail_page;
pub mod mailbox;
mod message;
pub mod previews;
mod settings;
mod smtp;
mod status;
mod templates;
mod texts;
mod tls;
mod transport;

pub use brand::{BandColor, Brand, Logo};
pub use failure::{Accepted, FailureKind, Refusal, SendFailure};
pub use folder::MailFolder;
pub use language::Language;
pub use message::{Mail, MailError, MailField};
pub use settings::{MailSettings, MailSettingsError, SmtpSettings};
pub use smtp::SmtpSender;
pub use status::StatusCode;
pub use templates::{AccessRemovedMail, AccessRestoredMail, InvitationMail, PasswordResetMail, TestMail};
pub use texts::{MailTexts, MailTextsError};
pub use transport::MailTransport;
