//! Numbers that a seed decides, so that a run can be repeated.

use std::time::{SystemTime, UNIX_EPOCH};

/// Names the seed of a run; the clock gives one when it is not set.
const VARIABLE: &str = "FAULTS_SEED";

/// The generator `SplitMix64`.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The seed of this run.
    ///
    /// # Panics
    /// When `FAULTS_SEED` is no number.
    pub(crate) fn seed() -> u64 {
        let of_clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::from(since.subsec_nanos()));
        std::env::var(VARIABLE).map_or_else(|_| of_clock(), |text| text.parse().expect("FAULTS_SEED is a number"))
    }

    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Another generator, whose numbers depend on those of this one.
    pub(crate) fn fork(&mut self) -> Self {
        Self(self.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `limit`, `limit` excluded.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).expect("a length fits");
        usize::try_from(self.next() % limit.max(1)).expect("it is below a length")
    }

    /// One of these, or none where there is none.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}
