//! What follows from events, in the same transaction: read models, mails, and what gives access without being an event.
//!
//! Only this file knows it. A command decides events and hands over its secrets; [`write`] does the rest.

use domain::delivery::MailPurpose;
use domain::user::UserEvent;
use domain::{AccountId, UserId};
use sqlx::PgConnection;

use super::changes::{Changes, DecidedUser, Secrets};
use crate::mail::outbox::{self, NewMail};
use crate::passwords::resets;
use crate::providers::{delete_provider_sign_ins, end_choices, use_choice};
use crate::{Changed, Commands, Context, Error, credentials, idempotency};

/// A command whose events are appended, and whose changes are being written.
pub(super) struct Effects<'a> {
    pub(super) commands: &'a Commands,
    pub(super) connection: &'a mut PgConnection,
    pub(super) ctx: &'a Context,
    pub(super) account_id: AccountId,
}

impl Effects<'_> {
    /// Writes everything that follows from the changes. Answers whether mail waits now.
    ///
    /// # Errors
    /// Refusals that show only when it is written: those of constraints, `ProviderSignInFailed`, `InvitationLimitReached`. The transaction must not be committed then.
    pub(super) async fn write(&mut self, changes: &Changes) -> Result<bool, Error> {
        projections::project(self.connection, &changes.appended(self.account_id, self.ctx.at)).await?;
        for (user_id, user) in &changes.users {
            self.end_what_goes_with(*user_id, user).await?;
        }
        self.write_secrets(&changes.secrets).await?;
        let has_mail = self.write_mails(changes).await?;
        if let Some((token_hash, user_id)) = &changes.secrets.used_choice {
            use_choice(self.connection, token_hash, *user_id, self.ctx.at).await?;
        }
        Ok(has_mail)
    }

    /// Ends what else gives access: passwords, links for new ones, open choices of an account. What is allowed again later starts over, so
    /// no old password and no old link comes back with it. An erasure also destroys the key and deletes what requests left behind.
    async fn end_what_goes_with(&mut self, user_id: UserId, user: &DecidedUser) -> Result<(), Error> {
        let account_id = self.account_id;
        if user.events.iter().any(|event| matches!(event, UserEvent::Erased {})) {
            self.commands.store.destroy_person(self.connection, account_id, user_id, self.ctx.at).await?;
            delete_provider_sign_ins(self.connection, user_id).await?;
            idempotency::delete_records_of(self.connection, account_id, user_id).await?;
        } else if user.events.iter().any(UserEvent::ends_sessions) {
            end_choices(self.connection, user_id).await?;
        }
        if user.events.iter().any(UserEvent::ends_password) {
            credentials::delete_password(self.connection, account_id, user_id).await?;
        }
        if user.ends_resets() {
            resets::delete_resets(self.connection, account_id, user_id).await?;
        }
        Ok(())
    }

    async fn write_secrets(&mut self, secrets: &Secrets) -> Result<(), Error> {
        let Self { account_id, ctx: &Context { at, .. }, .. } = *self;
        for user_id in &secrets.ended_choices {
            end_choices(self.connection, *user_id).await?;
        }
        for (user_id, hash) in &secrets.passwords {
            credentials::set_password(self.connection, account_id, *user_id, hash, at).await?;
        }
        for reset in &secrets.resets {
            resets::insert_reset(self.connection, account_id, reset.user_id, reset.id, at).await?;
        }
        Ok(())
    }

    /// Takes the mails out of the outbox that became needless, and puts in those that are asked for.
    async fn write_mails(&mut self, changes: &Changes) -> Result<bool, Error> {
        let Self { account_id, ctx, .. } = *self;
        let sent: Vec<_> = changes.deliveries.iter().map(|(id, _)| *id).collect();
        if !sent.is_empty() {
            outbox::delete_ended(self.connection, &sent).await?;
        }
        let (mut needless, mut wanted) = (vec![], vec![]);
        for (user_id, user) in &changes.users {
            let subject = Changed { account_id, user_id: *user_id, version: user.version };
            let mut own: Vec<NewMail> = vec![];
            for event in &user.events {
                let ended = outbox::made_needless_by(event);
                own.retain(|mail| !ended.contains(&mail.purpose()));
                needless.extend(ended.iter().filter(|_| !user.is_new).map(|purpose| (*user_id, *purpose)));
                own.extend(NewMail::asked_for_by(event, subject, user.had_access, ctx.at));
            }
            wanted.extend(own);
            if user.ends_resets() {
                needless.push((*user_id, MailPurpose::PasswordReset));
            }
        }
        let mailed = changes.secrets.resets.iter().filter(|reset| reset.is_mailed);
        wanted.extend(mailed.map(|reset| NewMail::password_reset(account_id, reset.user_id, reset.id, resets::expiry(ctx.at))));
        if !needless.is_empty() {
            outbox::cancel(self.connection, account_id, &needless).await?;
        }
        if !wanted.is_empty() {
            outbox::enqueue(self.connection, ctx, changes.lane, &wanted).await?;
        }
        Ok(!wanted.is_empty())
    }
}

impl Changes {
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
