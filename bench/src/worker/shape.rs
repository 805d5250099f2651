//! Which of some users a call is about.

/// Each about as often as the others, and callers rarely the same one at once.
pub(crate) fn spread(caller: usize, count: u64, among: usize) -> usize {
    pick(caller, count, among, |share| share)
}

/// The first most often, the second half as often, the third a third as often: as in most systems, a few are changed most of the time.
pub(crate) fn zipf(caller: usize, count: u64, among: usize) -> usize {
    // The inverse of the sum of 1/n, which is about its logarithm.
    pick(caller, count, among, |share| (crate::measure::number(among + 1).powf(share) - 1.0) / crate::measure::number(among))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a number is an index")]
fn pick(caller: usize, count: u64, among: usize, shape: impl Fn(f64) -> f64) -> usize {
    let mixed = (caller as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ count.wrapping_add(1).wrapping_mul(0xD1B5_4A32_D192_ED03);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB);
    let portion = (mixed >> 11) as f64 / (1_u64 << 53) as f64;
    ((shape(portion) * among as f64) as usize).min(among - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_zipf_the_first_comes_far_more_often_than_in_a_spread() {
        let first = |shape: fn(usize, u64, usize) -> usize| (0..10_000).filter(|count| shape(3, *count, 200) == 0).count();
        let (evenly, by_zipf) = (first(spread), first(zipf));
        assert!((20..100).contains(&evenly) && by_zipf > 1_000, "{evenly} {by_zipf}");
    }
}
