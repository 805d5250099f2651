//! The outbox: a mail is written in the transaction that asks for it, and claimed by a sender.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{AccountId, DeliveryId, InvitationId, Role, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Changed, Commands, Context, Error, InvitationToken};

/// An invitation mail to be written into the outbox.
pub(crate) struct NewMail {
    pub(crate) changed: Changed,
    pub(crate) invitation_id: InvitationId,
    pub(crate) resent: bool,
}

/// Writes a mail into the outbox.
pub(crate) async fn enqueue(connection: &mut PgConnection, ctx: &Context, mail: &NewMail) -> Result<(), sqlx::Error> {
    let Changed { account_id, user_id, version } = mail.changed;
    let insert = sqlx::query!(
        r#"
        insert into mail_outbox (
            delivery_id, account_id, user_id, invitation_id, resent, invited_by, cause, request_id, created_at, next_attempt_at
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
        "#,
        Uuid::now_v7(),
        account_id.uuid(),
        user_id.uuid(),
        mail.invitation_id.uuid(),
        mail.resent,
        ctx.actor.user().map(UserId::uuid),
        format!("user/{user_id}/{version}"),
        ctx.request_id,
        ctx.at,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Writes several first mails into the outbox, in one statement.
pub(crate) async fn enqueue_all(connection: &mut PgConnection, ctx: &Context, mails: &[NewMail]) -> Result<(), sqlx::Error> {
    let column = |value: fn(&NewMail) -> Uuid| mails.iter().map(value).collect::<Vec<_>>();
    let causes: Vec<_> = mails.iter().map(|mail| format!("user/{}/{}", mail.changed.user_id, mail.changed.version)).collect();
    let resent: Vec<_> = mails.iter().map(|mail| mail.resent).collect();
    let insert = sqlx::query!(
        r#"
        insert into mail_outbox (
            delivery_id, account_id, user_id, invitation_id, resent, invited_by, cause, request_id, created_at, next_attempt_at
        )
        select m.delivery_id, m.account_id, m.user_id, m.invitation_id, m.resent, $1, m.cause, $2, $3, $3
        from unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::bool[], $9::text[])
            as m (delivery_id, account_id, user_id, invitation_id, resent, cause)
        "#,
        ctx.actor.user().map(UserId::uuid),
        ctx.request_id,
        ctx.at,
        &column(|_| Uuid::now_v7()),
        &column(|mail| mail.changed.account_id.uuid()),
        &column(|mail| mail.changed.user_id.uuid()),
        &column(|mail| mail.invitation_id.uuid()),
        &resent,
        &causes,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// An invitation mail that a sender has claimed, with all that it says as of this moment.
#[derive(Clone, Debug)]
pub struct WaitingMail {
    /// The same however often it is tried, so that a mail server can recognise it.
    pub delivery_id: DeliveryId,
    /// The account to join.
    pub account_id: AccountId,
    /// The name of the account.
    pub account_name: String,
    /// The account's part of the link.
    pub account_slug: String,
    /// The invited user.
    pub user_id: UserId,
    /// Where it is sent, in the form for sending: ASCII, lower case.
    pub to: String,
    /// The role that waits for them.
    pub role: Role,
    /// Who invites: their name, or their address when they have none; `None` when it is the operator.
    pub inviter: Option<String>,
    /// The invitation.
    pub invitation_id: InvitationId,
    /// What the link ends with.
    pub token: InvitationToken,
    /// From this instant on the link is dead.
    pub expires_at: DateTime<Utc>,
    /// Whether an earlier link was sent before.
    pub resent: bool,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// The event that asks for it.
    pub(super) cause: String,
    /// The request that caused that event.
    pub(super) request_id: Option<String>,
}

impl Commands {
    /// Claims up to `limit` mails that are due. Nobody else gets them before the lease is over, so a
    /// sender that dies loses none. Mails whose invitation can no longer be accepted are dropped.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn claim_mails(&self, at: DateTime<Utc>, lease: TimeDelta, limit: u32) -> Result<Vec<WaitingMail>, Error> {
        sqlx::query!(
            r#"
            delete from mail_outbox o
            using users u
            where u.id = o.user_id
                and o.next_attempt_at <= $1
                and (u.status <> 'invited' or u.invitation_id <> o.invitation_id)
            "#,
            at,
        )
        .execute(&self.pool)
        .await?;
        let rows = sqlx::query!(
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
                returning o.delivery_id, o.user_id, o.invitation_id, o.resent, o.invited_by, o.cause, o.request_id, o.attempts, o.created_at
            )
            select
                c.delivery_id, c.user_id, c.invitation_id as "invitation_id!", c.resent, c.cause, c.request_id, c.attempts, c.created_at,
                u.account_id, u.email_normalised, u.role, u.invitation_expires_at,
                a.name as account_name, a.slug as account_slug,
                coalesce(i.name, i.email) as inviter
            from claimed c
            join users u on u.id = c.user_id
            join accounts a on a.id = u.account_id
            left join users i on i.id = c.invited_by and i.account_id = u.account_id
            "#,
            at,
            at + lease,
            i64::from(limit),
        );
        let rows = rows.fetch_all(&self.pool).await?;
        let mut mails = Vec::with_capacity(rows.len());
        for row in rows {
            let (user_id, invitation_id) = (UserId::new(row.user_id), InvitationId::new(row.invitation_id));
            mails.push(WaitingMail {
                delivery_id: DeliveryId::new(row.delivery_id),
                account_id: AccountId::new(row.account_id),
                account_name: row.account_name,
                account_slug: row.account_slug,
                user_id,
                to: row.email_normalised,
                role: row.role.parse().map_err(|_| sqlx::Error::Decode("users.role holds no role".into()))?,
                inviter: row.inviter,
                invitation_id,
                token: self.tokens.invitation(user_id, invitation_id),
                expires_at: row.invitation_expires_at,
                resent: row.resent,
                asked_at: row.created_at,
                attempt: row.attempts.unsigned_abs(),
                cause: row.cause,
                request_id: row.request_id,
            });
        }
        Ok(mails)
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
