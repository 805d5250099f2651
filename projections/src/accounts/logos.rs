//! The files of logos. They are no read model: events have their digests alone.

use domain::{AccountId, LogoDigest};
use sqlx::PgExecutor;

/// The file of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoFile {
    /// What it is, such as `image/png`.
    pub media_type: String,
    /// The bytes.
    pub content: Vec<u8>,
}

/// The logo with this digest, as long as an account has it.
///
/// # Errors
/// When the database is lost.
pub async fn find_logo(database: impl PgExecutor<'_>, digest: &LogoDigest) -> Result<Option<LogoFile>, sqlx::Error> {
    let digest = digest.as_str();
    let row = sqlx::query_as!(LogoFile, "select media_type, content from account_logos where digest = $1 limit 1", digest);
    row.fetch_optional(database).await
}

/// The logo of an account.
///
/// # Errors
/// When the database is lost.
pub async fn find_logo_of(database: impl PgExecutor<'_>, account_id: AccountId) -> Result<Option<LogoFile>, sqlx::Error> {
    let id = account_id.uuid();
    let row = sqlx::query_as!(LogoFile, "select media_type, content from account_logos where account_id = $1", id);
    row.fetch_optional(database).await
}
