//! Buckets of one kind, one for each key.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Refusal;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::clock::RequestClock;
use super::key::Key;

/// How many keys are told apart. With more, which only an attack from many networks brings, keys are thrown together in 65,536 shared buckets:
/// the memory of a kind stays below some 20 MB.
const MAX_KEYS: usize = 100_000;
/// How often full buckets are looked for when there are many.
const TIDYING: Duration = Duration::from_mins(1);

/// Buckets of one kind: so many attempts at once, refilled one by one (GCRA).
pub(super) struct Bucket {
    limiter: RateLimiter<Key, HashMapStateStore<Key>, RequestClock, NoOpMiddleware<Duration>>,
    clock: RequestClock,
    tidied: Mutex<Duration>,
}

impl Bucket {
    /// An empty bucket is full again after `refill`.
    pub(super) fn new(attempts: NonZeroU32, refill: Duration, clock: RequestClock) -> Self {
        let quota = Quota::with_period(refill / attempts.get()).expect("a refill is longer than 2^32 nanoseconds").allow_burst(attempts);
        Self { limiter: RateLimiter::hashmap_with_clock(quota, clock.clone()), clock, tidied: Mutex::default() }
    }

    /// Takes an attempt out. A refused one takes nothing.
    pub(super) fn take(&self, key: &Key) -> Result<(), Refusal> {
        let key = if self.is_crowded() { key.coarse() } else { *key };
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            let retry_after_seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Refusal::TooManyAttempts { retry_after_seconds: retry_after_seconds.max(1) }
        })
    }

    /// Deletes the keys whose buckets are full, and frees their memory.
    pub(super) fn tidy(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }

    fn is_crowded(&self) -> bool {
        if self.limiter.len() < MAX_KEYS {
            return false;
        }
        let now = self.clock.now();
        let mut tidied = self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        if now.saturating_sub(*tidied) >= TIDYING {
            *tidied = now;
            self.tidy();
        }
        self.limiter.len() >= MAX_KEYS
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.limiter.len()
    }
}
