//! A user as their events add up to, without any table: for versions of the past, for comparing, and for replays.

use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::DeliveryEvent;
use domain::session::SessionEvent;
use domain::user::{Status, UserEvent};
use domain::{AccountId, AuthMethods, EmailAddress, Personal, UserId};

use super::delivery::{DeliveryState, InvitationDelivery, outcome_of};
use super::row::UserRow;
use super::view::UserView;
use crate::AnyEvent;

/// A user as their events add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoldedUser {
    /// What readers see.
    pub view: UserView,
    /// Every session that started before this instant is over.
    pub sessions_valid_from: DateTime<Utc>,
}

impl FoldedUser {
    /// Begins with an invitation; `None` when the event is another.
    #[must_use]
    pub fn begin(account_id: AccountId, id: UserId, event: &UserEvent, at: DateTime<Utc>) -> Option<Self> {
        let UserEvent::Invited { email, role, auth_methods, invitation_id, expires_at, .. } = event else { return None };
        let view = UserView {
            account_id,
            id,
            version: 1,
            email: text(email, EmailAddress::as_given),
            email_normalised: text(email, EmailAddress::normalised),
            name: None,
            role: *role,
            status: Status::Invited,
            auth_methods: listed(auth_methods),
            created_at: at,
            last_active_at: None,
            invitation_id: *invitation_id,
            invitation_sent_at: at,
            invitation_expires_at: *expires_at,
            delivery: InvitationDelivery::default(),
            erased_at: None,
        };
        Some(Self { view, sessions_valid_from: at })
    }

    /// Goes on with what happened to them next. Answers whether readers see it.
    pub fn apply(&mut self, happened: &AnyEvent, sequence: i64, at: DateTime<Utc>) -> bool {
        match happened {
            AnyEvent::User(event) => {
                self.view.version = sequence.unsigned_abs();
                self.apply_own(event, at);
                true
            }
            AnyEvent::Session(SessionEvent::Started { .. }) => {
                self.sign_in(at);
                true
            }
            AnyEvent::Delivery(event) => self.hear_of_mail(event, at),
            AnyEvent::Account(_) | AnyEvent::ApiKey(_) | AnyEvent::ServiceKey(_) | AnyEvent::Session(_) | AnyEvent::Export(_) => false,
        }
    }

    fn apply_own(&mut self, event: &UserEvent, at: DateTime<Utc>) {
        let view = &mut self.view;
        match event {
            UserEvent::Invited { .. }
            | UserEvent::InvitationLinkRevealed { .. }
            | UserEvent::PasswordLinkIssued { .. }
            | UserEvent::PasswordSet {}
            | UserEvent::ProviderLinked { .. }
            | UserEvent::SessionsEnded {} => {}
            UserEvent::InvitationResent { invitation_id, expires_at } => {
                view.invitation_id = *invitation_id;
                view.invitation_sent_at = at;
                view.invitation_expires_at = *expires_at;
                view.delivery = InvitationDelivery::default();
            }
            UserEvent::Accepted { .. } | UserEvent::Activated {} => view.status = Status::Active,
            UserEvent::RoleChanged { to, .. } => view.role = *to,
            UserEvent::AuthMethodsChanged { to, .. } => view.auth_methods = listed(to),
            UserEvent::NameChanged { name } => view.name = name.known().map(|name| name.as_str().to_owned()),
            UserEvent::Deactivated {} => view.status = Status::Inactive,
            UserEvent::Deleted {} | UserEvent::Left {} => view.status = Status::Deleted,
            UserEvent::Erased {} => {
                view.email.clear();
                view.email_normalised.clear();
                view.name = None;
                view.delivery.detail = None;
                view.erased_at = Some(at);
            }
        }
        if event.ends_sessions() {
            let after_the_last = self.view.last_active_at.map(|last| last + TimeDelta::microseconds(1));
            self.sessions_valid_from = self.sessions_valid_from.max(at).max(after_the_last.unwrap_or(at));
        }
    }

    /// A session starts, and never before what has ended the ones before it.
    fn sign_in(&mut self, at: DateTime<Utc>) {
        let started = self.sessions_valid_from.max(at);
        self.view.last_active_at = Some(self.view.last_active_at.map_or(started, |last| last.max(started)));
    }

    fn hear_of_mail(&mut self, event: &DeliveryEvent, at: DateTime<Utc>) -> bool {
        let (DeliveryEvent::Sent { invitation_id, .. } | DeliveryEvent::Failed { invitation_id, .. }) = event;
        let concerns = self.view.status == Status::Invited && *invitation_id == Some(self.view.invitation_id);
        if concerns {
            self.view.delivery = outcome_of(event, at);
        }
        concerns
    }

    /// Whether a row says the same. Of a mail that waits, the row also knows of attempts, which are no events.
    #[must_use]
    pub fn agrees_with(&self, row: &Self) -> bool {
        if self == row {
            return true;
        }
        let wait = |user: &Self| user.view.delivery.state == DeliveryState::Waiting;
        let mut expected = self.clone();
        expected.view.delivery = row.view.delivery.clone();
        wait(self) && wait(row) && expected == *row
    }
}

impl TryFrom<UserRow> for FoldedUser {
    type Error = sqlx::Error;

    fn try_from(row: UserRow) -> Result<Self, sqlx::Error> {
        let sessions_valid_from = row.sessions_valid_from;
        Ok(Self { view: row.try_into()?, sessions_valid_from })
    }
}

fn text(email: &Personal<EmailAddress>, form: impl Fn(&EmailAddress) -> &str) -> String {
    email.known().map_or_else(String::new, |email| form(email).to_owned())
}

fn listed(methods: &AuthMethods) -> Vec<domain::AuthMethodId> {
    methods.iter().cloned().collect()
}
