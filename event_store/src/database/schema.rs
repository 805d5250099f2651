//! Which schema a database has, and which this program needs.

use sqlx::PgPool;
use sqlx::migrate::Migrator;

/// Every migration, inside the program.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// A database whose text encoding is not UTF-8.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database {name:?} has the encoding {encoding}, but Roster needs UTF8: create another one with `createdb --template template0 \
     --encoding UTF8 NAME`, and set DATABASE_URL to it; nothing was changed"
)]
pub struct WrongEncoding {
    name: String,
    encoding: String,
}

/// The migrations that a database and this program do not share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaDifference {
    /// How many the database lacks.
    pub missing: usize,
    /// How many it has from a newer program.
    pub newer: usize,
}

/// How many migrations this program has.
#[must_use]
pub fn count_migrations() -> usize {
    MIGRATIONS.iter().count()
}

/// Compares the schema of a database with the newest one.
///
/// # Errors
/// When the database is lost, or the role may not read its list of migrations.
pub async fn compare_schema(pool: &PgPool) -> Result<SchemaDifference, sqlx::Error> {
    let applied = applied_migrations(pool).await?;
    Ok(SchemaDifference {
        missing: MIGRATIONS.iter().filter(|migration| !applied.contains(&migration.version)).count(),
        newer: applied.iter().filter(|version| !MIGRATIONS.version_exists(**version)).count(),
    })
}

/// The versions of the migrations that the database has; empty before the first.
async fn applied_migrations(pool: &PgPool) -> Result<Vec<i64>, sqlx::Error> {
    let applied = sqlx::query_scalar::<_, i64>("select version from _sqlx_migrations where success").fetch_all(pool).await;
    match applied {
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42P01") => Ok(vec![]),
        applied => applied,
    }
}

/// Whether the database cannot store every text.
pub async fn find_wrong_encoding(pool: &PgPool) -> Result<Option<WrongEncoding>, sqlx::Error> {
    let select = "select datname::text, pg_encoding_to_char(encoding)::text from pg_database where datname = current_database()";
    let (name, encoding) = sqlx::query_as::<_, (String, String)>(select).fetch_one(pool).await?;
    Ok((encoding != "UTF8").then_some(WrongEncoding { name, encoding }))
}

/// Whether the database holds a Roster, of whatever version.
pub async fn holds_roster(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select to_regclass('feed_generation') is not null").fetch_one(pool).await
}

/// Whether personal values have been sealed in the database, so that it needs the master key they were sealed with.
///
/// # Errors
/// When the database is lost, or its schema is older.
pub async fn holds_sealed_values(pool: &PgPool) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("select exists (select from person_keys)").fetch_one(pool).await
}
