//! The accounts of this Roster.

mod fold;
mod logos;

use chrono::{DateTime, Utc};
use domain::{AccountId, AuthMethodId, AuthMethods, BrandColor, InvitationHours, Language, LogoDigest, Slug};
use sqlx::PgExecutor;
use uuid::Uuid;

pub use logos::{LogoFile, find_logo, find_logo_of};

pub(crate) use fold::{AccountRow, account_columns, select_accounts};

/// An account as readers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Its id.
    pub id: AccountId,
    /// What people read.
    pub name: String,
    /// Its part of every link.
    pub slug: String,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// How many events its stream has; rises with every change.
    pub version: u64,
    /// How long its invitations work.
    pub invitation_hours: InvitationHours,
    /// The ways to sign in that it chose; `None` offers all that are configured.
    pub auth_methods: Option<AuthMethods>,
    /// The language of mails to its users.
    pub language: Language,
    /// Its logo.
    pub logo: Option<LogoDigest>,
    /// Its color.
    pub color: Option<BrandColor>,
    /// Whether its page for signing in shows everyone what it is called and looks like.
    pub shows_account: bool,
}

impl TryFrom<AccountRow> for AccountView {
    type Error = sqlx::Error;

    fn try_from(row: AccountRow) -> Result<Self, sqlx::Error> {
        let unreadable = |column: &str| sqlx::Error::Decode(format!("accounts.{column} holds what was never written").into());
        let choice = |ids: Vec<String>| AuthMethods::parse(ids.iter().filter_map(|id| AuthMethodId::parse(id).ok()));
        Ok(Self {
            id: AccountId::new(row.id),
            name: row.name,
            slug: row.slug,
            created_at: row.created_at,
            version: row.version.unsigned_abs(),
            invitation_hours: InvitationHours::parse(row.invitation_hours).map_err(|_| unreadable("invitation_hours"))?,
            auth_methods: row.auth_methods.map(choice).transpose().map_err(|_| unreadable("auth_methods"))?,
            language: Language::find(&row.language).ok_or_else(|| unreadable("language"))?,
            logo: row.logo_digest.map(|digest| LogoDigest::parse(&digest).ok_or_else(|| unreadable("logo_digest"))).transpose()?,
            color: row.color.map(|color| BrandColor::parse(&color)).transpose().map_err(|_| unreadable("color"))?,
            shows_account: row.shows_account,
        })
    }
}

/// An account by its id.
pub async fn find_account(database: impl PgExecutor<'_>, id: AccountId) -> Result<Option<AccountView>, sqlx::Error> {
    let row = select_accounts!("where id = $1", id.uuid());
    row.fetch_optional(database).await?.map(AccountView::try_from).transpose()
}

/// The accounts with these ids.
///
/// # Errors
/// When the database is lost.
pub async fn find_accounts(database: impl PgExecutor<'_>, ids: &[Uuid]) -> Result<Vec<AccountView>, sqlx::Error> {
    let rows = select_accounts!("where id = any($1)", ids);
    rows.fetch_all(database).await?.into_iter().map(AccountView::try_from).collect()
}

/// An account by its slug.
pub async fn find_account_by_slug(database: impl PgExecutor<'_>, slug: &Slug) -> Result<Option<AccountView>, sqlx::Error> {
    let row = select_accounts!("where slug = $1", slug.as_str());
    row.fetch_optional(database).await?.map(AccountView::try_from).transpose()
}

/// The first accounts by age, at most `limit`. Ids rise with time, so the primary key has them in this order.
pub async fn list_accounts(database: impl PgExecutor<'_>, limit: u32) -> Result<Vec<AccountView>, sqlx::Error> {
    let rows = select_accounts!("order by id limit $1", i64::from(limit));
    rows.fetch_all(database).await?.into_iter().map(AccountView::try_from).collect()
}
