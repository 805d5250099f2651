//! One user as readers see them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use domain::user::Status;
use domain::{AccountId, AuthMethodId, InvitationId, Role, UserId};
use serde::Serialize;

use super::delivery::{DeliveryState, InvitationDelivery};
use super::row::ListedRow;

/// A user as readers see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserView {
    /// Whose member they are.
    pub account_id: AccountId,
    /// Their id.
    pub id: UserId,
    /// How many events their stream has; rises with every change.
    pub version: u64,
    /// Their address as it was given; empty once they were erased.
    pub email: String,
    /// The one form in which it is compared.
    pub email_normalised: String,
    /// Their name, if they gave one.
    pub name: Option<String>,
    /// Their role.
    pub role: Role,
    /// Their status, regardless of the clock.
    pub status: Status,
    /// The ways in which they may sign in.
    pub auth_methods: Vec<AuthMethodId>,
    /// When they were first invited.
    pub created_at: DateTime<Utc>,
    /// Their last sign-in.
    pub last_active_at: Option<DateTime<Utc>>,
    /// Their newest invitation.
    pub invitation_id: InvitationId,
    /// When it was last sent.
    pub invitation_sent_at: DateTime<Utc>,
    /// From this instant on its link is dead.
    pub invitation_expires_at: DateTime<Utc>,
    /// What became of the mail with it.
    pub delivery: InvitationDelivery,
    /// Since when nothing personal is known of them.
    pub erased_at: Option<DateTime<Utc>>,
}

/// In `status_order`, how far one stored status is from the next. Invitations lie before theirs, by the microseconds of their expiry.
pub(super) const STATUS_RANK: i64 = 1 << 52;

/// The status of a user for readers, who have a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum ListedStatus {
    /// Invited, and the link works.
    PendingInvitation,
    /// Invited, and the link is dead.
    ExpiredInvitation,
    /// A member with access.
    Active,
    /// A member without access.
    Inactive,
    /// Gone for good.
    Deleted,
}

impl ListedStatus {
    /// The statuses of users who are not deleted.
    pub const LIVE: [Self; 4] = [Self::PendingInvitation, Self::ExpiredInvitation, Self::Active, Self::Inactive];

    /// Every status.
    pub const ALL: [Self; 5] = [Self::PendingInvitation, Self::ExpiredInvitation, Self::Active, Self::Inactive, Self::Deleted];

    /// Every status, in the order of the list.
    pub(super) const IN_ORDER: [Self; 5] = [Self::Active, Self::Inactive, Self::PendingInvitation, Self::ExpiredInvitation, Self::Deleted];

    /// The values that the column `status_order` has for it at an instant.
    pub(super) fn orders(self, now: DateTime<Utc>) -> RangeInclusive<i64> {
        let now = now.timestamp_micros().clamp(0, STATUS_RANK - 1);
        match self {
            Self::Active => 0..=0,
            Self::Inactive => STATUS_RANK..=STATUS_RANK,
            Self::PendingInvitation => STATUS_RANK + 1..=2 * STATUS_RANK - now - 1,
            Self::ExpiredInvitation => 2 * STATUS_RANK - now..=2 * STATUS_RANK,
            Self::Deleted => 3 * STATUS_RANK..=3 * STATUS_RANK,
        }
    }

    /// The word that is stored of it; the clock tells pending and expired apart.
    pub(super) const fn stored(self) -> &'static str {
        match self {
            Self::PendingInvitation | Self::ExpiredInvitation => "invited",
            Self::Active | Self::Inactive | Self::Deleted => self.as_str(),
        }
    }

    /// The word that the counting query computes for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::PendingInvitation => "pending",
            Self::ExpiredInvitation => "expired",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Deleted => "deleted",
        }
    }
}

impl UserView {
    /// Their status at an instant.
    #[must_use]
    pub fn status_at(&self, now: DateTime<Utc>) -> ListedStatus {
        match self.status {
            Status::Invited if now >= self.invitation_expires_at => ListedStatus::ExpiredInvitation,
            Status::Invited => ListedStatus::PendingInvitation,
            Status::Active => ListedStatus::Active,
            Status::Inactive => ListedStatus::Inactive,
            Status::Deleted => ListedStatus::Deleted,
        }
    }
}

impl TryFrom<ListedRow> for UserView {
    type Error = sqlx::Error;

    fn try_from(row: ListedRow) -> Result<Self, sqlx::Error> {
        let unreadable = |column: &str, value: &str| sqlx::Error::Decode(format!("users.{column} holds {value:?}").into());
        let methods = row.auth_methods.iter().map(|id| AuthMethodId::parse(id).map_err(|_| unreadable("auth_methods", id)));
        Ok(Self {
            account_id: AccountId::new(row.account_id),
            id: UserId::new(row.id),
            version: row.version.unsigned_abs(),
            role: row.role.parse().map_err(|_| unreadable("role", &row.role))?,
            status: parse_status(&row.status).ok_or_else(|| unreadable("status", &row.status))?,
            auth_methods: methods.collect::<Result<_, _>>()?,
            email: row.email,
            email_normalised: row.email_normalised,
            name: row.name,
            created_at: row.created_at,
            last_active_at: row.last_active_at,
            invitation_id: InvitationId::new(row.invitation_id),
            invitation_sent_at: row.invitation_sent_at,
            invitation_expires_at: row.invitation_expires_at,
            delivery: InvitationDelivery {
                state: DeliveryState::find(&row.delivery_state).ok_or_else(|| unreadable("delivery_state", &row.delivery_state))?,
                at: row.delivery_at,
                attempts: row.delivery_attempts.unsigned_abs(),
                detail: row.delivery_detail,
            },
            erased_at: row.erased_at,
        })
    }
}

/// The word that is stored for a status.
pub(crate) const fn status_text(status: Status) -> &'static str {
    match status {
        Status::Invited => "invited",
        Status::Active => "active",
        Status::Inactive => "inactive",
        Status::Deleted => "deleted",
    }
}

/// The status that a stored word means.
pub(crate) fn parse_status(text: &str) -> Option<Status> {
    [Status::Invited, Status::Active, Status::Inactive, Status::Deleted].into_iter().find(|status| status_text(*status) == text)
}
