//! The attempts that wait to be written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use domain::{AccountId, Actor, UserId};
use tokio::sync::Notify;
use uuid::Uuid;

use super::Concerned;
use crate::Context;

/// How many are kept of an account, the newest.
const MAX_KEPT: u32 = 10_000;
/// How many wait at most. Of the others only the number is known.
const MAX_WAITING: usize = 1_000;
/// How many of one account wait at most, so that a flood in one leaves room for the others.
const MAX_WAITING_OF_ACCOUNT: usize = 200;

/// The attempts of this process that wait to be written.
pub(crate) struct RefusedAttempts {
    /// How many are kept of an account, the newest.
    pub(super) most_kept: u32,
    waiting: Mutex<Waiting>,
    arrived: Notify,
}

/// What waits, oldest first, and how many found no room.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) attempts: Vec<Attempt>,
    pub(super) dropped: u64,
    of_account: HashMap<AccountId, usize>,
}

/// One that waits. A user of another account is a visitor in this one.
pub(super) struct Attempt {
    pub(super) id: Uuid,
    pub(super) account_id: AccountId,
    pub(super) at: DateTime<Utc>,
    pub(super) operation_name: Cow<'static, str>,
    pub(super) code: &'static str,
    pub(super) actor: Actor,
    pub(super) concerned: Concerned,
    pub(super) request_id: Option<String>,
    pub(super) address: Option<IpAddr>,
}

impl Attempt {
    pub(super) fn new(
        ctx: &Context,
        operation_name: Cow<'static, str>,
        account_id: AccountId,
        concerned: Concerned,
        code: &'static str,
    ) -> Self {
        let is_foreign = ctx.actor.account().is_some_and(|own| own != account_id);
        let actor = if is_foreign { Actor::Visitor } else { ctx.actor };
        let (request_id, address) = (ctx.request_id.clone(), ctx.client.address);
        Self { id: Uuid::now_v7(), account_id, at: ctx.at, operation_name, code, actor, concerned, request_id, address }
    }

    pub(super) fn user(&self) -> Option<UserId> {
        if let Concerned::User(id) = self.concerned { Some(id) } else { None }
    }

    pub(super) fn email(&self) -> Option<&str> {
        if let Concerned::Holder(email) = &self.concerned { Some(email.normalised()) } else { None }
    }
}

impl Default for RefusedAttempts {
    fn default() -> Self {
        Self::new(MAX_KEPT)
    }
}

impl RefusedAttempts {
    pub(super) fn new(most_kept: u32) -> Self {
        Self { most_kept, waiting: Mutex::default(), arrived: Notify::new() }
    }

    pub(super) fn add(&self, attempt: Attempt) {
        self.waiting.lock().expect("no one panics while holding it").add(attempt);
        self.arrived.notify_one();
    }

    pub(super) fn take_all(&self) -> Waiting {
        std::mem::take(&mut *self.waiting.lock().expect("no one panics while holding it"))
    }

    /// Puts back what could not be written, before what has arrived meanwhile. Beyond the limits the newest are dropped.
    pub(super) fn put_back(&self, waiting: Waiting) {
        let mut all = self.waiting.lock().expect("no one panics while holding it");
        let newer = std::mem::replace(&mut *all, waiting);
        all.dropped += newer.dropped;
        newer.attempts.into_iter().for_each(|attempt| all.add(attempt));
        drop(all);
        self.arrived.notify_one();
    }

    pub(super) async fn arrived(&self) {
        self.arrived.notified().await;
    }
}

impl Waiting {
    fn add(&mut self, attempt: Attempt) {
        let of_account = self.of_account.entry(attempt.account_id).or_default();
        if self.attempts.len() < MAX_WAITING && *of_account < MAX_WAITING_OF_ACCOUNT {
            *of_account += 1;
            self.attempts.push(attempt);
        } else {
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried_in(account: u128) -> Attempt {
        let ctx = Context::new(Actor::Visitor, None, DateTime::UNIX_EPOCH);
        Attempt::new(&ctx, "signIn".into(), AccountId::new(Uuid::from_u128(account)), Concerned::NoUser, "INVALID_CREDENTIALS")
    }

    #[test]
    fn a_flood_fills_no_memory_and_leaves_room_for_other_accounts() {
        let queue = RefusedAttempts::default();
        for _ in 0..5_000 {
            queue.add(tried_in(1));
        }
        queue.add(tried_in(2));
        let Waiting { attempts, dropped, .. } = queue.take_all();
        assert_eq!((attempts.len(), dropped), (MAX_WAITING_OF_ACCOUNT + 1, 4_800));
        for account in 0..5_000 {
            queue.add(tried_in(account));
        }
        let Waiting { attempts, dropped, .. } = queue.take_all();
        assert_eq!((attempts.len(), dropped), (MAX_WAITING, 4_000));
        assert_eq!(queue.take_all().attempts.len(), 0, "what was taken is gone");
    }

    #[test]
    fn what_could_not_be_written_is_written_before_what_came_later() {
        let queue = RefusedAttempts::default();
        (0..150).for_each(|_| queue.add(tried_in(1)));
        let first = queue.take_all();
        let oldest = first.attempts[0].id;
        (0..150).for_each(|_| queue.add(tried_in(1)));
        queue.put_back(first);
        let Waiting { attempts, dropped, .. } = queue.take_all();
        assert_eq!((attempts.len(), dropped, attempts[0].id), (MAX_WAITING_OF_ACCOUNT, 100, oldest));
    }
}
