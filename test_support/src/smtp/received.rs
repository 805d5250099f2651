//! A mail as the server has received it.

/// A mail that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body as they came over the wire.
    pub raw: Vec<u8>,
}

impl ReceivedMail {
    /// The mail as text, for assertions.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).into_owned()
    }

    /// Its `Message-ID`, without the brackets.
    #[must_use]
    pub fn message_id(&self) -> Option<String> {
        let text = self.text();
        let line = text.lines().find_map(|line| line.strip_prefix("Message-ID: <"))?;
        line.split_once('>').map(|(id, _)| id.to_owned())
    }
}
