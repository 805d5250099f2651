//! How far something long is: a bar on a terminal, else a line whenever another tenth is done.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use super::tell;

pub(super) struct Progress {
    bar: ProgressBar,
    what: &'static str,
    at_terminal: bool,
}

impl Progress {
    /// Starts to count up to `total`. `what` describes the completed part, such as "are encrypted again".
    pub(super) fn start(total: u64, what: &'static str) -> Self {
        let bar = ProgressBar::new(total);
        let template = format!("{{wide_bar}} {{human_pos}} of {{human_len}} {what}, {{eta}} left");
        bar.set_style(ProgressStyle::with_template(&template).expect("it is a template"));
        Self { bar, what, at_terminal: stderr().is_terminal() }
    }

    /// Adds to the completed part.
    pub(super) fn advance(&self, count: u64) {
        let tenths = |bar: &ProgressBar| bar.position() * 10 / bar.length().unwrap_or_default().max(1);
        let before = tenths(&self.bar);
        self.bar.inc(count);
        if !self.at_terminal && tenths(&self.bar) > before {
            tell(format_args!("{} of {} {}", self.bar.position(), self.bar.length().unwrap_or_default(), self.what));
        }
    }

    /// Sets the completed part and the total.
    pub(super) fn set(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.advance(done.saturating_sub(self.bar.position()));
    }

    /// Prints a line above the bar.
    pub(super) fn say(&self, line: &str) {
        self.bar.suspend(|| tell(format_args!("{line}")));
    }

    /// Removes the bar. Returns the completed number.
    pub(super) fn end(&self) -> u64 {
        let done = self.bar.position();
        self.bar.finish_and_clear();
        done
    }
}
