//! The mails that are due: a sender claims them, and puts back what did not go out.
//!
//! When a mail is due, and for how long a sender has it, goes by the clock of the database, which all senders share. When its link dies is
//! decided by the clock of the sender, as everywhere.

use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::MailPurpose;
use domain::{AccountId, BrandColor, DeliveryId, InvitationId, Language, PasswordResetId, Role, UserId};
use event_store::Lock;
use projections::users::note_failed_attempt;
use uuid::Uuid;

use crate::{Commands, Error, InvitationToken, PasswordResetToken};

/// A mail that a sender has claimed, with all that it says as of this moment.
#[derive(Clone, Debug)]
pub struct WaitingMail {
    /// The same however often it is tried, so that a mail server can recognise it.
    pub delivery_id: DeliveryId,
    /// The account that it is sent for.
    pub account_id: AccountId,
    /// The name of the account.
    pub account_name: String,
    /// The account's part of the link.
    pub account_slug: String,
    /// The color of the account.
    pub color: Option<BrandColor>,
    /// Whether the account has a logo.
    pub has_logo: bool,
    /// The language that it is written in.
    pub language: Language,
    /// The user whom it is sent to.
    pub user_id: UserId,
    /// Where it is sent, in the form for sending: ASCII, lower case.
    pub to: String,
    /// What it is for.
    pub letter: WaitingLetter,
    /// From this instant on it is given up: its link has expired, or the news is too old.
    pub expires_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// What the mail server said last, if it was tried before.
    pub last_reply: Option<String>,
    /// The event, or the operation, that asks for it.
    pub(super) cause: String,
    /// The request that caused that event.
    pub(super) request_id: Option<String>,
}

/// What a mail is for, and what only such a mail says.
#[derive(Clone, Debug)]
pub enum WaitingLetter {
    /// It invites into the account.
    Invitation {
        /// The invitation.
        invitation_id: InvitationId,
        /// What the link ends with.
        token: InvitationToken,
        /// The role that waits for them.
        role: Role,
        /// Who invites: their name, or their address when they have none; `None` when it is the operator.
        inviter: Option<String>,
        /// Whether an earlier link was sent before.
        resent: bool,
    },
    /// It lets them choose a new password.
    PasswordReset {
        /// What the link ends with.
        token: PasswordResetToken,
    },
    /// It says that their access was taken.
    AccessRemoved,
    /// It says that their access was given back.
    AccessRestored,
}

/// Which mails are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Those that are to be sent now, and those whose time is over.
    Now,
    /// Only those whose time is over: for a sender that cannot send.
    Expired,
}

/// An attempt that failed, and may succeed later.
#[derive(Clone, Copy, Debug)]
pub struct FailedAttempt<'a> {
    /// When it was made.
    pub at: DateTime<Utc>,
    /// After how long it is tried again; before that, it is given up when its time is over.
    pub pause: TimeDelta,
    /// What went wrong, for people: one line. May repeat the address.
    pub error: &'a str,
    /// What the mail server said.
    pub reply: &'a str,
}

/// A mail of which the outbox says nothing that could be sent. It stays claimed, and is looked at again after its lease.
#[derive(Debug, thiserror::Error)]
#[error("the waiting mail {delivery_id} cannot be read: {why}")]
pub struct Unreadable {
    /// The mail.
    pub delivery_id: DeliveryId,
    why: &'static str,
}

/// How many mails come back from their pause at most with each claim.
const WOKEN: i64 = 1_000;

/// A claimed row, with what it refers to.
struct ClaimedRow {
    delivery_id: Uuid,
    account_id: Uuid,
    account_name: String,
    account_slug: String,
    language: String,
    color: Option<String>,
    has_logo: bool,
    user_id: Uuid,
    email_normalised: String,
    purpose: String,
    invitation_id: Option<Uuid>,
    password_reset_id: Option<Uuid>,
    role: String,
    inviter: Option<String>,
    resent: bool,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    attempts: i32,
    last_reply: Option<String>,
    cause: String,
    request_id: Option<String>,
}

impl Commands {
    /// Claims up to `limit` mails that are due, in the order of their turns. No other sender gets them before the lease is over, so a sender
    /// that dies loses none. With every further claim the lease is twice as long, up to 32 times: a mail whose end cannot be recorded is
    /// not sent over and over. A mail whose time is over at `at` is left to the sender to say so.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim_mails(
        &self,
        at: DateTime<Utc>,
        lease: TimeDelta,
        limit: u32,
        due: Due,
    ) -> Result<Vec<Result<WaitingMail, Unreadable>>, Error> {
        self.wake_mails().await?;
        // One of the limits is zero. Both are sub-queries, so that the plan does not depend on them and is kept: making it takes longer than the claim.
        let rows = sqlx::query_as!(
            ClaimedRow,
            r#"
            with next as (
                select delivery_id
                from mail_outbox
                where next_attempt_at is null
                order by turn, lane, delivery_id
                limit (select $3::bigint)
                for update skip locked
            ), expired as (
                select delivery_id
                from mail_outbox
                where expires_at <= $1 and next_attempt_at is null
                order by expires_at
                limit (select $4::bigint)
                for update skip locked
            ), due as (
                select delivery_id from next union all select delivery_id from expired
            ), claimed as (
                update mail_outbox o
                set attempts = attempts + 1,
                    next_attempt_at = now() + make_interval(secs => $2 * power(2, least(attempts, 5))),
                    claimed_until = now() + make_interval(secs => $2 * power(2, least(attempts, 5)))
                where o.delivery_id = any(array(select delivery_id from due))
                returning
                    o.delivery_id, o.user_id, o.purpose, o.invitation_id, o.password_reset_id, o.resent, o.invited_by, o.cause,
                    o.request_id, o.attempts, o.last_reply, o.created_at, o.expires_at
            )
            select
                c.delivery_id, c.user_id, c.purpose, c.invitation_id, c.password_reset_id, c.resent, c.cause, c.request_id, c.attempts,
                c.last_reply, c.created_at, c.expires_at,
                u.account_id, u.email_normalised, u.role,
                a.name as account_name, a.slug as account_slug, a.language, a.color,
                a.logo_digest is not null as "has_logo!",
                coalesce(i.name, i.email) as inviter
            from claimed c
            join users u on u.id = c.user_id
            join accounts a on a.id = u.account_id
            left join users i on i.id = c.invited_by and i.account_id = u.account_id
            "#,
            at,
            lease.as_seconds_f64(),
            if due == Due::Now { i64::from(limit) } else { 0 },
            if due == Due::Expired { i64::from(limit) } else { 0 },
        );
        Ok(rows.fetch_all(&self.pool).await?.into_iter().map(|row| self.waiting_mail(row)).collect())
    }

    /// Lets mails whose pause or lease is over wait for their turn again.
    async fn wake_mails(&self) -> Result<(), Error> {
        let update = sqlx::query!(
            r#"
            update mail_outbox set next_attempt_at = null, claimed_until = null
            where delivery_id = any(array(
                select delivery_id from mail_outbox where next_attempt_at <= now() order by next_attempt_at limit $1 for update skip locked
            ))
            "#,
            WOKEN,
        );
        update.execute(&self.pool).await?;
        Ok(())
    }

    fn waiting_mail(&self, row: ClaimedRow) -> Result<WaitingMail, Unreadable> {
        let (delivery_id, user_id) = (DeliveryId::new(row.delivery_id), UserId::new(row.user_id));
        let unreadable = |why| Unreadable { delivery_id, why };
        let letter = match MailPurpose::find(&row.purpose).ok_or_else(|| unreadable("its purpose is unknown"))? {
            MailPurpose::Invitation => {
                let invitation_id = InvitationId::new(row.invitation_id.ok_or_else(|| unreadable("it carries no invitation"))?);
                WaitingLetter::Invitation {
                    invitation_id,
                    token: self.tokens.invitation(user_id, invitation_id),
                    role: row.role.parse().map_err(|_| unreadable("the user's role is unknown"))?,
                    inviter: row.inviter,
                    resent: row.resent,
                }
            }
            MailPurpose::PasswordReset => {
                let id = PasswordResetId::new(row.password_reset_id.ok_or_else(|| unreadable("it carries no link"))?);
                WaitingLetter::PasswordReset { token: self.tokens.password_reset(user_id, id) }
            }
            MailPurpose::AccessRemoved => WaitingLetter::AccessRemoved,
            MailPurpose::AccessRestored => WaitingLetter::AccessRestored,
        };
        Ok(WaitingMail {
            delivery_id,
            account_id: AccountId::new(row.account_id),
            account_name: row.account_name,
            account_slug: row.account_slug,
            // The words of a language that a newer server writes are not known here.
            language: Language::find(&row.language).unwrap_or_default(),
            color: row.color.and_then(|color| BrandColor::parse(&color).ok()),
            has_logo: row.has_logo,
            user_id,
            to: row.email_normalised,
            letter,
            expires_at: row.expires_at,
            asked_at: row.created_at,
            attempt: row.attempts.unsigned_abs(),
            last_reply: row.last_reply,
            cause: row.cause,
            request_id: row.request_id,
        })
    }

    /// Puts a claimed mail back whose attempt failed.
    ///
    /// # Errors
    /// When the database is lost; the mail is then due again after its lease.
    pub async fn retry_mail(&self, mail: &WaitingMail, failed: &FailedAttempt<'_>) -> Result<(), Error> {
        let mut transaction = self.pool.begin().await?;
        if let WaitingLetter::Invitation { invitation_id, .. } = mail.letter {
            // Every command that writes the row of a user has this lock, also where there is no event.
            Lock::User { user_id: mail.user_id }.take(&mut transaction).await?;
            let (account_id, user_id) = (mail.account_id, mail.user_id);
            note_failed_attempt(&mut transaction, account_id, user_id, invitation_id, mail.attempt, failed.error, failed.at).await?;
        }
        // If the lease is over and another sender has the mail, the row is left to that sender.
        let update = sqlx::query!(
            r#"
            update mail_outbox
            set next_attempt_at = clock_timestamp() + make_interval(secs => $3), claimed_until = null, last_error = $4, last_reply = $5
            where delivery_id = $1 and attempts = $2
            "#,
            mail.delivery_id.uuid(),
            mail.attempt_number(),
            failed.pause.min(mail.expires_at - failed.at).max(TimeDelta::zero()).as_seconds_f64(),
            failed.error,
            failed.reply,
        );
        update.execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Gives a claimed mail back that was not handed over as far as is known, as when its sender stops: it is due at once.
    ///
    /// # Errors
    /// When the database is lost; the mail is then due again after its lease.
    pub async fn release_mail(&self, mail: &WaitingMail) -> Result<(), Error> {
        let update = sqlx::query!(
            "update mail_outbox set next_attempt_at = null, claimed_until = null where delivery_id = $1 and attempts = $2",
            mail.delivery_id.uuid(),
            mail.attempt_number(),
        );
        update.execute(&self.pool).await?;
        Ok(())
    }
}

impl WaitingMail {
    fn attempt_number(&self) -> i32 {
        i32::try_from(self.attempt).unwrap_or(i32::MAX)
    }
}
