//! What became of a mail, as history remembers it.

use chrono::{DateTime, Utc};
use domain::delivery::{Delivery, DeliveryCommand, FailureReason, MailPurpose};
use domain::{AccountId, Actor, InvitationId};

use super::{WaitingLetter, WaitingMail};
use crate::{Commands, Context, Error};

impl WaitingLetter {
    /// What history says it was for.
    const fn purpose(&self) -> (MailPurpose, Option<InvitationId>) {
        match self {
            Self::Invitation { invitation_id, .. } => (MailPurpose::Invitation, Some(*invitation_id)),
            Self::PasswordReset { .. } => (MailPurpose::PasswordReset, None),
        }
    }
}

impl Commands {
    /// Records that a mail server took a mail.
    ///
    /// # Errors
    /// When the database is lost; the mail is then sent once more, under the same Message-ID.
    pub async fn record_mail_sent(&self, mail: &WaitingMail, at: DateTime<Utc>) -> Result<(), Error> {
        let (&WaitingMail { account_id, user_id, .. }, (purpose, invitation_id)) = (mail, mail.letter.purpose());
        self.record_mail(mail, at, DeliveryCommand::RecordSent { account_id, user_id, invitation_id, purpose }).await
    }

    /// Records that a mail is given up, with what the mail server said last.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn record_mail_failed(&self, mail: &WaitingMail, at: DateTime<Utc>, reason: FailureReason, reply: &str) -> Result<(), Error> {
        let (&WaitingMail { account_id, user_id, .. }, (purpose, invitation_id)) = (mail, mail.letter.purpose());
        let reply = reply.to_owned();
        self.record_mail(mail, at, DeliveryCommand::RecordFailed { account_id, user_id, invitation_id, purpose, reason, reply }).await
    }

    async fn record_mail(&self, mail: &WaitingMail, at: DateTime<Utc>, command: DeliveryCommand) -> Result<(), Error> {
        let ctx = Context::new(Actor::System, mail.request_id.clone(), at);
        self.retrying(|| self.record_mail_once(&ctx, mail, command.clone())).await
    }

    async fn record_mail_once(&self, ctx: &Context, mail: &WaitingMail, command: DeliveryCommand) -> Result<(), Error> {
        let account_id: AccountId = mail.account_id;
        let mut work = self.begin(ctx, &mail.cause).await?;
        let mut delivery = work.load::<Delivery>(account_id, mail.delivery_id).await?;
        delivery.person = self.store.find_person(work.connection(), account_id, mail.user_id).await?;
        work.decide(account_id, mail.delivery_id, &mut delivery, command)?;
        work.remember().await?;
        let delete = sqlx::query!("delete from mail_outbox where delivery_id = $1", mail.delivery_id.uuid());
        delete.execute(work.connection()).await?;
        work.commit().await
    }
}
