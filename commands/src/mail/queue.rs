//! What an operator sees of the outbox, and how they hurry it.

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::delivery::MailPurpose;
use event_store::MAX_COUNTED;
use uuid::Uuid;

use crate::permission::require_operator;
use crate::{Commands, Context, Error};

/// How many mails are hurried by one statement.
const HURRIED_AT_ONCE: i64 = 1_000;

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
    /// Not before this instant it is tried again, by the clock of the database; `None` when it can be sent now.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Whether a sender has it at this moment.
    pub is_under_way: bool,
    /// What went wrong at last, if it was tried.
    pub last_error: Option<String>,
}

/// A mail that waits, with what it refers to.
struct QueuedRow {
    slug: String,
    email: String,
    purpose: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    attempts: i32,
    next_attempt_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    is_under_way: bool,
}

/// Lists the mails of a page, which is found by an index.
macro_rules! select_queue {
    ($page:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            QueuedRow,
            "with page as (" + $page + ") "
                + "select a.slug, u.email, o.purpose, o.created_at, o.expires_at, o.attempts, o.last_error, "
                + "case when o.next_attempt_at > now() then o.next_attempt_at end as next_attempt_at, "
                + "coalesce(o.claimed_until > now(), false) as \"is_under_way!\" "
                + "from page p "
                + "join mail_outbox o on o.delivery_id = p.delivery_id "
                + "join users u on u.id = o.user_id "
                + "join accounts a on a.id = o.account_id "
                + "order by o.next_attempt_at nulls first, o.turn, o.lane, o.delivery_id "
                + "limit $1",
            $($argument),+
        )
    };
}

impl Commands {
    /// The first `limit` mails that wait, of one account or of all; and how many wait, counted up to [`MAX_COUNTED`]. Those that can be sent
    /// now come first, in their order, then those that are paused.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone except the operator; when the database is lost.
    pub async fn list_queued_mails(
        &self,
        ctx: &Context,
        account_id: Option<AccountId>,
        limit: u32,
    ) -> Result<(Vec<QueuedMail>, u32), Error> {
        require_operator(ctx)?;
        let limit = i64::from(limit);
        let rows = if let Some(account_id) = account_id {
            let rows = select_queue!(
                "select delivery_id from mail_outbox where account_id = $2 order by lane, turn, delivery_id limit $1",
                limit,
                account_id.uuid()
            );
            rows.fetch_all(&self.pool).await?
        } else {
            let rows = select_queue!(
                "(select delivery_id from mail_outbox where next_attempt_at is null order by turn, lane, delivery_id limit $1) \
                     union all \
                     (select delivery_id from mail_outbox where next_attempt_at is not null order by next_attempt_at limit $1)",
                limit
            );
            rows.fetch_all(&self.pool).await?
        };
        let mails = rows.into_iter().map(QueuedMail::try_from).collect::<Result<_, sqlx::Error>>()?;
        Ok((mails, self.count_queued_mails(account_id).await?))
    }

    async fn count_queued_mails(&self, account_id: Option<AccountId>) -> Result<u32, Error> {
        let limit = i64::from(MAX_COUNTED);
        let count = if let Some(account_id) = account_id {
            let count = sqlx::query_scalar!(
                r#"
                    select count(*) as "count!"
                    from (select from mail_outbox where account_id = $1 order by lane, turn, delivery_id limit $2) counted
                    "#,
                account_id.uuid(),
                limit,
            );
            count.fetch_one(&self.pool).await?
        } else {
            let count = sqlx::query_scalar!(
                r#"select count(*) as "count!" from (select from mail_outbox order by delivery_id limit $1) counted"#,
                limit,
            );
            count.fetch_one(&self.pool).await?
        };
        Ok(u32::try_from(count).unwrap_or(MAX_COUNTED))
    }

    /// Makes every paused mail due at once, of one account or of all, except those that are under way; answers how many. Each statement
    /// changes 1,000 at most.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everyone except the operator; when the database is lost: then some are due.
    pub async fn hurry_queued_mails(&self, ctx: &Context, account_id: Option<AccountId>) -> Result<u64, Error> {
        require_operator(ctx)?;
        let hurried = match account_id {
            Some(account_id) => self.hurry_mails_of(account_id).await?,
            None => self.hurry_all_mails().await?,
        };
        self.mail_waits.notify_one();
        Ok(hurried)
    }

    async fn hurry_all_mails(&self) -> Result<u64, Error> {
        let mut hurried = 0;
        loop {
            let update = sqlx::query!(
                r#"
                update mail_outbox set next_attempt_at = null
                where delivery_id = any(array(
                    select delivery_id
                    from mail_outbox
                    where next_attempt_at > now() and (claimed_until is null or claimed_until <= now())
                    order by next_attempt_at
                    limit $1
                    for update skip locked
                ))
                "#,
                HURRIED_AT_ONCE,
            );
            let rows = update.execute(&self.pool).await?.rows_affected();
            hurried += rows;
            if rows < HURRIED_AT_ONCE.unsigned_abs() {
                return Ok(hurried);
            }
        }
    }

    /// Walks the mails of the account in pages: those that are paused lie anywhere between the others.
    async fn hurry_mails_of(&self, account_id: AccountId) -> Result<u64, Error> {
        let (mut hurried, mut after) = (0, (-1_i16, 0_i64, Uuid::nil()));
        loop {
            let page = sqlx::query!(
                r#"
                select delivery_id, lane, turn
                from mail_outbox
                where account_id = $1 and (lane, turn, delivery_id) > ($2, $3, $4)
                order by lane, turn, delivery_id
                limit $5
                "#,
                account_id.uuid(),
                after.0,
                after.1,
                after.2,
                HURRIED_AT_ONCE,
            );
            let page = page.fetch_all(&self.pool).await?;
            let Some(last) = page.last() else { return Ok(hurried) };
            after = (last.lane, last.turn, last.delivery_id);
            let ids: Vec<_> = page.iter().map(|row| row.delivery_id).collect();
            let update = sqlx::query!(
                r#"
                update mail_outbox set next_attempt_at = null
                where delivery_id = any($1) and next_attempt_at > now() and (claimed_until is null or claimed_until <= now())
                "#,
                &ids,
            );
            hurried += update.execute(&self.pool).await?.rows_affected();
        }
    }
}

impl TryFrom<QueuedRow> for QueuedMail {
    type Error = sqlx::Error;

    fn try_from(row: QueuedRow) -> Result<Self, sqlx::Error> {
        let unknown = || sqlx::Error::Decode("mail_outbox.purpose holds no purpose".into());
        Ok(Self {
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
    }
}
