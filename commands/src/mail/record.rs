//! What became of a mail, as an event.

use chrono::{DateTime, Utc};
use domain::delivery::{Delivery, DeliveryCommand, FailureReason, MailPurpose, Mailed};
use domain::{DeliveryId, Personal, UserId};

use super::{WaitingLetter, WaitingMail};
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler};
use crate::{Commands, Error};

impl WaitingMail {
    /// What history says of it, tried so often.
    const fn mailed(&self, attempts: u32) -> Mailed {
        let (purpose, invitation_id) = match self.letter {
            WaitingLetter::Invitation { invitation_id, .. } => (MailPurpose::Invitation, Some(invitation_id)),
            WaitingLetter::PasswordReset { .. } => (MailPurpose::PasswordReset, None),
            WaitingLetter::AccessRemoved => (MailPurpose::AccessRemoved, None),
            WaitingLetter::AccessRestored => (MailPurpose::AccessRestored, None),
        };
        Mailed { account_id: self.account_id, user_id: self.user_id, invitation_id, purpose, attempts }
    }
}

impl Commands {
    /// Records that a mail server took a mail.
    ///
    /// # Errors
    /// When the database is lost; the mail is then sent once more, under the same Message-ID.
    pub async fn record_mail_sent(&self, mail: &WaitingMail, at: DateTime<Utc>) -> Result<(), Error> {
        self.record_mail(mail, at, DeliveryCommand::RecordSent(mail.mailed(mail.attempt))).await
    }

    /// Records that a mail is given up at this attempt, with what the mail server said last.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn record_mail_failed(&self, mail: &WaitingMail, at: DateTime<Utc>, reason: FailureReason, reply: &str) -> Result<(), Error> {
        self.record_failure(mail, at, mail.attempt, reason, reply).await
    }

    /// Records that a mail is given up because its time is over, without another attempt.
    ///
    /// # Errors
    /// When the database is lost.
    pub async fn record_mail_expired(&self, mail: &WaitingMail, at: DateTime<Utc>, reason: FailureReason) -> Result<(), Error> {
        // This claim was to say so: it was no attempt.
        self.record_failure(mail, at, mail.attempt.saturating_sub(1), reason, mail.last_reply.as_deref().unwrap_or_default()).await
    }

    async fn record_failure(
        &self,
        mail: &WaitingMail,
        at: DateTime<Utc>,
        attempts: u32,
        reason: FailureReason,
        reply: &str,
    ) -> Result<(), Error> {
        let command = DeliveryCommand::RecordFailed { mail: mail.mailed(attempts), reason, reply: Personal::Known(reply.to_owned()) };
        self.record_mail(mail, at, command).await
    }

    async fn record_mail(&self, mail: &WaitingMail, at: DateTime<Utc>, command: DeliveryCommand) -> Result<(), Error> {
        let permit = Permit::for_system(mail.account_id, &mail.cause, mail.request_id.clone(), at);
        self.run(
            Claims::of(&permit).user(mail.user_id).stream::<Delivery>(mail.delivery_id),
            RecordMail { delivery_id: mail.delivery_id, user_id: mail.user_id, command },
        )
        .await
    }
}

struct RecordMail {
    delivery_id: DeliveryId,
    user_id: UserId,
    command: DeliveryCommand,
}

impl Handler<()> for RecordMail {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        let mut command = self.command.clone();
        let mut delivery = work.load::<Delivery>(self.delivery_id).await?;
        let person = work.find_person(self.user_id).await?;
        // Nothing personal is recorded about a user who was erased while their mail was on its way.
        if let DeliveryCommand::RecordFailed { reply, .. } = &mut command
            && person.is_erased()
        {
            *reply = Personal::Erased;
        }
        delivery.person = Some(person);
        work.decide(&mut delivery, command)?;
        Ok(())
    }
}
