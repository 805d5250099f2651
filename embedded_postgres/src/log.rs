//! Passes the server's log on to `tracing`, with the target `postgres`.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read},
    sync::{Arc, Mutex, PoisonError},
};

const REMEMBERED: usize = 20;

/// How connections end when their client or we leave in the middle of something.
const ORDINARY_ENDS: [&str; 3] =
    ["terminating connection due to administrator command", "connection to client lost", "the database system is shutting down"];

/// The last lines of the log, for the message of a failed start.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn push(&self, line: &str) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == REMEMBERED {
            lines.pop_front();
        }
        lines.push_back(line.to_owned());
    }

    /// The remembered lines in one.
    pub(crate) fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().map(String::as_str).collect::<Vec<_>>().join(" | ")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Error,
    Warn,
    Info,
    Debug,
}

/// Reads the log to its end, which is the end of the last process of the server. A pipe that is not read would stop the server.
pub(crate) fn forward(log: impl Read, tail: &Tail) {
    let mut level = Level::Debug;
    let mut lines = BufReader::new(log);
    let mut bytes = Vec::new();
    while lines.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let text = String::from_utf8_lossy(&bytes);
        let line = text.trim_end();
        tail.push(line);
        level = level_of(line).unwrap_or(level);
        match level {
            Level::Error => tracing::error!(target: "postgres", "{line}"),
            Level::Warn => tracing::warn!(target: "postgres", "{line}"),
            Level::Info => tracing::info!(target: "postgres", "{line}"),
            Level::Debug => tracing::debug!(target: "postgres", "{line}"),
        }
        bytes.clear();
    }
}

/// `None` for a line that continues the one before.
fn level_of(line: &str) -> Option<Level> {
    let (severity, message) = line.split_once(":  ")?;
    match severity {
        "PANIC" => Some(Level::Error),
        // It ended one connection, not the server.
        "FATAL" if ORDINARY_ENDS.iter().any(|end| message.starts_with(end)) => Some(Level::Debug),
        "FATAL" | "ERROR" | "WARNING" => Some(Level::Warn),
        "LOG" if message.contains("automatic recovery in progress") => Some(Level::Info),
        "LOG" | "INFO" | "NOTICE" => Some(Level::Debug),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_level_its_severity_deserves() {
        assert_eq!(level_of("LOG:  database system is ready to accept connections"), Some(Level::Debug));
        assert_eq!(level_of("PANIC:  could not write to file"), Some(Level::Error));
        assert_eq!(level_of("FATAL:  data directory has wrong ownership"), Some(Level::Warn));
        assert_eq!(level_of("HINT:  The server must be started by the user"), None);
    }

    #[test]
    fn the_tail_keeps_the_last_lines() {
        let tail = Tail::default();
        let log = (0..30).map(|number| format!("LOG:  {number}")).collect::<Vec<_>>().join("\n");
        forward(log.as_bytes(), &tail);
        assert!(tail.text().starts_with("LOG:  10 | "), "{}", tail.text());
        assert!(tail.text().ends_with("LOG:  29"));
    }
}
