//! What follows from events, in the same transaction: read models, mails, and what gives access without being an event.
//!
//! Only this file knows it. A command decides events and hands over its secrets; [`Effects::write`] does the rest. Read models, mails and counters
//! are parts of the statement that appends the events. What few commands write follows in statements of its own.

use chrono::{DateTime, Utc};
use domain::delivery::MailPurpose;
use domain::user::UserEvent;
use domain::{AccountId, UserId};
use event_store::Writes;
use sqlx::PgConnection;

use super::changes::{Changes, DecidedUser, NewLogo};
use super::decided::Decided;
use crate::mail::outbox::{self, AskedMail, NewMail};
use crate::passwords::resets;
use crate::providers::{delete_provider_sign_ins, end_choices, use_choice};
use crate::{Changed, Commands, Error, credentials, idempotency, logos};

/// Commands whose events are being appended, and whose changes are being written.
pub(super) struct Effects<'a> {
    pub(super) commands: &'a Commands,
    pub(super) connection: &'a mut PgConnection,
}

impl Effects<'_> {
    /// Writes what was to be written so far, and everything that follows from the changes, in the order of the commands. Answers whether mail waits
    /// now.
    ///
    /// # Errors
    /// Refusals that show only when it is written: those of constraints, `ProviderSignInFailed`, `InvitationLimitReached`. The transaction must not be committed then.
    pub(super) async fn write(&mut self, mut writes: Writes, decided: &[Decided]) -> Result<bool, Error> {
        let appended: Vec<_> = decided.iter().flat_map(|one| one.changes.appended(one.account_id(), one.ctx().at)).collect();
        projections::project(self.connection, &mut writes, &appended).await.map_err(event_store::Error::from)?;
        let has_mail = write_mails(&mut writes, decided);
        let invitations = decided.iter().map(|one| (one.ctx(), one.changes.invitations()));
        self.commands.write_and_count_invitations(self.connection, &mut writes, invitations).await?;
        for one in decided {
            self.end_what_goes_with(one).await?;
            self.write_secrets(one).await?;
        }
        for one in decided {
            if let Some((token_hash, user_id)) = &one.changes.secrets.used_choice {
                use_choice(self.connection, token_hash, *user_id, one.ctx().at).await?;
            }
        }
        Ok(has_mail)
    }

    /// Ends what else gives access: passwords, links for new ones, open choices of an account. What is allowed again later starts over, so
    /// no old password and no old link comes back with it. An erasure also destroys the key and deletes what requests left behind.
    /// Each kind is one statement for all users of a command, except erasures.
    async fn end_what_goes_with(&mut self, decided: &Decided) -> Result<(), Error> {
        let account_id = decided.account_id();
        let mut choices = decided.changes.secrets.ended_choices.clone();
        let (mut passwords, mut resets) = (vec![], vec![]);
        for (user_id, user) in &decided.changes.users {
            if user.events.iter().any(|event| matches!(event, UserEvent::Erased {})) {
                self.commands.store.destroy_person(self.connection, account_id, *user_id, decided.ctx().at).await?;
                delete_provider_sign_ins(self.connection, *user_id).await?;
                idempotency::delete_records_of(self.connection, account_id, *user_id).await?;
            } else if user.events.iter().any(UserEvent::ends_sessions) {
                choices.push(*user_id);
            }
            passwords.extend(user.events.iter().any(UserEvent::ends_password).then_some(*user_id));
            resets.extend(user.ends_resets().then_some(*user_id));
        }
        if !choices.is_empty() {
            end_choices(self.connection, &choices).await?;
        }
        if !passwords.is_empty() {
            credentials::delete_passwords(self.connection, account_id, &passwords).await?;
        }
        if !resets.is_empty() {
            resets::delete_resets(self.connection, account_id, &resets).await?;
        }
        Ok(())
    }

    async fn write_secrets(&mut self, decided: &Decided) -> Result<(), Error> {
        let (account_id, at, secrets) = (decided.account_id(), decided.ctx().at, &decided.changes.secrets);
        for (user_id, hash) in &secrets.passwords {
            credentials::set_password(self.connection, account_id, *user_id, hash, at).await?;
        }
        for reset in &secrets.resets {
            resets::insert_reset(self.connection, account_id, reset.user_id, reset.id, at).await?;
        }
        match &secrets.logo {
            Some(NewLogo::File(logo, content)) => logos::write_logo(self.connection, account_id, logo, content).await?,
            Some(NewLogo::None) => logos::delete_logo(self.connection, account_id).await?,
            None => {}
        }
        Ok(())
    }
}

/// Takes the mails out of the outbox that became needless, and puts in those that are asked for. Answers whether there are such.
fn write_mails(writes: &mut Writes, decided: &[Decided]) -> bool {
    let sent: Vec<_> = decided.iter().flat_map(|one| one.changes.deliveries.iter().map(|(id, _)| *id)).collect();
    outbox::delete_ended(writes, &sent);
    let (mut needless, mut asked) = (vec![], vec![]);
    for one in decided {
        let mails = one.changes.mails(one.account_id(), one.ctx().at);
        // A mail that a command before asks for is not sent either.
        asked.retain(|asked: &AskedMail<'_>| !mails.needless.iter().any(|needless| asked.mail.is(*needless)));
        needless.extend(mails.needless);
        asked.extend(mails.asked.into_iter().map(|mail| AskedMail { mail, ctx: one.ctx(), lane: one.changes.lane }));
    }
    outbox::cancel(writes, &needless);
    outbox::enqueue(writes, &asked);
    !asked.is_empty()
}

/// The mails that changes ask for, and those that wait and that they make needless.
struct Mails {
    needless: Vec<(AccountId, UserId, MailPurpose)>,
    asked: Vec<NewMail>,
}

impl Changes {
    fn mails(&self, account_id: AccountId, at: DateTime<Utc>) -> Mails {
        let (mut needless, mut asked) = (vec![], vec![]);
        for (user_id, user) in &self.users {
            let subject = Changed { account_id, user_id: *user_id, version: user.version, caused: 0 };
            let mut own: Vec<NewMail> = vec![];
            for event in &user.events {
                let ended = outbox::made_needless_by(event);
                own.retain(|mail| !ended.contains(&mail.purpose()));
                needless.extend(ended.iter().filter(|_| !user.is_new).map(|purpose| (account_id, *user_id, *purpose)));
                own.extend(NewMail::asked_for_by(event, subject, user.had_access, at));
            }
            asked.extend(own);
            if user.ends_resets() {
                needless.push((account_id, *user_id, MailPurpose::PasswordReset));
            }
        }
        let mailed = self.secrets.resets.iter().filter(|reset| reset.is_mailed);
        asked.extend(mailed.map(|reset| NewMail::password_reset(account_id, reset.user_id, reset.id, resets::expiry(at))));
        Mails { needless, asked }
    }

    /// How many invitations are sent.
    pub(super) fn invitations(&self) -> usize {
        let sends = |event: &&UserEvent| matches!(event, UserEvent::Invited { .. } | UserEvent::InvitationResent { .. });
        self.users.iter().flat_map(|(_, user)| &user.events).filter(sends).count()
    }
}

impl DecidedUser {
    /// Whether the links for a new password end. A user who had no access has none that were opened since.
    fn ends_resets(&self) -> bool {
        self.events.iter().any(|event| match event {
            UserEvent::PasswordSet {} => self.had_access,
            UserEvent::Deactivated {} => true,
            other => other.ends_password(),
        })
    }
}
