//! What an operator sees of the outbox, and how they hurry it.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::delivery::MailPurpose;

use crate::context::operator_only;
use crate::{Commands, Context, Error};

/// A mail that waits, for an operator to look at.
#[derive(Clone, Debug)]
pub struct QueuedMail {
    /// The account's part of links.
    pub account_slug: String,
    /// Where it is sent.
    pub to: String,
    /// What it is for.
    pub purpose: MailPurpose,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// From this instant on it is given up.
    pub expires_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this instant it is tried again.
    pub next_attempt_at: DateTime<Utc>,
    /// Whether a sender has it at this moment.
    pub is_under_way: bool,
    /// What went wrong at last, if it was tried.
    pub last_error: Option<String>,
}

impl Commands {
    /// The first `limit` mails that wait, of one account or of all, what is due first first; and how many wait in all.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the operator; when the database is lost.
    pub async fn list_queued_mails(
        &self,
        ctx: &Context,
        account_id: Option<AccountId>,
        limit: u32,
    ) -> Result<(Vec<QueuedMail>, u64), Error> {
        operator_only(ctx)?;
        let account = account_id.map(AccountId::uuid);
        let rows = sqlx::query!(
            r#"
            select
                a.slug, u.email, o.purpose, o.created_at, o.expires_at, o.attempts, o.next_attempt_at, o.last_error,
                coalesce(o.claimed_until > $2, false) as "is_under_way!", count(*) over () as "count!"
            from mail_outbox o
            join users u on u.id = o.user_id
            join accounts a on a.id = o.account_id
            where $1::uuid is null or o.account_id = $1
            order by o.next_attempt_at, o.delivery_id
            limit $3
            "#,
            account,
            ctx.at,
            i64::from(limit),
        );
        let rows = rows.fetch_all(&self.pool).await?;
        let count = rows.first().map_or(0, |row| row.count.unsigned_abs());
        let unknown = || sqlx::Error::Decode("mail_outbox.purpose holds no purpose".into());
        let mails = rows.into_iter().map(|row| {
            Ok(QueuedMail {
                account_slug: row.slug,
                to: row.email,
                purpose: MailPurpose::find(&row.purpose).ok_or_else(unknown)?,
                asked_at: row.created_at,
                expires_at: row.expires_at,
                attempts: row.attempts.unsigned_abs(),
                next_attempt_at: row.next_attempt_at,
                is_under_way: row.is_under_way,
                last_error: row.last_error,
            })
        });
        Ok((mails.collect::<Result<_, sqlx::Error>>()?, count))
    }

    /// Makes every waiting mail due at once, of one account or of all, but for those that are under way; answers how many.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody but the operator; when the database is lost.
    pub async fn hurry_queued_mails(&self, ctx: &Context, account_id: Option<AccountId>) -> Result<u64, Error> {
        operator_only(ctx)?;
        let update = sqlx::query!(
            r#"
            update mail_outbox set next_attempt_at = $2
            where ($1::uuid is null or account_id = $1) and next_attempt_at > $2 and (claimed_until is null or claimed_until <= $2)
            "#,
            account_id.map(AccountId::uuid),
            ctx.at,
        );
        let hurried = update.execute(&self.pool).await?.rows_affected();
        self.mail_waits.notify_one();
        Ok(hurried)
    }
}
