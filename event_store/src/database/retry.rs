use std::time::Duration;

use tokio::time::sleep;

/// How often a transaction is tried that another one comes before.
const ATTEMPTS: u32 = 10;
/// The longest pause before the second attempt; it doubles from there, up to the limit.
const FIRST_PAUSE: Duration = Duration::from_millis(4);
const MAX_PAUSE: Duration = Duration::from_millis(200);

/// Whether Postgres has ended a transaction in favour of another one: 40001 or 40P01, a deadlock. The same may succeed.
#[must_use]
pub fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Runs a transaction, each time from its beginning, until it does not conflict with another one; at most 10 times, with a random pause
/// in between, so that the same transactions do not meet again.
///
/// # Errors
/// As the last attempt.
pub async fn retry_conflicts<T, E, F>(transaction: impl Fn() -> F, is_conflict: impl Fn(&E) -> bool) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut attempt = 1;
    loop {
        match transaction().await {
            Err(error) if is_conflict(&error) && attempt < ATTEMPTS => {
                sleep(pause(attempt)).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

/// A random part of the longest pause after so many attempts.
fn pause(attempt: u32) -> Duration {
    let longest = FIRST_PAUSE.saturating_mul(1 << attempt.min(10).saturating_sub(1)).min(MAX_PAUSE);
    let mut byte = [u8::MAX];
    // Without randomness the pause is the longest.
    let _ = getrandom::fill(&mut byte);
    longest * u32::from(byte[0]) / u32::from(u8::MAX)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn a_conflict_is_tried_again_and_anything_else_is_not() {
        let attempts = Cell::new(0);
        let result = retry_conflicts(
            || async {
                attempts.set(attempts.get() + 1);
                if attempts.get() < 4 { Err("conflict") } else { Err("broken") }
            },
            |error| *error == "conflict",
        );
        assert_eq!((result.await, attempts.get()), (Err::<(), _>("broken"), 4));
    }

    #[tokio::test]
    async fn what_conflicts_forever_ends_with_the_conflict() {
        let attempts = Cell::new(0);
        let result = retry_conflicts(
            || async {
                attempts.set(attempts.get() + 1);
                Err::<(), _>("conflict")
            },
            |_| true,
        );
        assert_eq!((result.await, attempts.get()), (Err("conflict"), ATTEMPTS));
    }

    #[test]
    fn pauses_grow_up_to_a_limit() {
        assert!(pause(1) <= FIRST_PAUSE);
        assert!((1..40).all(|attempt| pause(attempt) <= MAX_PAUSE));
    }
}
