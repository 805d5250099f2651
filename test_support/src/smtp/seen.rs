//! What the mail server says, line by line, and what has been seen of it so far.

use std::{fmt, sync::Arc};

use serde::Deserialize;
use tokio::{
    io::{BufReader, Lines},
    process::ChildStdout,
    sync::watch,
};

use super::{ReceivedMail, Refusal};

#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) mails: Vec<Arc<ReceivedMail>>,
    pub(super) refusals: Vec<Refusal>,
    pub(super) connections: u64,
    pub(super) most_open: u64,
    /// How often it has said that it behaves as it was told.
    pub(super) applied: u64,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Line {
    Listening {
        port: u16,
    },
    Connected {
        connections: u64,
        open: u64,
    },
    Applied {
        #[serde(rename = "behaves")]
        _behaviour: String,
    },
    Refused {
        refused: String,
        code: u16,
    },
    Mail {
        sender: String,
        to: Vec<String>,
        raw: String,
    },
}

/// Some of it: the rest is more of the same.
impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let recipients: Vec<_> = self.mails.iter().flat_map(|mail| &mail.to).take(20).collect();
        let refusals: Vec<_> = self.refusals.iter().take(20).collect();
        write!(formatter, "{} mails {recipients:?}, {} refusals {refusals:?}", self.mails.len(), self.refusals.len())
    }
}

pub(super) async fn listen(mut lines: Lines<BufReader<ChildStdout>>, seen: watch::Sender<Seen>) {
    while let Ok(Some(line)) = lines.next_line().await {
        match parse(&line) {
            Some(Line::Mail { sender, to, raw }) => {
                // Each byte came as one letter of Latin-1.
                let raw = raw.chars().filter_map(|letter| u8::try_from(letter).ok()).collect();
                seen.send_modify(|seen| seen.mails.push(Arc::new(ReceivedMail { from: sender, to, raw })));
            }
            Some(Line::Refused { refused: whom, code }) => seen.send_modify(|seen| seen.refusals.push(Refusal { whom, code })),
            Some(Line::Connected { connections, open }) => seen.send_modify(|seen| {
                seen.connections = connections;
                seen.most_open = seen.most_open.max(open);
            }),
            Some(Line::Applied { .. }) => seen.send_modify(|seen| seen.applied += 1),
            Some(Line::Listening { .. }) | None => {}
        }
    }
}

pub(super) fn parse(line: &str) -> Option<Line> {
    serde_json::from_str(line).ok()
}
