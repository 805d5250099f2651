//! What an event means for the row of a user. This is the only place that says so: commands, rebuilds, versions of the past and replays
//! all use it.

use chrono::{DateTime, TimeDelta, Utc};
use domain::delivery::DeliveryEvent;
use domain::session::SessionEvent;
use domain::user::{Status, UserEvent};
use domain::{AuthMethods, EmailAddress, Personal, UserId};
use event_store::RecordedEvent;

use super::delivery::{DeliveryState, InvitationDelivery, outcome_of};
use super::past::Past;
use super::row::UserRow;
use super::view::status_text;
use crate::origin::Origin;
use crate::{AnyEvent, Reason};

/// The user whose row an event may change.
pub(crate) fn concerned_user(origin: &Origin, event: &AnyEvent) -> Option<UserId> {
    match event {
        AnyEvent::User(_) => Some(UserId::new(origin.stream_id)),
        AnyEvent::Session(SessionEvent::Started { user_id, .. })
        | AnyEvent::Delivery(
            DeliveryEvent::Sent { user_id, invitation_id: Some(_), .. } | DeliveryEvent::Failed { user_id, invitation_id: Some(_), .. },
        ) => Some(*user_id),
        AnyEvent::Session(_)
        | AnyEvent::Delivery(_)
        | AnyEvent::Account(_)
        | AnyEvent::ApiKey(_)
        | AnyEvent::ServiceKey(_)
        | AnyEvent::SavedView(_)
        | AnyEvent::Export(_) => None,
    }
}

/// Whether an event counts for ranks, as in the function `rank_at` of the database.
pub(crate) const fn has_rank(event: &AnyEvent) -> bool {
    matches!(event, AnyEvent::User(_) | AnyEvent::Delivery(_) | AnyEvent::Session(SessionEvent::Started { .. }))
}

/// The same of a recorded event, also where it cannot be read.
pub(crate) fn has_recorded_rank(event: &RecordedEvent) -> bool {
    matches!((event.aggregate_type.as_str(), event.event_type.as_str()), ("user" | "delivery", _) | ("session", "Started"))
}

impl UserRow {
    /// Applies an event to a user, who begins with their invitation, and adds to the past what ends.
    ///
    /// # Errors
    /// When the event changes a user who does not exist.
    pub(crate) fn apply(user: &mut Option<Self>, past: &mut Past, origin: &Origin, event: &AnyEvent) -> Result<(), Reason> {
        if concerned_user(origin, event).is_none() {
            return Ok(());
        }
        let Some(user) = user else {
            *user = Some(Self::invited(origin, event).ok_or(Reason::OutOfOrder)?);
            return Ok(());
        };
        match event {
            AnyEvent::User(event) => {
                past.end_version(user, origin.mark);
                user.version = origin.sequence;
                user.apply_own(event, origin.at);
                if matches!(event, UserEvent::Erased {}) {
                    past.redact();
                }
            }
            AnyEvent::Delivery(event) => user.apply_delivery(past, event, origin),
            _ => {
                past.end_activity(user, origin.mark);
                user.sign_in(origin.at);
            }
        }
        Ok(())
    }

    fn invited(origin: &Origin, event: &AnyEvent) -> Option<Self> {
        let AnyEvent::User(UserEvent::Invited { account_id: _, email, role, auth_methods, invitation_id, expires_at }) = event else {
            return None;
        };
        let mut user = Self {
            account_id: origin.account_id.uuid(),
            id: origin.stream_id,
            since_transaction: Some(origin.mark.transaction),
            since_rank: origin.mark.rank,
            active_transaction: Some(origin.mark.transaction),
            active_rank: origin.mark.rank,
            version: origin.sequence,
            email: text(email, EmailAddress::as_given),
            email_normalised: text(email, EmailAddress::normalised),
            name: None,
            role: role.as_str().to_owned(),
            status: status_text(Status::Invited).to_owned(),
            auth_methods: listed(auth_methods),
            created_at: origin.at,
            last_active_at: None,
            invitation_id: invitation_id.uuid(),
            invitation_sent_at: origin.at,
            invitation_expires_at: *expires_at,
            sessions_valid_from: origin.at,
            delivery_state: String::new(),
            delivery_at: None,
            delivery_attempts: 0,
            delivery_detail: None,
            delivered_transaction: None,
            delivered_rank: 0,
            erased_at: None,
        };
        user.set_delivery(InvitationDelivery::default());
        Some(user)
    }

    fn apply_own(&mut self, event: &UserEvent, at: DateTime<Utc>) {
        match event {
            UserEvent::Invited { .. }
            | UserEvent::InvitationLinkRevealed { .. }
            | UserEvent::PasswordLinkIssued { .. }
            | UserEvent::PasswordSet {}
            | UserEvent::ProviderLinked { .. }
            | UserEvent::SessionsEnded {} => {}
            UserEvent::InvitationResent { invitation_id, expires_at } => {
                self.invitation_id = invitation_id.uuid();
                self.invitation_sent_at = at;
                self.invitation_expires_at = *expires_at;
                self.set_delivery(InvitationDelivery::default());
            }
            UserEvent::Accepted { .. } | UserEvent::Activated {} => self.set_status(Status::Active),
            UserEvent::RoleChanged { to, .. } => to.as_str().clone_into(&mut self.role),
            UserEvent::AuthMethodsChanged { to, .. } => self.auth_methods = listed(to),
            UserEvent::NameChanged { name } => self.name = name.known().map(|name| name.as_str().to_owned()),
            UserEvent::Deactivated {} => self.set_status(Status::Inactive),
            UserEvent::Deleted {} | UserEvent::Left {} => self.set_status(Status::Deleted),
            UserEvent::Erased {} => {
                self.redact();
                self.erased_at = Some(at);
            }
        }
        if event.ends_sessions() {
            self.end_sessions(at);
        }
    }

    /// Moves `sessions_valid_from` past every session that has started, whatever the clocks say.
    fn end_sessions(&mut self, at: DateTime<Utc>) {
        let after_the_last = self.last_active_at.map(|last| last + TimeDelta::microseconds(1));
        self.sessions_valid_from = self.sessions_valid_from.max(at).max(after_the_last.unwrap_or(at));
    }

    /// A session starts, and never before the instant at which the sessions before it ended.
    fn sign_in(&mut self, at: DateTime<Utc>) {
        let started = self.sessions_valid_from.max(at);
        self.last_active_at = Some(self.last_active_at.map_or(started, |last| last.max(started)));
    }

    /// The result of a mail ends no version: the row says since when it is known. Only a second result does.
    fn apply_delivery(&mut self, past: &mut Past, event: &DeliveryEvent, origin: &Origin) {
        let (DeliveryEvent::Sent { invitation_id, .. } | DeliveryEvent::Failed { invitation_id, .. }) = event;
        let concerns = self.has_status(Status::Invited) && invitation_id.map(domain::InvitationId::uuid) == Some(self.invitation_id);
        if concerns {
            if self.delivered_transaction.is_some() {
                past.end_version(self, origin.mark);
            }
            self.set_delivery(outcome_of(event, origin.at));
            (self.delivered_transaction, self.delivered_rank) = (Some(origin.mark.transaction), origin.mark.rank);
        }
    }

    /// Empties what is personal, in the row or in a version of the past.
    pub(crate) fn redact(&mut self) {
        self.email.clear();
        self.email_normalised.clear();
        self.name = None;
        self.delivery_detail = None;
    }

    /// Takes over what a stored row says of a mail that still waits for the same invitation: its attempts are not events.
    pub(crate) fn keep_attempts_of(&mut self, stored: &Self) {
        let waits = |user: &Self| user.delivery_state == DeliveryState::Waiting.as_str();
        if waits(self) && waits(stored) && self.invitation_id == stored.invitation_id {
            self.delivery_at = stored.delivery_at;
            self.delivery_attempts = stored.delivery_attempts;
            self.delivery_detail.clone_from(&stored.delivery_detail);
        }
    }

    pub(crate) fn has_status(&self, status: Status) -> bool {
        self.status == status_text(status)
    }

    fn set_status(&mut self, status: Status) {
        status_text(status).clone_into(&mut self.status);
    }

    fn set_delivery(&mut self, delivery: InvitationDelivery) {
        delivery.state.as_str().clone_into(&mut self.delivery_state);
        self.delivery_at = delivery.at;
        self.delivery_attempts = i32::try_from(delivery.attempts).unwrap_or(i32::MAX);
        self.delivery_detail = delivery.detail;
        (self.delivered_transaction, self.delivered_rank) = (None, 0);
    }
}

fn text(email: &Personal<EmailAddress>, form: impl Fn(&EmailAddress) -> &str) -> String {
    email.known().map_or_else(String::new, |email| form(email).to_owned())
}

fn listed(methods: &AuthMethods) -> Vec<String> {
    methods.iter().map(|id| id.as_str().to_owned()).collect()
}
