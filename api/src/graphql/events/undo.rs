//! Whether an event can be undone.

use async_graphql::{Context, Result};
use commands::Error;
use domain::Refusal;
use projections::{AnyEvent, BatchedEvent};

use crate::graphql::context::{app, request};
use crate::graphql::error::top_level;
use crate::graphql::users::viewer_can::count_active_admins_once;

/// Whether the viewer may undo an event now, or why not. The streams of all users of a page are read together.
pub(super) async fn can_undo(ctx: &Context<'_>, event: &BatchedEvent) -> Result<std::result::Result<(), Error>> {
    let read = event.read();
    let (Ok(AnyEvent::User(user_event)), Some(user_id)) = (&read.event, read.subject()) else {
        return Ok(Err(Refusal::NotUndoable.into()));
    };
    if !domain::user::is_undoable(user_event) {
        return Ok(Err(Refusal::NotUndoable.into()));
    }
    let (commands, histories) = (&app(ctx).commands, event.histories());
    let history = histories.find(commands.event_store(), &app(ctx).database, user_id).await.map_err(top_level)?;
    let place = usize::try_from(read.recorded.sequence - 1).unwrap_or(usize::MAX);
    let Some(history) = history else { return Ok(Err(Refusal::NotUndoable.into())) };
    let active_admins = count_active_admins_once(ctx, histories.account_id()).await?;
    Ok(commands.can_undo(request(ctx), histories.account_id(), user_id, (history, place), active_admins))
}
