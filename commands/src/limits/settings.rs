//! The numbers.

use std::num::NonZeroU32;

/// How often things may be tried. Attempts are those at once; a quarter of an hour later as many are possible again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSettings {
    /// By one address (IPv4, or the /64 of IPv6), for each kind of attempt.
    pub attempts_per_address: NonZeroU32,
    /// As one person of an account.
    pub attempts_per_user: NonZeroU32,
    /// In one account, as all its persons together.
    pub attempts_per_account: NonZeroU32,
    /// Invitations that a user may send within a day (UTC).
    pub invitations_per_day: u32,
}

impl LimitSettings {
    /// Attempts as a person whose own are used up, at an address where that person may have signed in before: a third.
    #[must_use]
    pub fn familiar_attempts(&self) -> NonZeroU32 {
        part(self.attempts_per_user, 3)
    }

    /// Wishes for a new password for one person within an hour: a third of the attempts.
    #[must_use]
    pub fn resets_per_user(&self) -> NonZeroU32 {
        part(self.attempts_per_user, 3)
    }

    /// Wishes for a new password by one address within an hour: a tenth of the attempts.
    #[must_use]
    pub fn resets_per_address(&self) -> NonZeroU32 {
        part(self.attempts_per_address, 10)
    }

    /// Wishes for a new password in one account within an hour: a tenth of the attempts.
    #[must_use]
    pub fn resets_per_account(&self) -> NonZeroU32 {
        part(self.attempts_per_account, 10)
    }
}

impl Default for LimitSettings {
    fn default() -> Self {
        const fn number(number: u32) -> NonZeroU32 {
            NonZeroU32::new(number).expect("it is not zero")
        }
        Self {
            attempts_per_address: number(300),
            attempts_per_user: number(10),
            attempts_per_account: number(1_000),
            invitations_per_day: 2_000,
        }
    }
}

/// A part of a number, at least one.
fn part(of: NonZeroU32, divisor: u32) -> NonZeroU32 {
    NonZeroU32::new(of.get() / divisor).unwrap_or(NonZeroU32::MIN)
}
