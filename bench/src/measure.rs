//! What is measured: how often something was done, and how long each time took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One run of a load: its rate, and the times of single calls in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// How much was done in a second.
    pub(crate) rate: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) p999: f64,
    /// Calls that failed. They are not counted in the rate.
    pub(crate) failures: u64,
}

impl Sample {
    /// Sums up what the callers have measured within a time.
    pub(crate) fn of(mut times: Vec<Duration>, within: Duration, failures: u64) -> Self {
        times.sort_unstable();
        let at = |share: f64| percentile(&times, share).as_secs_f64() * 1e6;
        Self { rate: number(times.len()) / within.as_secs_f64(), p50: at(0.5), p99: at(0.99), p999: at(0.999), failures }
    }

    /// Work that was done once, such as rows that were written in so much time.
    pub(crate) fn once(count: u64, time: Duration) -> Self {
        let micros = time.as_secs_f64() * 1e6;
        Self { rate: whole(count) / time.as_secs_f64(), p50: micros, p99: micros, p999: micros, failures: 0 }
    }
}

fn percentile(sorted: &[Duration], share: f64) -> Duration {
    if sorted.is_empty() {
        return Duration::ZERO;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length is an index")]
    let index = (number(sorted.len()) * share) as usize;
    sorted[index.min(sorted.len() - 1)]
}

/// The rounds of one measurement: the median, and from where to where they reach.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Spread {
    /// `None` without a round.
    pub(crate) fn of(mut values: Vec<f64>) -> Option<Self> {
        values.retain(|value| value.is_finite());
        values.sort_by(f64::total_cmp);
        let (least, most) = (*values.first()?, *values.last()?);
        let median = f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2]);
        Some(Self { median, least, most })
    }

    /// The same in another unit.
    pub(crate) fn times(self, factor: f64) -> Self {
        Self { median: self.median * factor, least: self.least * factor, most: self.most * factor }
    }

    /// How many times as much in each round, and the median of that. Rounds that were measured one after the other share the noise.
    pub(crate) fn ratio(values: &[f64], beside: &[f64]) -> Option<Self> {
        Self::of(values.iter().zip(beside).map(|(value, beside)| value / beside).collect())
    }
}

/// A number of things, for calculating.
#[expect(clippy::cast_precision_loss, reason = "no one needs more than a few digits")]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}

/// The same of what the database counts.
#[expect(clippy::cast_precision_loss, reason = "no one needs more than a few digits")]
pub(crate) fn whole(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_knows_its_rate_and_its_slowest_calls() {
        let times = (1..=1000).map(Duration::from_micros).collect();
        let sample = Sample::of(times, Duration::from_secs(2), 0);
        let text = [sample.rate, sample.p50, sample.p99, sample.p999].map(|value| format!("{value:.0}"));
        assert_eq!(text, ["500", "501", "991", "1000"]);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let ratio = Spread::ratio(&[10.0, 30.0, 20.0], &[5.0, 10.0, 20.0]).expect("three rounds");
        let text = [ratio.median, ratio.least, ratio.most].map(|value| format!("{value:.1}"));
        assert_eq!(text, ["2.0", "1.0", "3.0"]);
        assert!(Spread::ratio(&[], &[]).is_none());
        assert_eq!(Spread::of(vec![4.0, 1.0]).map(|spread| spread.median), Some(2.5));
    }
}
