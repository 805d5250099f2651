//! A reply of a mail server, read as bytes: whatever its text contains, the code at its beginning counts.

use std::{io, time::Duration};

use tokio::io::{AsyncBufRead, AsyncBufReadExt};

use crate::failure::one_line;

/// The most bytes of one reply that are read. RFC 5321 allows lines of 512; servers that explain themselves send some hundred lines.
const MAX_REPLY: usize = 64 * 1024;
/// How much of a reply is kept: so many lines, and so many bytes of each.
const MAX_LINES: usize = 100;
const MAX_LINE: usize = 1_000;

/// What a mail server said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// The three digits, from 200 to 599.
    pub(super) code: u16,
    /// The text of each line. What is no UTF-8 is replaced.
    pub(super) lines: Vec<String>,
}

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the connection was closed")]
    Closed,
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("not SMTP: {0}")]
    NotSmtp(String),
    #[error("the answer does not end")]
    Endless,
    /// The server closed the connection, and had said why.
    #[error("{}", .0.in_full())]
    Said(Reply),
    /// We do not go on.
    #[error("{0}")]
    Refusing(String),
}

/// A reply of which a part may be still to come.
#[derive(Default)]
pub(super) struct Reading {
    code: Option<u16>,
    lines: Vec<String>,
    line: Vec<u8>,
    length: usize,
}

impl Reply {
    /// Whether the server did what it was asked: a code from 200 to 299.
    pub(super) const fn is_success(&self) -> bool {
        matches!(self.code, 200..=299)
    }

    /// The code and the text, on one printable line.
    pub(super) fn in_full(&self) -> String {
        one_line(&format!("{} {}", self.code, self.lines.join(" ")))
    }
}

impl Reading {
    /// Reads up to the end of the reply. What is read by then stays when this is given up.
    pub(super) async fn read(&mut self, stream: &mut (impl AsyncBufRead + Unpin)) -> Result<(), Broken> {
        loop {
            let available = stream.fill_buf().await?;
            if available.is_empty() {
                return Err(Broken::Closed);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            let kept = taken.min(MAX_LINE.saturating_sub(self.line.len()));
            self.line.extend_from_slice(&available[..kept]);
            self.length += taken;
            stream.consume(taken);
            if end.is_some() && self.end_line()? {
                return Ok(());
            }
            if self.length > MAX_REPLY {
                return Err(Broken::Endless);
            }
        }
    }

    /// What was read, the line that has not ended included; `None` when no code was among it.
    pub(super) fn finish(mut self) -> Option<Reply> {
        if !self.line.is_empty() && (self.code.is_none() || parse(&self.line).is_some()) {
            self.end_line().ok()?;
        }
        Some(Reply { code: self.code?, lines: self.lines })
    }

    /// Takes the line that has ended; answers whether it is the last.
    fn end_line(&mut self) -> Result<bool, Broken> {
        let line = std::mem::take(&mut self.line);
        let (is_last, text) = match parse(&line) {
            Some((code, is_last, text)) => {
                self.code = Some(code);
                (is_last, text)
            }
            // A line without a code amid a reply is read as more of its text.
            None if self.code.is_some() => (false, line.as_slice()),
            None => return Err(Broken::NotSmtp(one_line(&String::from_utf8_lossy(&line)))),
        };
        if self.lines.len() < MAX_LINES {
            self.lines.push(String::from_utf8_lossy(text).trim().to_owned());
        }
        Ok(is_last)
    }
}

/// The code of a line, whether no other line follows, and the text.
fn parse(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    if !matches!(digits[0], b'2'..=b'5') || !digits.iter().all(u8::is_ascii_digit) || rest.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    Some(match rest {
        [b'-', text @ ..] => (code, false, text),
        [b' ', text @ ..] | text => (code, true, text),
    })
}

#[cfg(test)]
mod tests {
    use tokio::io::BufReader;

    use super::*;

    async fn read(bytes: &[u8]) -> (Option<Reply>, bool) {
        let mut reading = Reading::default();
        // It comes in pieces, as from a network.
        let is_whole = reading.read(&mut BufReader::with_capacity(4_096, bytes)).await.is_ok();
        (reading.finish(), is_whole)
    }

    #[tokio::test]
    async fn the_code_of_a_reply_counts_whatever_bytes_follow_it() {
        let long = [b"250 ".as_slice(), b"x".repeat(200_000).as_slice(), b"\r\n"].concat();
        let lines = [b"250-more\r\n".repeat(50), b"250 end\r\n".to_vec()].concat();
        let endless = b"250-more\r\n".repeat(20_000);
        for (bytes, code, is_whole) in [
            (&b"250 ok\r\n"[..], 250, true),
            (b"250\r\n", 250, true),
            (b"250 ok\n", 250, true),
            (b"250 \xff\xfe\x00\r\n", 250, true),
            (b"250\xffok\r\n", 250, true),
            (b"250-one\r\n250 two\r\n", 250, true),
            (b"250-one\r\nno code\r\n250 two\r\n", 250, true),
            (b"250-one\r\n550 two\r\n", 550, true),
            (b"250 ok\r\n\xff\xff\xff", 250, true),
            (&lines, 250, true),
            (b"250 ok", 250, false),
            (b"250", 250, false),
            (b"250-one\r\n25", 250, false),
            (b"250-one\r\n250-tw", 250, false),
            (&long, 250, false),
            (&endless, 250, false),
        ] {
            let (reply, whole) = read(bytes).await;
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
            assert_eq!((reply.map(|reply| reply.code), whole), (Some(code), is_whole), "{shown}");
        }
    }

    #[tokio::test]
    async fn what_has_no_code_is_no_reply() {
        for bytes in
            [&b""[..], b"25", b"\xff\xff\xff\r\n", b"2500 ok\r\n", b"100 ok\r\n", b"650 ok\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"]
        {
            let (reply, is_whole) = read(bytes).await;
            assert_eq!((reply, is_whole), (None, false), "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[tokio::test]
    async fn only_a_part_of_a_long_reply_is_kept() {
        let long = [b"250 ".as_slice(), b"x".repeat(60_000).as_slice(), b"\r\n"].concat();
        let (reply, _) = read(&long).await;
        assert_eq!(reply.map(|reply| reply.lines[0].len()), Some(MAX_LINE - 4));
        let (reply, _) = read(&b"250-more\r\n".repeat(20_000)).await;
        assert_eq!(reply.map(|reply| reply.lines.len()), Some(MAX_LINES));
    }
}
