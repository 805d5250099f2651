//! The mails that are due: a sender claims them, and puts back what did not go out.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, DeliveryId, InvitationId, PasswordResetId, Role, UserId};
use sqlx::PgPool;
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
    /// The user whom it is sent to.
    pub user_id: UserId,
    /// Where it is sent, in the form for sending: ASCII, lower case.
    pub to: String,
    /// What it is for.
    pub letter: WaitingLetter,
    /// From this instant on the link is dead.
    pub expires_at: DateTime<Utc>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Which try this is, from 1.
    pub attempt: u32,
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
}

/// A claimed row, with what it refers to.
struct ClaimedRow {
    delivery_id: Uuid,
    account_id: Uuid,
    account_name: String,
    account_slug: String,
    user_id: Uuid,
    email_normalised: String,
    invitation_id: Option<Uuid>,
    password_reset_id: Option<Uuid>,
    role: String,
    inviter: Option<String>,
    resent: bool,
    expires_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    attempts: i32,
    cause: String,
    request_id: Option<String>,
}

impl Commands {
    /// Claims up to `limit` mails that are due. Nobody else gets them before the lease is over, so a
    /// sender that dies loses none. Mails whose link nobody can use any more are dropped; of an invitation that has only expired it
    /// is left to the sender to say so.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim_mails(&self, at: DateTime<Utc>, lease: TimeDelta, limit: u32) -> Result<Vec<WaitingMail>, Error> {
        drop_dead_mails(&self.pool, at).await?;
        // A link for a new password may be gone since: its mail is dropped the next time.
        let rows = sqlx::query_as!(
            ClaimedRow,
            r#"
            with due as (
                select delivery_id
                from mail_outbox
                where next_attempt_at <= $1
                order by next_attempt_at
                limit $3
                for update skip locked
            ), claimed as (
                update mail_outbox o set attempts = attempts + 1, next_attempt_at = $2
                from due
                where o.delivery_id = due.delivery_id
                returning
                    o.delivery_id, o.user_id, o.invitation_id, o.password_reset_id, o.resent, o.invited_by, o.cause, o.request_id,
                    o.attempts, o.created_at
            )
            select
                c.delivery_id, c.user_id, c.invitation_id, c.password_reset_id, c.resent, c.cause, c.request_id, c.attempts, c.created_at,
                u.account_id, u.email_normalised, u.role,
                coalesce(r.expires_at, u.invitation_expires_at) as "expires_at!",
                a.name as account_name, a.slug as account_slug,
                coalesce(i.name, i.email) as inviter
            from claimed c
            join users u on u.id = c.user_id
            join accounts a on a.id = u.account_id
            left join users i on i.id = c.invited_by and i.account_id = u.account_id
            left join password_resets r on r.id = c.password_reset_id
            where c.password_reset_id is null or r.id is not null
            "#,
            at,
            at + lease,
            i64::from(limit),
        );
        rows.fetch_all(&self.pool).await?.into_iter().map(|row| self.waiting_mail(row)).collect()
    }

    fn waiting_mail(&self, row: ClaimedRow) -> Result<WaitingMail, Error> {
        let user_id = UserId::new(row.user_id);
        let letter = match (row.invitation_id.map(InvitationId::new), row.password_reset_id.map(PasswordResetId::new)) {
            (Some(invitation_id), _) => WaitingLetter::Invitation {
                invitation_id,
                token: self.tokens.invitation(user_id, invitation_id),
                role: row.role.parse().map_err(|_| sqlx::Error::Decode("users.role holds no role".into()))?,
                inviter: row.inviter,
                resent: row.resent,
            },
            (None, Some(id)) => WaitingLetter::PasswordReset { token: self.tokens.password_reset(user_id, id) },
            (None, None) => return Err(sqlx::Error::Decode("a row of mail_outbox is for nothing".into()).into()),
        };
        Ok(WaitingMail {
            delivery_id: DeliveryId::new(row.delivery_id),
            account_id: AccountId::new(row.account_id),
            account_name: row.account_name,
            account_slug: row.account_slug,
            user_id,
            to: row.email_normalised,
            letter,
            expires_at: row.expires_at,
            asked_at: row.created_at,
            attempt: row.attempts.unsigned_abs(),
            cause: row.cause,
            request_id: row.request_id,
        })
    }

    /// Puts a claimed mail back, to be tried again at `next`.
    ///
    /// # Errors
    /// When the database is lost; the mail is then due again after its lease.
    pub async fn retry_mail_at(&self, mail: &WaitingMail, next: DateTime<Utc>, error: &'static str) -> Result<(), Error> {
        let update = sqlx::query!(
            "update mail_outbox set next_attempt_at = $2, last_error = $3 where delivery_id = $1",
            mail.delivery_id.uuid(),
            next,
            error,
        );
        update.execute(&self.pool).await?;
        Ok(())
    }
}

/// Drops the due mails whose invitation was accepted, replaced or revoked, and those whose link for a new password is gone or late.
async fn drop_dead_mails(pool: &PgPool, at: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let delete = sqlx::query!(
        r#"
        delete from mail_outbox o
        using users u
        where u.id = o.user_id
            and o.next_attempt_at <= $1
            and case o.purpose
                when 'invitation' then u.status <> 'invited' or u.invitation_id <> o.invitation_id
                else not exists (select from password_resets r where r.id = o.password_reset_id and r.expires_at > $1)
            end
        "#,
        at,
    );
    delete.execute(pool).await?;
    Ok(())
}
