//! How long to wait after a failure.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::Instant;
use tracing::{info, warn};
use uuid::Uuid;

/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST: Duration = Duration::from_secs(5);
const MAX_OF_A_MAIL: Duration = Duration::from_mins(15);
/// Shorter, because one probe for all costs little, and everybody waits for it.
const MAX_OF_THE_SERVER: Duration = Duration::from_mins(1);

/// How long a mail waits that has failed so often: doubled each time, and up to a quarter shorter or longer, so that mails that failed
/// together do not come back together. The same for the same mail and attempt.
pub(super) fn pause(delivery: Uuid, attempt: u32) -> TimeDelta {
    TimeDelta::from_std(doubled(delivery, attempt, MAX_OF_A_MAIL)).expect("minutes")
}

fn doubled(jitter: Uuid, attempt: u32, longest: Duration) -> Duration {
    let pause = FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1))).min(longest);
    let mut hasher = DefaultHasher::new();
    (jitter, attempt).hash(&mut hasher);
    let permille = u32::try_from(750 + hasher.finish() % 501).expect("at most 1250");
    pause * permille / 1000
}

/// How an attempt has found the mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServerState {
    /// It has looked at the mail, whatever it said.
    Works,
    /// Any other mail would have failed as well.
    Fails,
    /// It was not asked, broke off in the middle of a mail, or refused us, perhaps in this mail alone.
    Unknown,
}

/// Whether the mail server is failing for everybody, and when to try it again.
pub(super) struct Outage {
    /// How often in a row it has failed.
    failures: u32,
    resumes_at: Option<Instant>,
    jitter: Uuid,
}

impl Default for Outage {
    fn default() -> Self {
        Self { failures: 0, resumes_at: None, jitter: Uuid::now_v7() }
    }
}

impl Outage {
    /// How many mails may be under way: all that may as long as the server works, none while it is left alone, then one as a probe.
    pub(super) fn slots(&self, usual: usize, now: Instant) -> usize {
        match self.resumes_at {
            None => usual,
            Some(resumes_at) if now < resumes_at => 0,
            Some(_) => 1,
        }
    }

    /// When the server is to be tried again, should it be left alone.
    pub(super) const fn resumes_at(&self) -> Option<Instant> {
        self.resumes_at
    }

    /// Takes note of how the server was found.
    pub(super) fn learn(&mut self, state: ServerState, now: Instant) {
        match state {
            ServerState::Works if self.failures > 0 => {
                info!("the mail server works again");
                (self.failures, self.resumes_at) = (0, None);
            }
            ServerState::Fails if self.resumes_at.is_none_or(|resumes_at| now >= resumes_at) => {
                self.failures = self.failures.saturating_add(1);
                let pause = doubled(self.jitter, self.failures, MAX_OF_THE_SERVER);
                self.resumes_at = Some(now + pause);
                if self.failures == 1 {
                    warn!("the mail server fails for every mail; all wait until it works again");
                }
            }
            // Several that were under way together tell of the same failure.
            ServerState::Works | ServerState::Fails | ServerState::Unknown => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(attempt: u32, of: impl Fn(u128, u32) -> Duration) -> (f64, f64) {
        let pauses: Vec<_> = (0..1_000).map(|delivery| of(delivery, attempt).as_secs_f64()).collect();
        (pauses.iter().copied().fold(f64::INFINITY, f64::min), pauses.iter().copied().fold(0.0, f64::max))
    }

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour_and_spread_by_a_quarter() {
        let of_mail = |delivery, attempt| pause(Uuid::from_u128(delivery), attempt).to_std().expect("positive");
        for (attempt, usual) in [(1, 5.0), (2, 10.0), (3, 20.0), (8, 640.0), (9, 900.0), (u32::MAX, 900.0)] {
            let (shortest, longest) = seconds(attempt, of_mail);
            assert!(shortest >= usual * 0.75 && shortest < usual * 0.76, "{attempt}: {shortest}");
            assert!(longest <= usual * 1.25 && longest > usual * 1.24, "{attempt}: {longest}");
        }
        assert_eq!(of_mail(7, 3), of_mail(7, 3), "the same mail waits the same time in whatever process");
    }

    #[test]
    fn while_the_server_fails_nothing_is_sent_then_one_probes_and_with_its_success_all_go_on() {
        let (mut outage, start) = (Outage::default(), Instant::now());
        assert_eq!(outage.slots(4, start), 4);
        outage.learn(ServerState::Fails, start);
        let resumes_at = outage.resumes_at().expect("it pauses");
        outage.learn(ServerState::Fails, start + Duration::from_millis(1));
        assert_eq!(outage.resumes_at(), Some(resumes_at), "what was under way together fails once");
        assert_eq!(outage.slots(4, resumes_at - Duration::from_millis(1)), 0);
        assert_eq!(outage.slots(4, resumes_at), 1);
        outage.learn(ServerState::Unknown, resumes_at);
        assert_eq!(outage.slots(4, resumes_at), 1, "the probe said nothing of the server");
        outage.learn(ServerState::Fails, resumes_at);
        let longer = outage.resumes_at().expect("it pauses") - resumes_at;
        assert!(longer >= Duration::from_millis(7_500), "{longer:?}");
        outage.learn(ServerState::Works, resumes_at + longer);
        assert_eq!((outage.slots(4, resumes_at + longer), outage.resumes_at()), (4, None));
    }

    #[test]
    fn a_server_is_tried_again_at_least_every_75_seconds_however_long_it_fails() {
        let (_, longest) = seconds(u32::MAX, |jitter, attempt| doubled(Uuid::from_u128(jitter), attempt, MAX_OF_THE_SERVER));
        assert!(longest <= 75.0, "{longest}");
    }
}
