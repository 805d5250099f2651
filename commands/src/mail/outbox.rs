//! The outbox: a mail is written in the transaction that asks for it, and deleted by what makes it needless.
//!
//! Mails are sent in the order of their turns, so that no account and no list of thousands delays the others. The mails of an account take
//! rising turns in two lanes, those of a lane by its [step](Lane::step). A mail whose lane is empty takes the turn that is sent next.

use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::MailPurpose;
use domain::user::UserEvent;
use domain::{AccountId, DeliveryId, InvitationId, PasswordResetId, UserId};
use event_store::{Writes, add_write};
use uuid::Uuid;

use crate::{Changed, Context};

/// For how long users are told that their access was taken or given back.
const MAX_AGE_OF_ACCESS_MAIL: TimeDelta = TimeDelta::hours(72);

/// A mail to be written into the outbox.
pub(crate) struct NewMail {
    account_id: AccountId,
    user_id: UserId,
    letter: NewLetter,
    /// The event, or the operation, that asks for it.
    cause: String,
    /// From this instant on it is given up.
    expires_at: DateTime<Utc>,
}

/// Whether a mail is asked for by itself or with many others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lane {
    /// By itself: its receiver waits for it.
    #[default]
    Single,
    /// With others, as by `inviteUsers`.
    Bulk,
}

impl Lane {
    const fn number(self) -> i16 {
        match self {
            Self::Single => 0,
            Self::Bulk => 1,
        }
    }

    /// By how many turns the mails of an account follow each other. While both lanes wait, eight single mails are sent for one of a list.
    const fn step(self) -> i64 {
        match self {
            Self::Single => 1,
            Self::Bulk => 8,
        }
    }
}

enum NewLetter {
    Invitation { id: InvitationId, resent: bool },
    PasswordReset(PasswordResetId),
    AccessRemoved,
    AccessRestored,
}

impl NewMail {
    /// The mail that something which happened to a user asks for, if it asks for one: the user is `changed` by it, and had access before
    /// or not.
    pub(crate) fn asked_for_by(event: &UserEvent, changed: Changed, had_access: bool, at: DateTime<Utc>) -> Option<Self> {
        let (letter, expires_at) = match event {
            UserEvent::Invited { invitation_id, expires_at, .. } => {
                (NewLetter::Invitation { id: *invitation_id, resent: false }, *expires_at)
            }
            UserEvent::InvitationResent { invitation_id, expires_at } => {
                (NewLetter::Invitation { id: *invitation_id, resent: true }, *expires_at)
            }
            UserEvent::Deactivated {} => (NewLetter::AccessRemoved, at + MAX_AGE_OF_ACCESS_MAIL),
            UserEvent::Deleted {} if had_access => (NewLetter::AccessRemoved, at + MAX_AGE_OF_ACCESS_MAIL),
            UserEvent::Activated {} => (NewLetter::AccessRestored, at + MAX_AGE_OF_ACCESS_MAIL),
            _ => return None,
        };
        let Changed { account_id, user_id, version, .. } = changed;
        Some(Self { account_id, user_id, letter, cause: format!("user/{user_id}/{version}"), expires_at })
    }

    /// The mail with a link for a new password. No event asks for it, but an operation.
    pub(crate) fn password_reset(account_id: AccountId, user_id: UserId, id: PasswordResetId, expires_at: DateTime<Utc>) -> Self {
        Self { account_id, user_id, letter: NewLetter::PasswordReset(id), cause: "requestPasswordReset".to_owned(), expires_at }
    }

    pub(crate) const fn purpose(&self) -> MailPurpose {
        match self.letter {
            NewLetter::Invitation { .. } => MailPurpose::Invitation,
            NewLetter::PasswordReset(_) => MailPurpose::PasswordReset,
            NewLetter::AccessRemoved => MailPurpose::AccessRemoved,
            NewLetter::AccessRestored => MailPurpose::AccessRestored,
        }
    }

    /// Whether it goes to this user for this purpose.
    pub(crate) fn is(&self, (account_id, user_id, purpose): (AccountId, UserId, MailPurpose)) -> bool {
        self.account_id == account_id && self.user_id == user_id && self.purpose() == purpose
    }

    const fn invitation_id(&self) -> Option<InvitationId> {
        if let NewLetter::Invitation { id, .. } = self.letter { Some(id) } else { None }
    }

    const fn password_reset_id(&self) -> Option<PasswordResetId> {
        if let NewLetter::PasswordReset(id) = self.letter { Some(id) } else { None }
    }
}

/// A mail that a command asks for.
pub(crate) struct AskedMail<'a> {
    pub(crate) mail: NewMail,
    pub(crate) ctx: &'a Context,
    pub(crate) lane: Lane,
}

/// Writes mails into the outbox. They can be sent at once.
pub(crate) fn enqueue(writes: &mut Writes, asked: &[AskedMail<'_>]) {
    if asked.is_empty() {
        return;
    }
    let mails = || asked.iter().map(|asked| &asked.mail);
    let ids: Vec<_> = asked.iter().map(|_| Uuid::now_v7()).collect();
    let accounts: Vec<_> = mails().map(|mail| mail.account_id.uuid()).collect();
    let users: Vec<_> = mails().map(|mail| mail.user_id.uuid()).collect();
    let purposes: Vec<_> = mails().map(|mail| mail.purpose().as_str().to_owned()).collect();
    let invitations: Vec<_> = mails().map(|mail| mail.invitation_id().map(InvitationId::uuid)).collect();
    let resets: Vec<_> = mails().map(|mail| mail.password_reset_id().map(PasswordResetId::uuid)).collect();
    let resent: Vec<_> = mails().map(|mail| matches!(mail.letter, NewLetter::Invitation { resent: true, .. })).collect();
    let causes: Vec<_> = mails().map(|mail| mail.cause.clone()).collect();
    let expiries: Vec<_> = mails().map(|mail| mail.expires_at).collect();
    let inviters: Vec<_> = asked.iter().map(|asked| asked.ctx.actor.user().map(UserId::uuid)).collect();
    let requests: Vec<_> = asked.iter().map(|asked| asked.ctx.request_id.clone()).collect();
    let times: Vec<_> = asked.iter().map(|asked| asked.ctx.at).collect();
    let lanes: Vec<_> = asked.iter().map(|asked| asked.lane.number()).collect();
    let steps: Vec<_> = asked.iter().map(|asked| asked.lane.step()).collect();
    add_write!(
        writes,
        "enqueued",
        r"
        with asked as (
            select *
            from unnest(
                $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::bool[], $8::uuid[], $9::text[], $10::text[],
                $11::timestamptz[], $12::timestamptz[], $13::smallint[], $14::bigint[]
            ) with ordinality as asked (
                delivery_id, account_id, user_id, purpose, invitation_id, password_reset_id, resent, invited_by, cause, request_id,
                created_at, expires_at, lane, step, number
            )
        ),
        queues as (
            select
                queue.account_id,
                queue.lane,
                greatest(
                    coalesce((select min(ready.turn) from mail_outbox ready where ready.next_attempt_at is null), 0),
                    coalesce(
                        (
                            select max(own.turn) + queue.step
                            from mail_outbox own
                            where own.account_id = queue.account_id and own.lane = queue.lane
                        ),
                        0
                    )
                ) as turn
            from (select distinct account_id, lane, step from asked) as queue
        )
        insert into mail_outbox (
            delivery_id, account_id, user_id, purpose, invitation_id, password_reset_id, resent, invited_by, cause, request_id,
            created_at, expires_at, lane, turn
        )
        select
            m.delivery_id, m.account_id, m.user_id, m.purpose, m.invitation_id, m.password_reset_id, m.resent, m.invited_by, m.cause,
            m.request_id, m.created_at, m.expires_at, m.lane,
            q.turn + m.step * (row_number() over (partition by m.account_id, m.lane order by m.number) - 1)
        from asked m
        join queues q on q.account_id = m.account_id and q.lane = m.lane
        ",
        &ids,
        &accounts,
        &users,
        &purposes,
        &invitations as &[Option<Uuid>],
        &resets as &[Option<Uuid>],
        &resent,
        &inviters as &[Option<Uuid>],
        &causes,
        &requests as &[Option<String>],
        &times,
        &expiries,
        &lanes,
        &steps,
    );
}

/// Which mails an event makes needless. Those of links for a new password end with the links.
pub(crate) const fn made_needless_by(event: &UserEvent) -> &'static [MailPurpose] {
    match event {
        UserEvent::Accepted { .. } | UserEvent::InvitationResent { .. } => &[MailPurpose::Invitation],
        UserEvent::Deactivated {} => &[MailPurpose::AccessRestored],
        UserEvent::Activated {} => &[MailPurpose::AccessRemoved],
        UserEvent::Deleted {} | UserEvent::Left {} => &[MailPurpose::Invitation, MailPurpose::AccessRestored],
        UserEvent::Erased {} => &MailPurpose::ALL,
        _ => &[],
    }
}

/// Deletes the mails with these purposes that wait for these users. A mail that is being handed over at this moment may still arrive.
pub(crate) fn cancel(writes: &mut Writes, needless: &[(AccountId, UserId, MailPurpose)]) {
    if needless.is_empty() {
        return;
    }
    let accounts: Vec<_> = needless.iter().map(|(account_id, _, _)| account_id.uuid()).collect();
    let users: Vec<_> = needless.iter().map(|(_, user_id, _)| user_id.uuid()).collect();
    let purposes: Vec<_> = needless.iter().map(|(_, _, purpose)| purpose.as_str().to_owned()).collect();
    add_write!(
        writes,
        "cancelled",
        r"
        delete from mail_outbox o
        using unnest($1::uuid[], $2::uuid[], $3::text[]) as needless (account_id, user_id, purpose)
        where o.account_id = needless.account_id and o.user_id = needless.user_id and o.purpose = needless.purpose
        ",
        &accounts,
        &users,
        &purposes,
    );
}

/// Deletes mails that were sent or given up.
pub(crate) fn delete_ended(writes: &mut Writes, deliveries: &[DeliveryId]) {
    if deliveries.is_empty() {
        return;
    }
    let deliveries: Vec<_> = deliveries.iter().map(|id| id.uuid()).collect();
    add_write!(writes, "ended_deliveries", "delete from mail_outbox where delivery_id = any($1)", &deliveries);
}
