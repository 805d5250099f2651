//! Locks of one transaction, keyed by what a command claims.
//!
//! They are advisory: they assign no transaction id, so that a transaction that waits for one gets an id after
//! the one it waited for, and the feed's order agrees with cause and effect. [`Locks`] takes
//! them in the order of this list, so that two transactions never wait for each other; a command
//! takes them before it loads anything.

use std::collections::{BTreeMap, HashSet};

use domain::{AccountId, EmailAddress, UserId};
use sqlx::PgConnection;

/// What a command claims until its transaction ends.
#[derive(Clone, Copy)]
pub enum Lock<'a> {
    /// Changing the schema.
    Migrations,
    /// That a request with this key runs once.
    IdempotencyKey {
        /// The account.
        account_id: AccountId,
        /// Whose key it is.
        actor: &'a str,
        /// The keyed hash of the key.
        key_hash: &'a [u8],
    },
    /// That no account exists yet.
    FirstAccount,
    /// What an account decides for itself: shared by commands that read it, exclusive for commands that change it.
    AccountSettings {
        /// The account.
        account_id: AccountId,
    },
    /// An address of an account, to take or to free it.
    Address {
        /// The account.
        account_id: AccountId,
        /// The address.
        email: &'a EmailAddress,
    },
    /// The set of an account's active admins.
    Admins {
        /// The account.
        account_id: AccountId,
    },
    /// A user: every stream that speaks of them, and whether they have access. So changes of one user wait for each other instead of
    /// deciding in vain, a sign-in is entirely before or after a deactivation, in the feed too, and the holder finds what
    /// readers see of the user as the events have it.
    User {
        /// The user.
        user_id: UserId,
    },
    /// The checkpoints of the feed, to write the next one.
    FeedCheckpoints,
    /// The refused attempts of an account, to write some or to redact the personal values in them.
    RefusedAttempts {
        /// The account.
        account_id: AccountId,
    },
    /// The service keys of an account: how many there are, and what readers see of them.
    ServiceKeys {
        /// The account.
        account_id: AccountId,
    },
    /// The saved views of an account: how many there are, their names, and what readers see of them.
    SavedViews {
        /// The account.
        account_id: AccountId,
    },
    /// That one process at a time deletes what is finished. No process waits for it: see [`try_take`](Self::try_take).
    Housekeeping,
}

/// A lock by its name, and whether others may have it at the same time.
#[derive(Clone, Debug)]
pub struct Claim {
    rank: u8,
    name: String,
    is_shared: bool,
}

impl Lock<'_> {
    /// The lock for one transaction.
    #[must_use]
    pub fn exclusive(self) -> Claim {
        Claim { rank: self.rank(), name: self.name(), is_shared: false }
    }

    /// The lock, shared: it excludes those who claim it exclusively.
    #[must_use]
    pub fn shared(self) -> Claim {
        Claim { is_shared: true, ..self.exclusive() }
    }

    /// Its rank in the order in which locks are taken.
    const fn rank(&self) -> u8 {
        match self {
            Self::Migrations => 0,
            Self::IdempotencyKey { .. } => 1,
            Self::FirstAccount => 2,
            Self::AccountSettings { .. } => 3,
            Self::Address { .. } => 4,
            Self::Admins { .. } => 5,
            Self::User { .. } => 6,
            Self::FeedCheckpoints => 7,
            Self::RefusedAttempts { .. } => 8,
            Self::ServiceKeys { .. } => 9,
            Self::SavedViews { .. } => 10,
            Self::Housekeeping => 11,
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Migrations => "migrations".to_owned(),
            Self::IdempotencyKey { account_id, actor, key_hash } => format!("key|{account_id}|{actor}|{key_hash:x?}"),
            Self::FirstAccount => "first-account".to_owned(),
            Self::AccountSettings { account_id } => format!("settings|{account_id}"),
            Self::Address { account_id, email } => format!("address|{account_id}|{}", email.normalised()),
            Self::Admins { account_id } => format!("admins|{account_id}"),
            Self::User { user_id } => format!("user|{user_id}"),
            Self::FeedCheckpoints => "feed-checkpoints".to_owned(),
            Self::RefusedAttempts { account_id } => format!("refused|{account_id}"),
            Self::ServiceKeys { account_id } => format!("service-keys|{account_id}"),
            Self::SavedViews { account_id } => format!("saved-views|{account_id}"),
            Self::Housekeeping => "housekeeping".to_owned(),
        }
    }

    /// Takes the locks of at most `limit` of these users, of those that are free, and returns whose. They end with the transaction.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn take_free_users(connection: &mut PgConnection, users: &[UserId], limit: i64) -> Result<HashSet<UserId>, sqlx::Error> {
        let names: Vec<_> = users.iter().map(|&user_id| Lock::User { user_id }.name()).collect();
        let taken = sqlx::query_scalar!(
            r#"
            select number as "number!"
            from unnest($1::text[]) with ordinality as locks (name, number)
            where pg_try_advisory_xact_lock(hashtextextended(name, 0))
            limit $2
            "#,
            &names,
            limit,
        );
        let taken = taken.fetch_all(connection).await?;
        Ok(taken.into_iter().filter_map(|number| users.get(usize::try_from(number).ok()? - 1).copied()).collect())
    }

    /// Waits for it; it ends with the transaction.
    pub async fn take(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        Locks::new([self.exclusive()]).take(connection).await
    }

    /// Takes it if it is free, and answers whether it did; it ends with the transaction, so it works behind a pooler that hands out
    /// connections for one transaction.
    pub async fn try_take(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let lock = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "taken!""#, self.name());
        lock.fetch_one(connection).await
    }
}

/// Locks that one transaction takes together, in the order in which everybody takes them.
#[derive(Debug)]
pub struct Locks {
    names: Vec<String>,
    are_shared: Vec<bool>,
}

impl Locks {
    /// Brings claims into their order. What is claimed twice is taken once.
    #[must_use]
    pub fn new(claims: impl IntoIterator<Item = Claim>) -> Self {
        let ordered: BTreeMap<_, _> = claims.into_iter().map(|claim| ((claim.rank, claim.name), claim.is_shared)).collect();
        let (names, are_shared) = ordered.into_iter().map(|((_, name), is_shared)| (name, is_shared)).unzip();
        Self { names, are_shared }
    }

    /// The names of the exclusive ones.
    pub fn exclusive_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().zip(&self.are_shared).filter(|(_, is_shared)| !**is_shared).map(|(name, _)| name.as_str())
    }

    /// All names, each with whether the lock is shared.
    pub fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        self.names.iter().map(String::as_str).zip(self.are_shared.iter().copied())
    }

    /// Takes those locks of several commands that are free, without waiting, in one statement. Answers for each command whether the transaction has
    /// all of its locks now. It has its own locks, so commands that claim the same do not exclude each other. What it has ends with it.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn try_take_each(commands: &[&Self], connection: &mut PgConnection) -> Result<Vec<bool>, sqlx::Error> {
        let (mut numbers, mut names, mut are_shared) = (vec![], vec![], vec![]);
        for (number, locks) in (0_i32..).zip(commands) {
            numbers.resize(numbers.len() + locks.names.len(), number);
            names.extend_from_slice(&locks.names);
            are_shared.extend_from_slice(&locks.are_shared);
        }
        let mut have = vec![true; commands.len()];
        if names.is_empty() {
            return Ok(have);
        }
        let missing = sqlx::query_scalar!(
            r#"
            select number as "number!"
            from unnest($1::integer[], $2::text[], $3::boolean[]) as locks (number, name, is_shared)
            group by number
            having not bool_and(
                case
                    when is_shared then pg_try_advisory_xact_lock_shared(hashtextextended(name, 0))
                    else pg_try_advisory_xact_lock(hashtextextended(name, 0))
                end
            )
            "#,
            &numbers,
            &names,
            &are_shared,
        );
        for number in missing.fetch_all(connection).await? {
            have[usize::try_from(number).expect("it is one of these")] = false;
        }
        Ok(have)
    }

    /// Waits for all of them; they end with the transaction.
    ///
    /// # Errors
    /// When the database is lost, or one is not free in time.
    pub async fn take(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        if self.names.is_empty() {
            return Ok(());
        }
        let locks = sqlx::query!(
            r#"
            select
                case
                    when is_shared then pg_advisory_xact_lock_shared(hashtextextended(name, 0))
                    else pg_advisory_xact_lock(hashtextextended(name, 0))
                end
            from unnest($1::text[], $2::boolean[]) as locks (name, is_shared)
            "#,
            &self.names,
            &self.are_shared,
        );
        locks.execute(connection).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn locks_are_taken_in_one_order_and_each_once() {
        let (account_id, user_id) = (AccountId::new(Uuid::nil()), UserId::new(Uuid::nil()));
        let (user, settings, admins) = (Lock::User { user_id }, Lock::AccountSettings { account_id }, Lock::Admins { account_id });
        let one = Locks::new([user.exclusive(), settings.shared(), admins.exclusive(), user.exclusive()]);
        let other = Locks::new([admins.exclusive(), user.exclusive(), settings.shared()]);
        assert_eq!(one.names, other.names);
        assert_eq!(one.names.iter().map(|name| name.split_once('|').unwrap().0).collect::<Vec<_>>(), ["settings", "admins", "user"]);
        assert_eq!(one.exclusive_names().count(), 2);
    }
}
