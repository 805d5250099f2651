//! The mail with which an operator finds out whether mail arrives.

use super::words::{Words, composed, name, ours, theirs};
use crate::message::{MailError, MailField};

/// Shows an operator that mail arrives.
#[derive(Clone)]
pub struct TestMail {
    /// The bare address to send the mail to.
    pub recipient: String,
    /// The mail server that it is handed to.
    pub server: String,
}

composed!(TestMail);

impl TestMail {
    fn words(&self) -> Result<Words, MailError> {
        let server = name(&self.server, MailField::MailServer)?;
        Ok(Words {
            subject: "Test mail from Roster".to_owned(),
            preview: "Mail from this Roster arrives.".to_owned(),
            heading: vec![ours("Mail from this Roster arrives")],
            paragraphs: vec![
                vec![
                    ours("Its operator sent this mail to "),
                    ours(&self.recipient).strong(),
                    ours(" with `roster mail test`, through the mail server "),
                    theirs(&server),
                    ours("."),
                ],
                vec![ours("Invitations and links for new passwords go the same way.")],
            ],
            button: None,
            after: Vec::new(),
            footer: vec![ours("If you did not expect this mail, you can ignore it: nothing has changed.")],
        })
    }
}
