//! Enhanced status codes (RFC 3463), such as `5.1.1`.

use std::fmt;

/// An enhanced status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatusCode {
    /// 2 for success, 4 for now, 5 for good.
    pub class: u16,
    /// What it is about: 1 addresses, 2 mailboxes, 3 the mail system, 4 the network, 5 the protocol, 6 the content, 7 policy.
    pub subject: u16,
    /// What is the matter.
    pub detail: u16,
}

impl fmt::Display for StatusCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// The enhanced status codes in the lines of a reply. They belong to the beginning of each line, but some servers write them as `#5.1.0`, or in brackets
/// at the end.
pub(crate) fn codes_in(lines: &[String]) -> impl Iterator<Item = StatusCode> {
    lines.iter().flat_map(|line| line.split_whitespace()).filter_map(parse)
}

fn parse(word: &str) -> Option<StatusCode> {
    let mut numbers = word.trim_matches(|character: char| character.is_ascii_punctuation()).split('.').map(number);
    let code = StatusCode { class: numbers.next()??, subject: numbers.next()??, detail: numbers.next()?? };
    (numbers.next().is_none() && matches!(code.class, 2 | 4 | 5)).then_some(code)
}

fn number(digits: &str) -> Option<u16> {
    if (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_where_servers_write_them() {
        for (line, expected) in [
            ("5.1.1 no such user", "5.1.1"),
            ("#5.1.0 Address rejected.", "5.1.0"),
            ("sorry, no mailbox here by that name. (#5.1.1)", "5.1.1"),
            ("[5.7.1] relaying denied", "5.7.1"),
            ("5.2.252 SendAsDenied; 5.7.1 twice", "5.2.252 5.7.1"),
            ("no such user", ""),
            ("192.0.2.5 is listed, see version 1.2.3 or 5.1", ""),
            ("5.1.1111 5..1 5.1. 3.1.1 +5.1.1x", ""),
        ] {
            let found: Vec<_> = codes_in(&[line.to_owned()]).map(|code| code.to_string()).collect();
            assert_eq!(found.join(" "), expected, "{line}");
        }
    }
}
