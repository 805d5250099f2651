//! Each way in which the mail server refuses us is logged once, not once for each mail.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

use mail::Refusal;

/// A refusal that did not occur for so long is logged again when it comes back. Longer than the longest pause of a mail.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(1);
/// How many are remembered. A server has few ways to refuse; one that makes up codes does not fill the memory.
const MAX_REMEMBERED: usize = 100;

/// The refusals that the log has, and when each occurred last.
#[derive(Default)]
pub(super) struct LoggedRefusals(HashMap<Refusal, Instant>);

impl LoggedRefusals {
    /// Logs a refusal, unless the log has it already.
    pub(super) fn log(&mut self, refusal: Option<Refusal>, now: Instant) {
        let Some(refusal) = refusal.filter(|refusal| self.is_new(*refusal, now)) else { return };
        let Refusal { step, code, status } = refusal;
        let status = status.map(tracing::field::display);
        warn!(
            step,
            code,
            status,
            "the mail server refuses mail for a reason that is not its recipient; such mails wait and are tried again (see `roster mail queue`)"
        );
    }

    fn is_new(&mut self, refusal: Refusal, now: Instant) -> bool {
        self.0.retain(|_, last| now.duration_since(*last) < FORGOTTEN_AFTER);
        if self.0.len() >= MAX_REMEMBERED && !self.0.contains_key(&refusal) {
            return false;
        }
        self.0.insert(refusal, now).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: u16) -> Refusal {
        Refusal { step: "end of data", code, status: None }
    }

    #[test]
    fn a_refusal_is_logged_once_while_it_goes_on_and_again_when_it_comes_back() {
        let (mut logged, start) = (LoggedRefusals::default(), Instant::now());
        assert!(logged.is_new(refusal(550), start));
        assert!(logged.is_new(refusal(554), start), "another refusal");
        for minutes in [1, 15, 70, 120] {
            let now = start + Duration::from_mins(minutes);
            assert!(!logged.is_new(refusal(550), now), "it goes on after {minutes} minutes");
        }
        assert!(logged.is_new(refusal(550), start + Duration::from_mins(181)));
    }

    #[test]
    fn a_server_that_makes_up_codes_fills_no_memory() {
        let (mut logged, now) = (LoggedRefusals::default(), Instant::now());
        let new = (0..1_000).filter(|code| logged.is_new(refusal(*code), now)).count();
        assert_eq!((new, logged.0.len()), (MAX_REMEMBERED, MAX_REMEMBERED));
    }
}
