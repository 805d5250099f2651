//! The outbox: a mail is written in the transaction that asks for it, and claimed by a sender.

use domain::{AccountId, InvitationId, PasswordResetId, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Changed, Context};

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

/// Writes the mail with a link for a new password into the outbox. No event asks for it, but an operation.
pub(crate) async fn enqueue_password_reset(
    connection: &mut PgConnection,
    ctx: &Context,
    account_id: AccountId,
    user_id: UserId,
    id: PasswordResetId,
) -> Result<(), sqlx::Error> {
    let insert = sqlx::query!(
        r#"
        insert into mail_outbox (
            delivery_id, account_id, user_id, purpose, password_reset_id, resent, cause, request_id, created_at, next_attempt_at
        )
        values ($1, $2, $3, 'password_reset', $4, false, 'requestPasswordReset', $5, $6, $6)
        "#,
        Uuid::now_v7(),
        account_id.uuid(),
        user_id.uuid(),
        id.uuid(),
        ctx.request_id,
        ctx.at,
    );
    insert.execute(connection).await?;
    Ok(())
}
