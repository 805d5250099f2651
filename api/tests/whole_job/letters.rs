//! What stands in the mails.

use mail_parser::{Message, MessageParser};
use test_support::ReceivedMail;

/// Reads a mail as a mail program does.
pub(crate) fn read(mail: &ReceivedMail) -> Message<'_> {
    MessageParser::default().parse(&mail.raw).expect("it is a mail")
}

/// The token of the link in the text of an invitation.
pub(crate) fn token_of(mail: &ReceivedMail, url: &str, slug: &str) -> String {
    token_after(mail, &format!("{url}/{slug}/invitations/"))
}

/// The token of the link in the text of a mail for a new password.
pub(crate) fn reset_token_of(mail: &ReceivedMail, url: &str, slug: &str) -> String {
    token_after(mail, &format!("{url}/{slug}/reset-password/"))
}

fn token_after(mail: &ReceivedMail, beginning: &str) -> String {
    let message = read(mail);
    let text = message.body_text(0).expect("the mail has a text");
    let link = text.lines().find_map(|line| line.trim().strip_prefix(beginning));
    link.unwrap_or_else(|| panic!("no line begins with {beginning}:\n{text}")).to_owned()
}
