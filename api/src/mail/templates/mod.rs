//! The mails that Roster writes: data in, subject, text and HTML out.

mod invitation;
mod password_reset;

use chrono::{DateTime, TimeDelta, Utc};

pub use invitation::InvitationMail;
pub use password_reset::PasswordResetMail;

/// Longest name that is printed in a body, in characters.
const LONGEST_NAME: usize = 120;

/// A time in words: `1 hour`, `24 hours`.
fn hours(time: TimeDelta) -> String {
    match time.num_hours() {
        1 => "1 hour".to_owned(),
        hours => format!("{hours} hours"),
    }
}

/// An instant in words: `24 November 2026, 14:05 UTC`.
fn instant(at: DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// Whether mail programs will see one link in `link`, from its first to its last character.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>`".contains(&byte)))
}
