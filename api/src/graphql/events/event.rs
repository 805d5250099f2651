use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};
use domain::UserId;
use domain::session::SessionEvent;
use event_store::RecordedEvent;
use projections::{Happened, decided_at};
use tracing::error;

use super::actor::Actor;
use super::changes::{Change, changes};
use super::cursor;
use super::event_type::EventType;
use super::people::People;
use super::summary::summary;
use crate::chain::chain;
use crate::graphql::user::User;

/// Something that happened. It never changes.
pub(in crate::graphql) struct Event {
    recorded: RecordedEvent,
    user_id: Option<UserId>,
    happened: Happened,
    people: People,
}

impl Event {
    /// Reads what was recorded. What a newer Roster has written and this one cannot read is left out, and logged.
    pub(super) fn read(recorded: RecordedEvent, people: People) -> Option<Self> {
        let happened = match Happened::read(&recorded) {
            Ok(happened) => happened,
            Err(unknown) => {
                error!(error = chain(&unknown), "an event is left out");
                return None;
            }
        };
        let user_id = subject(&recorded);
        Some(Self { recorded, user_id, happened, people })
    }

    pub(super) fn kind(&self) -> EventType {
        (&self.happened).into()
    }

    pub(super) const fn user_id(&self) -> Option<UserId> {
        self.user_id
    }
}

/// Something that happened. It never changes.
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
    async fn event_type(&self) -> EventType {
        self.kind()
    }

    /// When it was decided.
    async fn at(&self) -> DateTime<Utc> {
        decided_at(&self.recorded)
    }

    /// When the database recorded it, by the database's clock.
    async fn recorded_at(&self) -> DateTime<Utc> {
        self.recorded.recorded_at
    }

    /// Who has done it.
    async fn actor(&self) -> Actor {
        Actor::read(self.recorded.account_id, self.recorded.metadata.get("actor").map(String::as_str), self.people.clone())
    }

    /// The HTTP request that brought it about; null when it was none.
    async fn request_id(&self) -> Option<&str> {
        self.recorded.metadata.get("request_id").map(String::as_str)
    }

    /// Whom it happened to, as they are now; null for what happened to the account, and for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        self.people.find(ctx, self.recorded.account_id, self.user_id?).await.transpose()
    }

    /// From which address somebody signed in, where it is known and they were not erased; null for everything else.
    async fn address(&self) -> Option<String> {
        address(&self.happened)
    }

    /// One English sentence. The user is not named in it: `user` says who it is.
    async fn summary(&self) -> String {
        summary(&self.happened)
    }

    /// The fields of the user, or of the account, that it has changed, as far as it tells.
    async fn changes(&self) -> Vec<Change> {
        changes(&self.happened)
    }
}

/// Whom an event speaks of.
pub(crate) fn subject(recorded: &RecordedEvent) -> Option<UserId> {
    if recorded.aggregate_type == "user" { recorded.aggregate_id.parse().ok() } else { recorded.person_id }
}

/// From which address somebody signed in, where it is known and they were not erased.
pub(crate) fn address(happened: &Happened) -> Option<String> {
    match happened {
        Happened::Session(SessionEvent::Started { address: Some(address), .. }) => address.known().map(ToString::to_string),
        _ => None,
    }
}
