use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use domain::UserId;
use domain::user::UserEvent;
use event_store::RecordedEvent;
use tracing::error;

use super::actor::Actor;
use super::changes::{Change, changes, summary};
use super::cursor;
use super::event_type::UserEventType;
use crate::graphql::answer::visible_user;
use crate::graphql::user::User;

/// Something that happened to a user. It never changes.
pub(super) struct Event {
    recorded: RecordedEvent,
    user_id: UserId,
    happened: UserEvent,
}

impl Event {
    /// Reads what was recorded. What a newer Roster has written and this one cannot read is left out, and logged.
    pub(super) fn read(recorded: RecordedEvent) -> Option<Self> {
        let happened = serde_json::from_value(recorded.payload.clone());
        let id = recorded.aggregate_id.parse();
        let (Ok(happened), Ok(user_id)) = (happened, id) else {
            error!(
                stream = recorded.aggregate_id,
                sequence = recorded.sequence,
                kind = recorded.event_type,
                "an event cannot be read by this version"
            );
            return None;
        };
        Some(Self { recorded, user_id, happened })
    }

    pub(super) fn kind(&self) -> UserEventType {
        (&self.happened).into()
    }

    pub(super) const fn user_id(&self) -> UserId {
        self.user_id
    }
}

/// Something that happened to a user. It never changes.
#[Object]
impl Event {
    /// Its id: no other event has it.
    async fn id(&self) -> ID {
        format!("{}:{}", self.recorded.aggregate_id, self.recorded.sequence).into()
    }

    /// The place after it, for `after`.
    async fn cursor(&self) -> String {
        cursor::write(self.recorded.account_id, self.recorded.cursor)
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn event_type(&self) -> UserEventType {
        self.kind()
    }

    /// When it was decided.
    async fn at(&self) -> DateTime<Utc> {
        let decided = self.recorded.metadata.get("at").and_then(|at| at.parse().ok());
        decided.unwrap_or(self.recorded.recorded_at)
    }

    /// When the database recorded it, by the database's clock.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.recorded_at
    }

    /// Who has done it.
    async fn actor(&self) -> Actor {
        Actor::read(self.recorded.account_id, self.recorded.metadata.get("actor").map(String::as_str))
    }

    /// Whom it happened to, as they are now; null for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        visible_user(ctx, self.recorded.account_id, self.user_id).await.transpose()
    }

    /// One English sentence. The user is not named in it: `user` says who it is.
    async fn summary(&self) -> String {
        summary(&self.happened)
    }

    /// The fields of the user that it has changed, as far as it tells.
    async fn changes(&self) -> Vec<Change> {
        changes(&self.happened)
    }
}
