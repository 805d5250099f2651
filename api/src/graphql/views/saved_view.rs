//! A saved view.

use async_graphql::{Context, ID, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::may_read;
use domain::{AccountId, Operation, SavedViewId};
use projections::saved_views::{find_saved_view, list_saved_views};

use crate::graphql::context::{app, own_account, request};
use crate::graphql::error::top_level;

/// A saved view of the list of users: a name, and what the list shows.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct SavedView {
    /// The id of the view.
    #[graphql(owned)]
    pub(in crate::graphql) id: ID,
    /// The name of the view.
    name: String,
    /// What the list shows, as the query of an address, such as `status=ACTIVE&order=EMAIL.ASC`. Roster stores it as it was given.
    query: String,
    /// Whether all admins of the account see the view. If not, only you see it.
    shared: bool,
    /// When the view was saved for the first time.
    created_at: DateTime<Utc>,
    /// When the view was last changed.
    changed_at: DateTime<Utc>,
    /// The version of the view, for `expectedVersion`. It is the number of its events.
    version: u64,
}

impl From<projections::saved_views::SavedView> for SavedView {
    fn from(view: projections::saved_views::SavedView) -> Self {
        Self {
            id: view.id.to_string().into(),
            name: view.name,
            query: view.query,
            shared: view.owner.is_none(),
            created_at: view.created_at,
            changed_at: view.changed_at,
            version: view.version,
        }
    }
}

/// The views that the caller sees.
pub(super) async fn saved_views(ctx: &Context<'_>) -> Result<Vec<SavedView>> {
    let (account_id, actor) = (own_account(ctx)?, request(ctx).actor);
    may_read(&actor, Operation::ListViews, account_id, actor.user()).map_err(top_level)?;
    let Some(user_id) = actor.user() else { return Ok(vec![]) };
    let views = list_saved_views(&app(ctx).database, account_id, user_id).await.map_err(top_level)?;
    Ok(views.into_iter().map(SavedView::from).collect())
}

/// A view that the caller sees.
pub(in crate::graphql) async fn find_view(ctx: &Context<'_>, account_id: AccountId, id: SavedViewId) -> Result<Option<SavedView>> {
    let actor = request(ctx).actor;
    let Some(user_id) = actor.user() else { return Ok(None) };
    if may_read(&actor, Operation::ListViews, account_id, Some(user_id)).is_err() {
        return Ok(None);
    }
    let found = find_saved_view(&app(ctx).database, account_id, user_id, id).await.map_err(top_level)?;
    Ok(found.map(SavedView::from))
}
