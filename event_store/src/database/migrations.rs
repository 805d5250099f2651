//! Brings the schema up to date, without a lock of a session, so that it works through a pooler too.

use std::borrow::Cow;

use sqlx::PgPool;
use sqlx::migrate::{MigrateError, Migrator};

use super::schema::MIGRATIONS;
use crate::Lock;

/// Why the schema is not up to date. The migrations before the one that failed stay.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The role may not do it.
    #[error(
        "the role {role} may not change the schema ({reason}): run this as the owner of the database, or let it own the tables and \
         `grant usage, create on schema public to {role}`"
    )]
    NotPermitted {
        /// The role of the connection.
        role: String,
        /// What Postgres says.
        reason: String,
    },
    /// A migration failed, was changed, or is unknown to this program.
    #[error(transparent)]
    Failed(#[from] MigrateError),
    /// The database was lost.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
}

/// Applies the migrations that the database lacks, in their order, each in a transaction of its own together with its record. Several
/// programs may do so at once: they take turns.
///
/// # Errors
/// See [`MigrationError`].
pub async fn migrate(pool: &PgPool) -> Result<(), MigrationError> {
    for count in 1..=MIGRATIONS.migrations.len() {
        // What comes after the first migrations is known, and the last step knows all.
        let ignore_missing = count < MIGRATIONS.migrations.len();
        let migrations = Cow::Owned(MIGRATIONS.migrations[..count].to_vec());
        let first = Migrator { migrations, ignore_missing, locking: false, ..Migrator::DEFAULT };
        if let Err(error) = run(pool, &first).await {
            return Err(explained(pool, error).await);
        }
    }
    Ok(())
}

async fn run(pool: &PgPool, migrator: &Migrator) -> Result<(), MigrationError> {
    let mut transaction = pool.begin().await?;
    Lock::Migrations.take(&mut transaction).await?;
    migrator.run_direct(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}

/// Says who lacks which right.
async fn explained(pool: &PgPool, error: MigrationError) -> MigrationError {
    let (MigrationError::Failed(MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _))
    | MigrationError::Database(source)) = &error
    else {
        return error;
    };
    // A role that may not look into the schema is told that there is none.
    let Some(refused) = source.as_database_error().filter(|error| matches!(error.code().as_deref(), Some("42501" | "3F000"))) else {
        return error;
    };
    let reason = refused.message().to_owned();
    match sqlx::query_scalar("select current_user::text").fetch_one(pool).await {
        Ok(role) => MigrationError::NotPermitted { role, reason },
        Err(_) => error,
    }
}
