//! Limits of attempts: how often a secret may be guessed, and mail be asked for.
//!
//! The commands themselves ask, so aliases, batches, sockets and pages count the same. Every attempt counts, also one that succeeds: what
//! it will be is not known before. Buckets refill steadily, so no one is locked out for good. They are in this process: several
//! processes permit several times as much. Nothing here tells known addresses from unknown ones. Start reading at [`Limits`]; why it
//! is so stands in `docs/decisions/0010-rate-limits.md`.

mod bucket;
mod clock;
mod key;
mod settings;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, Refusal, UserId};
use projections::familiar_addresses::has_signed_in_from;

use self::bucket::Bucket;
use self::clock::RequestClock;
use self::key::Key;
use crate::{Commands, Context, Error};

pub use self::settings::LimitSettings;

/// In how long an empty bucket is full again.
const QUARTER: Duration = Duration::from_mins(15);
const HOUR: Duration = Duration::from_hours(1);
/// For how long after a sign-in an address is familiar.
pub(crate) const FAMILIAR: TimeDelta = TimeDelta::days(30);

/// Every bucket of this process.
pub(crate) struct Limits {
    clock: RequestClock,
    settings: LimitSettings,
    sign_in: GuessBuckets,
    /// For persons whose own bucket is empty, at each address.
    familiar: Bucket,
    reset: GuessBuckets,
    links: Bucket,
    passwords: Bucket,
    providers: Bucket,
}

/// The limits of guesses: by the address that they come from, by the user whom they are about, and by account.
struct GuessBuckets {
    address: Bucket,
    person: Bucket,
    account: Bucket,
}

/// Who may sign in by an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Users who have the right password.
    Anyone,
    /// Users who have the right password and have signed in from there before. Everyone else gets this refusal, after the same work.
    Familiar(Refusal),
}

/// Which account an attempt is about. Those that do not exist are told apart, too, so that they look like those that do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AccountTried<'a> {
    Known(AccountId),
    Unknown(&'a str),
}

impl<'a> AccountTried<'a> {
    pub(crate) fn new(found: Option<AccountId>, slug: Option<&'a str>) -> Self {
        found.map_or(Self::Unknown(slug.unwrap_or_default()), Self::Known)
    }
}

impl Limits {
    pub(crate) fn new(settings: LimitSettings) -> Self {
        let clock = RequestClock::default();
        let bucket = |attempts, refill| Bucket::new(attempts, refill, clock.clone());
        let LimitSettings { attempts_per_address, attempts_per_user, attempts_per_account, .. } = settings;
        Self {
            sign_in: GuessBuckets {
                address: bucket(attempts_per_address, QUARTER),
                person: bucket(attempts_per_user, QUARTER),
                account: bucket(attempts_per_account, QUARTER),
            },
            familiar: bucket(settings.familiar_attempts(), QUARTER),
            reset: GuessBuckets {
                address: bucket(settings.resets_per_address(), HOUR),
                person: bucket(settings.resets_per_user(), HOUR),
                account: bucket(settings.resets_per_account(), HOUR),
            },
            links: bucket(attempts_per_address, QUARTER),
            passwords: bucket(attempts_per_user, QUARTER),
            providers: bucket(attempts_per_address, QUARTER),
            settings,
            clock,
        }
    }

    /// How many invitations one may send within a day.
    pub(crate) const fn invitations_per_day(&self) -> u32 {
        self.settings.invitations_per_day
    }

    /// Counts an attempt to sign in.
    pub(crate) fn sign_in(&self, ctx: &Context, account: AccountTried<'_>, email: &str) -> Result<Admission, Refusal> {
        self.clock.advance_to(ctx.at);
        self.sign_in.take_address(ctx)?;
        let Err(refusal) = self.sign_in.take_person(account, email) else { return Ok(Admission::Anyone) };
        let Some(address) = ctx.client.address else { return Err(refusal) };
        match self.familiar.take(&Key::person_at(account, email, address)) {
            Ok(()) => Ok(Admission::Familiar(refusal)),
            Err(_) => Err(refusal),
        }
    }

    /// Counts a wish for a new password by mail.
    pub(crate) fn request_password_reset(&self, ctx: &Context, account: AccountTried<'_>, email: &str) -> Result<(), Refusal> {
        self.clock.advance_to(ctx.at);
        self.reset.take_address(ctx)?;
        self.reset.take_person(account, email)
    }

    /// Counts the use of a link: of an invitation, for a new password, for the first account.
    pub(crate) fn use_link(&self, ctx: &Context) -> Result<(), Refusal> {
        self.take_at_address(&self.links, ctx)
    }

    /// Counts a browser that is sent to a provider.
    pub(crate) fn begin_provider_sign_in(&self, ctx: &Context) -> Result<(), Refusal> {
        self.take_at_address(&self.providers, ctx)
    }

    /// Counts a guess of one's current password.
    pub(crate) fn change_password(&self, ctx: &Context, user_id: UserId) -> Result<(), Refusal> {
        self.clock.advance_to(ctx.at);
        self.passwords.take(&Key::user(user_id))
    }

    /// Deletes the buckets that are full again.
    fn tidy(&self, at: DateTime<Utc>) {
        self.clock.advance_to(at);
        for bucket in [&self.familiar, &self.links, &self.passwords, &self.providers] {
            bucket.tidy();
        }
        for GuessBuckets { address, person, account } in [&self.sign_in, &self.reset] {
            [address, person, account].into_iter().for_each(Bucket::tidy);
        }
    }

    fn take_at_address(&self, bucket: &Bucket, ctx: &Context) -> Result<(), Refusal> {
        self.clock.advance_to(ctx.at);
        take_at_address(bucket, ctx)
    }
}

impl GuessBuckets {
    /// One address that asks too much takes nothing from the others: this comes first.
    fn take_address(&self, ctx: &Context) -> Result<(), Refusal> {
        take_at_address(&self.address, ctx)
    }

    /// Guesses about one person take from the account only what that person's bucket permits.
    fn take_person(&self, account: AccountTried<'_>, email: &str) -> Result<(), Refusal> {
        self.person.take(&Key::person(account, email))?;
        self.account.take(&Key::account(account))
    }
}

/// A caller without an address is at the command line, and not limited.
fn take_at_address(bucket: &Bucket, ctx: &Context) -> Result<(), Refusal> {
    ctx.client.address.map_or(Ok(()), |address| bucket.take(&Key::address(address)))
}

/// The network that a request comes from, as attempts are counted by it; `None` for the command line.
pub(crate) fn network_of(ctx: &Context) -> Option<String> {
    ctx.client.address.map(key::network)
}

impl Commands {
    /// The same commands with other limits.
    #[must_use]
    pub fn with_limits(self, settings: LimitSettings) -> Self {
        Self { limits: Arc::new(Limits::new(settings)), ..self }
    }

    /// Whether a user has lately signed in from where this request comes from. For users who do not exist the same is looked up.
    pub(crate) async fn has_signed_in_from_there(&self, ctx: &Context, account_id: AccountId, user_id: UserId) -> Result<bool, Error> {
        let Some(address) = ctx.client.address else { return Ok(false) };
        Ok(has_signed_in_from(&self.pool, account_id, user_id, &key::network(address), ctx.at - FAMILIAR).await?)
    }

    /// Deletes the attempts that do not count any more.
    pub fn delete_old_attempts(&self, at: DateTime<Utc>) {
        self.limits.tidy(at);
    }
}

#[cfg(test)]
mod tests;
