//! Mutations of saved views.

use async_graphql::{Context, Object, Result};
use commands::Error;
use domain::{AccountId, SavedViewId};

use crate::graphql::context::{app, request};
use crate::graphql::error::UserError;
use crate::graphql::payload::outcome;
use crate::graphql::views::inputs::{DeleteViewInput, SaveViewInput, UpdateViewInput};
use crate::graphql::views::payloads::{DeleteViewPayload, SaveViewPayload, UpdateViewPayload};
use crate::graphql::views::saved_view::{SavedView, find_view};

/// Mutations for saved views.
#[derive(Default)]
pub(in crate::graphql) struct ViewMutation;

#[Object]
impl ViewMutation {
    /// Saves a view of the list of users, for you or for all admins of the account. There are at most 50 of each. Admins only, not keys.
    async fn save_view(&self, ctx: &Context<'_>, #[graphql(desc = "The new view.")] input: SaveViewInput) -> Result<SaveViewPayload> {
        let (view, user_errors) = saved(ctx, app(ctx).commands.save_view(request(ctx), &input.into()).await).await?;
        Ok(SaveViewPayload { view, user_errors })
    }

    /// Changes the name or the query of one of your own views or a shared one, or shares one of your own. Admins only, not keys.
    async fn update_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view and the new values.")] input: UpdateViewInput,
    ) -> Result<UpdateViewPayload> {
        let (view, user_errors) = saved(ctx, app(ctx).commands.change_view(request(ctx), &input.into()).await).await?;
        Ok(UpdateViewPayload { view, user_errors })
    }

    /// Deletes one of your own views, or a shared one. Admins only, not keys.
    async fn delete_view(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The view to delete.")] input: DeleteViewInput,
    ) -> Result<DeleteViewPayload> {
        let result = app(ctx).commands.delete_view(request(ctx), &input.id, input.expected_version).await;
        let (deleted, user_errors) = outcome(ctx, result)?;
        Ok(DeleteViewPayload { view_id: deleted.map(|(_, id)| id.to_string().into()), user_errors })
    }
}

/// A view in its current state, or why the command was refused.
async fn saved(ctx: &Context<'_>, result: Result<(AccountId, SavedViewId), Error>) -> Result<(Option<SavedView>, Vec<UserError>)> {
    let (saved, user_errors) = outcome(ctx, result)?;
    let Some((account_id, id)) = saved else { return Ok((None, user_errors)) };
    Ok((find_view(ctx, account_id, id).await?, user_errors))
}
