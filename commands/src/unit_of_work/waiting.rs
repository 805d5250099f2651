//! The commands that wait in a queue, and those that run: which of them share the next transaction, and when it may begin.
//!
//! While a transaction writes, the next one looks up and decides, so Postgres and this process both work. There are at most
//! [`MAX_TRANSACTIONS`] of a queue at once, and at most one of them decides. Commands that claim the same are never in two of them: the later ones
//! wait for the transaction of the earlier ones.

use std::collections::{HashMap, VecDeque};

use event_store::Locks;

/// How many transactions of a queue run at once, at most.
pub(super) const MAX_TRANSACTIONS: usize = 2;
/// How many commands share a transaction, at most.
const MAX_COMMANDS: usize = 128;
/// How many rows they write together, roughly. A single command may have more. Every row is limited in bytes, so the transaction is too.
const MAX_WEIGHT: usize = 1_024;
/// Up to how many commands are not divided. Of more, a transaction takes half of those that wait and run, so that the next one is as large.
const MIN_SHARE: usize = 32;

/// A command that waits.
pub(super) trait Waiting {
    /// What it claims until its transaction ends.
    fn locks(&self) -> &Locks;

    /// How much a transaction grows by it.
    fn weight(&self) -> usize;

    /// Begins it, if its caller still waits for it.
    fn begin(&self) -> bool;
}

/// A queue of commands.
pub(super) struct CommitQueue<T> {
    waiting: VecDeque<T>,
    running: Vec<Transaction>,
    /// Whether a transaction decides, or is about to take its commands.
    is_deciding: bool,
    /// How many transactions there were.
    number: u64,
}

/// A transaction that runs.
struct Transaction {
    number: u64,
    commands: usize,
    names: Names,
    is_deciding: bool,
}

/// Names of locks; `true` for exclusive ones.
#[derive(Default)]
struct Names(HashMap<String, bool>);

impl<T> Default for CommitQueue<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), running: vec![], is_deciding: false, number: 0 }
    }
}

impl<T: Waiting> CommitQueue<T> {
    /// Adds a command. Answers whether the caller has to begin a transaction, which takes commands by [`take`](Self::take).
    pub(super) fn push(&mut self, command: T) -> bool {
        let is_free = !self.is_excluded(command.locks());
        self.waiting.push_back(command);
        is_free && self.begin_deciding()
    }

    /// The commands of the next transaction, and its number. `None`, and the queue rests, when none waits that can run now.
    pub(super) fn take(&mut self) -> Option<(u64, Vec<T>)> {
        let running: usize = self.running.iter().map(|transaction| transaction.commands).sum();
        let most = (self.waiting.len() + running).div_ceil(2).clamp(MIN_SHARE, MAX_COMMANDS);
        let (mut taken, mut names, mut weight) = (vec![], Names::default(), 0);
        let (mut passed, mut passed_names) = (VecDeque::new(), Names::default());
        while let Some(next) = self.waiting.pop_front() {
            // One that waits for a running transaction is not overtaken by those that claim the same.
            if self.is_excluded(next.locks()) || passed_names.exclude(next.locks()) {
                passed_names.add(next.locks());
                passed.push_back(next);
                continue;
            }
            if !taken.is_empty() && (taken.len() == most || weight + next.weight() > MAX_WEIGHT) {
                passed.push_back(next);
                break;
            }
            if next.begin() {
                weight += next.weight();
                names.add(next.locks());
                taken.push(next);
            }
        }
        passed.append(&mut self.waiting);
        self.waiting = passed;
        self.is_deciding = !taken.is_empty();
        if taken.is_empty() {
            return None;
        }
        self.number += 1;
        self.running.push(Transaction { number: self.number, commands: taken.len(), names, is_deciding: true });
        Some((self.number, taken))
    }

    /// A transaction has decided, and writes now. Answers whether the caller has to begin the next one.
    pub(super) fn decided(&mut self, number: u64) -> bool {
        let Some(transaction) = self.running.iter_mut().find(|transaction| transaction.number == number) else { return false };
        if std::mem::take(&mut transaction.is_deciding) {
            self.is_deciding = false;
        }
        !self.waiting.is_empty() && self.begin_deciding()
    }

    /// A transaction has ended, and these of its commands come first in the next one. Answers whether the caller has to begin that.
    pub(super) fn ended(&mut self, number: u64, again: Vec<T>) -> bool {
        if let Some(index) = self.running.iter().position(|transaction| transaction.number == number)
            && self.running.swap_remove(index).is_deciding
        {
            self.is_deciding = false;
        }
        for command in again.into_iter().rev() {
            self.waiting.push_front(command);
        }
        self.begin_deciding()
    }

    fn begin_deciding(&mut self) -> bool {
        let may_begin = !self.is_deciding && self.running.len() < MAX_TRANSACTIONS;
        self.is_deciding |= may_begin;
        may_begin
    }

    fn is_excluded(&self, locks: &Locks) -> bool {
        self.running.iter().any(|transaction| transaction.names.exclude(locks))
    }
}

impl Names {
    fn add(&mut self, locks: &Locks) {
        for (name, is_shared) in locks.names() {
            match self.0.get_mut(name) {
                Some(is_exclusive) => *is_exclusive |= !is_shared,
                None => {
                    self.0.insert(name.to_owned(), !is_shared);
                }
            }
        }
    }

    /// Whether another transaction cannot have these locks while one has those of these names.
    fn exclude(&self, locks: &Locks) -> bool {
        let excluded = |(name, is_shared): (&str, bool)| self.0.get(name).is_some_and(|is_exclusive| *is_exclusive || !is_shared);
        !self.0.is_empty() && locks.names().any(excluded)
    }
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, UserId};
    use event_store::Lock;
    use uuid::Uuid;

    use super::*;

    struct Command {
        locks: Locks,
        weight: usize,
        has_caller: bool,
    }

    impl Waiting for Command {
        fn locks(&self) -> &Locks {
            &self.locks
        }

        fn weight(&self) -> usize {
            self.weight
        }

        fn begin(&self) -> bool {
            self.has_caller
        }
    }

    fn upon(user: u128) -> Command {
        let (account_id, user_id) = (AccountId::new(Uuid::nil()), UserId::new(Uuid::from_u128(user)));
        let locks = Locks::new([Lock::AccountSettings { account_id }.shared(), Lock::User { user_id }.exclusive()]);
        Command { locks, weight: 1, has_caller: true }
    }

    fn of_settings() -> Command {
        let account_id = AccountId::new(Uuid::nil());
        Command { locks: Locks::new([Lock::AccountSettings { account_id }.exclusive()]), ..upon(0) }
    }

    /// The number of the next transaction, and how many commands it has.
    fn take(queue: &mut CommitQueue<Command>) -> Option<(u64, usize)> {
        queue.take().map(|(number, commands)| (number, commands.len()))
    }

    #[test]
    fn a_transaction_has_at_most_128_commands() {
        let mut queue = CommitQueue::default();
        assert!(queue.push(upon(0)), "the first one begins a transaction");
        assert!((1..1000).all(|user| !queue.push(upon(user))), "the others wait for it");
        assert_eq!(take(&mut queue), Some((1, 128)));
        assert!(queue.decided(1));
        assert_eq!(take(&mut queue), Some((2, 128)));
        assert!(!queue.decided(2), "two write");
        assert!(queue.ended(1, vec![]));
        assert_eq!(take(&mut queue), Some((3, 128)));
    }

    #[test]
    fn a_transaction_has_at_most_1024_rows_or_one_command() {
        let mut queue = CommitQueue::default();
        for (user, weight) in [400, 400, 224, 1, 2_000, 1].into_iter().enumerate() {
            queue.push(Command { weight, ..upon(user as u128) });
        }
        let mut sizes = vec![];
        while let Some((number, size)) = take(&mut queue) {
            sizes.push(size);
            assert!(queue.ended(number, vec![]));
        }
        assert_eq!(sizes, [3, 1, 1, 1]);
    }

    #[test]
    fn those_that_wait_and_run_are_divided_into_halves() {
        let mut queue = CommitQueue::default();
        for user in 0..100 {
            queue.push(upon(user));
        }
        assert_eq!(take(&mut queue), Some((1, 50)));
        assert!(queue.decided(1));
        assert_eq!(take(&mut queue), Some((2, 50)));
        assert!(!queue.ended(1, vec![]), "the second decides");
        (100..120).for_each(|user| assert!(!queue.push(upon(user))));
        assert!(queue.decided(2));
        assert_eq!(take(&mut queue), Some((3, 20)), "a few are not divided");
    }

    #[test]
    fn commands_that_claim_the_same_are_not_in_two_transactions_and_keep_their_order() {
        let mut queue = CommitQueue::default();
        for user in [7, 7, 8] {
            queue.push(upon(user));
        }
        assert_eq!(take(&mut queue), Some((1, 3)), "they may share one");
        assert!(!queue.decided(1));
        assert!(!queue.push(upon(7)), "it waits for the first");
        assert!(!queue.push(of_settings()), "and this one");
        assert!(queue.push(upon(9)), "this one could run");
        assert_eq!(take(&mut queue), None, "but does not overtake the one that claims the settings");
        assert!(queue.ended(1, vec![]));
        assert_eq!(take(&mut queue), Some((2, 3)));
    }

    #[test]
    fn what_is_put_off_comes_first_and_who_has_no_caller_is_dropped() {
        let mut queue = CommitQueue::default();
        queue.push(upon(1));
        let (number, commands) = queue.take().expect("one waits");
        assert!(!queue.push(Command { has_caller: false, ..upon(2) }));
        assert!(queue.ended(number, commands));
        assert_eq!(take(&mut queue), Some((2, 1)));
        assert!(queue.ended(2, vec![]));
        assert_eq!(take(&mut queue), None);
        assert!(queue.push(upon(3)), "the queue has rested");
    }
}
