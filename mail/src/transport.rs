//! How every mail leaves.

use std::{io, path::PathBuf};

use super::{
    failure::{Accepted, SendFailure},
    folder::MailFolder,
    message::Mail,
    settings::MailSettings,
    smtp::SmtpSender,
};

/// Where mail leaves to.
#[derive(Clone, Debug)]
pub enum MailTransport {
    /// To people, through a mail server.
    Smtp(SmtpSender),
    /// Into a folder, for development; the mailbox page shows it.
    Folder(MailFolder),
}

impl MailTransport {
    /// The transport that `settings` ask for: their server, or else the folder, which is made where it does not exist.
    ///
    /// # Errors
    /// When there is no server and the folder cannot be made private to this user.
    pub fn start(settings: MailSettings, folder: PathBuf) -> io::Result<Self> {
        match settings.smtp {
            Some(smtp) => Ok(Self::Smtp(SmtpSender::new(smtp, settings.from))),
            None => Ok(Self::Folder(MailFolder::start(folder, settings.from)?)),
        }
    }

    /// Hands over one mail. Call it again with the same mail after a failure that is not permanent: who receives it twice, can
    /// tell by its `Message-ID`; the folder keeps one.
    ///
    /// # Errors
    /// When the mail was not taken, or it is unknown whether it was.
    pub async fn send(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        match self {
            Self::Smtp(sender) => sender.send(mail).await,
            Self::Folder(folder) => folder.send(mail).await,
        }
    }

    /// Whether mail could be handed over now: connects, encrypts and signs in, or writes to the folder; sends nothing.
    ///
    /// # Errors
    /// When it could not, as `send` would say it.
    pub async fn check(&self) -> Result<(), SendFailure> {
        match self {
            Self::Smtp(sender) => sender.check().await,
            Self::Folder(folder) => folder.check().await,
        }
    }
}
