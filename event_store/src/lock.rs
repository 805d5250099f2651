//! Locks of one transaction, keyed by what a command claims.
//!
//! They are advisory: they assign no transaction id, so that whoever waits for one gets an id after
//! the one it waited for, and the feed's order agrees with cause and effect. Everybody takes
//! them in the order of this list, a command before it loads anything.

use domain::{AccountId, EmailAddress, UserId};
use sqlx::PgConnection;

/// What a command claims until its transaction ends.
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
    /// What an account decides for itself: shared by whoever goes by it, alone for whoever changes it.
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
    /// deciding in vain, a sign-in lies wholly before or wholly after a deactivation, in the feed too, and whoever has it finds what
    /// readers see of the user as the events have it.
    User {
        /// The user.
        user_id: UserId,
    },
    /// What is kept of the past of users: alone for whoever writes it from events, shared by whoever erases a person there, so that nothing
    /// is written that was read before it was erased.
    UserVersions,
    /// The refused attempts of an account, to write some or to wipe what is personal in them.
    RefusedAttempts {
        /// The account.
        account_id: AccountId,
    },
    /// That one process at a time deletes what is finished. Nobody waits for it: see [`try_take`](Self::try_take).
    Housekeeping,
}

impl Lock<'_> {
    fn name(&self) -> String {
        match self {
            Self::Migrations => "migrations".to_owned(),
            Self::IdempotencyKey { account_id, actor, key_hash } => format!("key|{account_id}|{actor}|{key_hash:x?}"),
            Self::FirstAccount => "first-account".to_owned(),
            Self::AccountSettings { account_id } => format!("settings|{account_id}"),
            Self::Address { account_id, email } => format!("address|{account_id}|{}", email.normalised()),
            Self::Admins { account_id } => format!("admins|{account_id}"),
            Self::User { user_id } => format!("user|{user_id}"),
            Self::UserVersions => "user-versions".to_owned(),
            Self::RefusedAttempts { account_id } => format!("refused|{account_id}"),
            Self::Housekeeping => "housekeeping".to_owned(),
        }
    }

    /// Waits for it; it ends with the transaction.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn take(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let lock = sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", self.name());
        lock.execute(connection).await?;
        Ok(())
    }

    /// Takes it if nobody has it, and answers whether it did; it ends with the transaction, so it works behind a pooler that hands out
    /// connections for one transaction.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn try_take(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let lock = sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "taken!""#, self.name());
        lock.fetch_one(connection).await
    }

    /// Waits for several of one kind, in one order whoever asks, so that two who ask never wait for each other.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn take_all(locks: impl Iterator<Item = Lock<'_>>, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let names: Vec<_> = locks.map(|lock| lock.name()).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let lock = sqlx::query!("select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest($1::text[]) as name", &names);
        lock.execute(connection).await?;
        Ok(())
    }

    /// Waits until nobody has it alone, and keeps it from whoever wants that; it ends with the transaction.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn share(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let lock = sqlx::query!("select pg_advisory_xact_lock_shared(hashtextextended($1, 0))", self.name());
        lock.execute(connection).await?;
        Ok(())
    }
}
