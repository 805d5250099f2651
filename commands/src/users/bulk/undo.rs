//! `undo`: fields of users as they were before one event, or before all events of an operation.
//!
//! It is an ordinary change with ordinary events, so it can be undone too. The metadata of these events names what they undo.

use std::collections::HashMap;

use domain::user::{UpdateUser, User, UserCommand, UserEvent, restore};
use domain::{AccountId, AuthMethods, Operation, OperationId, Refusal, Stream, UserId};
use projections::AnyEvent;
use serde::Serialize;

use super::super::MAX_ROWS;
use super::action::Action;
use super::run::Call;
use super::{BulkAnswer, UserSelection};
use crate::permission::{would_permit, would_permit_role};
use crate::unit_of_work::Deciding;
use crate::{Commands, Context, Error};

/// What is undone.
#[derive(Clone, Debug, Serialize)]
pub struct Undo {
    /// The event or the operation.
    pub target: UndoTarget,
    /// Decides everything and does nothing.
    pub dry_run: bool,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// An event or an operation, by its id.
#[derive(Clone, Debug, Serialize)]
pub enum UndoTarget {
    /// An event: the id of its stream, a colon, and its number there.
    Event(String),
    /// All events of an operation.
    Operation(String),
}

/// The events that are undone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Undone {
    /// An event of a user, by its place in their stream, from 0.
    Event {
        user_id: UserId,
        place: usize,
    },
    Operation(OperationId),
}

/// An event of a user, and the operation that it belongs to.
pub(super) type PastEvent = (UserEvent, Option<String>);

impl Commands {
    /// Restores the role, the ways to sign in, the access and the name that users had before.
    ///
    /// # Errors
    /// Refusals of the whole: `NotFound`, `InvalidIdempotencyKey`, `IdempotencyKeyReused`. Of one user: `NotUndoable`, `ChangedSince`, and as for
    /// updating one.
    pub async fn undo(&self, ctx: &Context, account_id: AccountId, input: &Undo) -> Result<BulkAnswer, Error> {
        let permit = self.authorize(ctx, "undo", Operation::UpdateUser, account_id, None)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        let undone = Undone::parse(&input.target)?;
        let users = UserSelection::Ids(self.changed_users(account_id, undone).await?);
        let action = Action::Undo(undone);
        self.run_call(Call { permit: &permit, selection: &users, action, request, dry_run: input.dry_run, confirm_count: None }).await
    }

    async fn changed_users(&self, account_id: AccountId, undone: Undone) -> Result<Vec<String>, Error> {
        let users = match undone {
            Undone::Event { user_id, place } => {
                let number = i64::try_from(place + 1).map_err(|_| Refusal::NotFound)?;
                let found = self.store.has_event::<User>(&self.pool, account_id, &user_id.to_string(), number).await?;
                found.then(|| user_id.to_string()).into_iter().collect()
            }
            Undone::Operation(id) => {
                let limit = i64::try_from(MAX_ROWS + 1).unwrap_or(i64::MAX);
                self.store.find_streams_of_operation::<User>(&self.pool, account_id, id, limit).await?
            }
        };
        if users.is_empty() { Err(Refusal::NotFound.into()) } else { Ok(users) }
    }

    /// Whether an actor could undo an event of a user now, by the rules of [`undo`](Self::undo). `history` is the whole stream of the user, and
    /// the event is at this place in it, from 0. The account has so many active admins.
    ///
    /// # Errors
    /// Why not. Also `ChangedSince` when the fields have their former values already.
    pub fn can_undo(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        event: (&[UserEvent], usize),
        active_admins: u64,
    ) -> Result<(), Error> {
        let (history, place) = event;
        would_permit(&ctx.actor, Operation::UpdateUser, account_id, user_id)?;
        let user = User::default().after(history);
        let restored = restore(history, |at| at == place)?;
        for role in [Some(user.role()), restored.role].into_iter().flatten() {
            would_permit_role(&ctx.actor, role, account_id, user_id)?;
        }
        let update = restored.update(self.offered(), ctx.actor.user() == Some(user_id));
        let events = user.decide(UserCommand::Update(update))?;
        if events.is_empty() {
            return Err(Refusal::ChangedSince.into());
        }
        if user.ends_active_admin(&events) && active_admins <= 1 { Err(Refusal::LastAdmin.into()) } else { Ok(()) }
    }
}

impl Undone {
    /// # Errors
    /// Refusal: `NotFound` for what is not an id of an event or an operation.
    fn parse(target: &UndoTarget) -> Result<Self, Refusal> {
        match target {
            UndoTarget::Operation(id) => Ok(Self::Operation(id.parse().map_err(|_| Refusal::NotFound)?)),
            UndoTarget::Event(id) => {
                let (stream, number) = id.rsplit_once(':').ok_or(Refusal::NotFound)?;
                let number: usize = number.parse().map_err(|_| Refusal::NotFound)?;
                let place = number.checked_sub(1).ok_or(Refusal::NotFound)?;
                Ok(Self::Event { user_id: stream.parse().map_err(|_| Refusal::NotFound)?, place })
            }
        }
    }

    /// How metadata names it.
    pub(super) fn name(self) -> String {
        match self {
            Self::Event { user_id, place } => format!("event/{user_id}:{}", place + 1),
            Self::Operation(id) => format!("operation/{id}"),
        }
    }

    /// The streams of some users, read under their locks in one round trip.
    pub(super) async fn histories(work: &mut Deciding<'_>, users: &[(usize, UserId)]) -> Result<HashMap<UserId, Vec<PastEvent>>, Error> {
        let ids: Vec<_> = users.iter().map(|(_, user_id)| user_id.to_string()).collect();
        let streams = work.reading()?.events_of_users(&ids).await?;
        let mut histories = HashMap::new();
        for (id, events) in streams {
            // An event that cannot be read: loading the stream says why.
            let read = events.iter().map(|event| match AnyEvent::read(event) {
                Ok(AnyEvent::User(user_event)) => Some((user_event, event.metadata.get("operation_id").cloned())),
                _ => None,
            });
            if let (Ok(user_id), Some(history)) = (id.parse(), read.collect()) {
                histories.insert(user_id, history);
            }
        }
        Ok(histories)
    }

    /// The change that restores one user.
    ///
    /// # Errors
    /// Refusals: those of [`restore`].
    pub(super) fn update(self, history: &[PastEvent], offered: AuthMethods, by_self: bool) -> Result<UpdateUser, Refusal> {
        let events: Vec<_> = history.iter().map(|(event, _)| event.clone()).collect();
        let restored = match self {
            Self::Event { place, .. } => restore(&events, |at| at == place)?,
            Self::Operation(id) => {
                let id = id.to_string();
                restore(&events, |at| history[at].1.as_ref() == Some(&id))?
            }
        };
        Ok(restored.update(offered, by_self))
    }
}
