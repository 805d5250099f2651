//! The result of inviting many people.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result};
use commands::{InviteUsers, may_read};
use domain::{AccountId, Operation, UserId};
use projections::users::{UserView, find_users};

use crate::graphql::context::{app, own_account, request};
use crate::graphql::error::{UserError, top_level};
use crate::graphql::payload::outcome;
use crate::graphql::users::inputs::InviteUsersInput;
use crate::graphql::users::payloads::{InviteUsersPayload, InviteUsersResult};
use crate::graphql::users::user::User;

/// Invites many people.
#[derive(Default)]
pub(in crate::graphql) struct BulkMutation;

#[Object]
impl BulkMutation {
    /// Invites up to 1,000 people by e-mail. Each row has its own result; a refused row does not affect the others. Admins only.
    async fn invite_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The people to invite.")] input: InviteUsersInput,
    ) -> Result<InviteUsersPayload> {
        invite_users(ctx, own_account(ctx)?, &input.into()).await
    }
}

/// Invites many people. The users of all rows are looked up together.
pub(in crate::graphql) async fn invite_users(ctx: &Context<'_>, account_id: AccountId, input: &InviteUsers) -> Result<InviteUsersPayload> {
    let (answers, user_errors) = outcome(ctx, app(ctx).commands.invite_users(request(ctx), account_id, input).await)?;
    let answers = answers.unwrap_or_default();
    let ids: Vec<UserId> = answers.iter().filter_map(|answer| answer.user).collect();
    let users = users_by_id(ctx, account_id, &ids).await?;
    let invited = answers.iter().filter(|answer| answer.refusal.is_none()).count();
    let results = input.rows.iter().zip(answers).enumerate().map(|(index, (row, answer))| InviteUsersResult {
        index,
        email: row.email.clone(),
        user_id: answer.user.map(|id| id.to_string().into()),
        user: answer.user.and_then(|id| users.get(&id)).cloned().map(User::now),
        user_errors: answer.refusal.iter().map(|refusal| of_row(index, refusal.into())).collect(),
    });
    Ok(InviteUsersPayload { results: results.collect(), invited, user_errors })
}

/// Loads several users of an account in one statement, without those whom the actor may not see.
pub(in crate::graphql) async fn users_by_id(ctx: &Context<'_>, account_id: AccountId, ids: &[UserId]) -> Result<HashMap<UserId, UserView>> {
    let may_see = |id: &UserId| may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(*id)).is_ok();
    let ids: Vec<UserId> = ids.iter().copied().filter(may_see).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let users = find_users(&app(ctx).database, account_id, &ids).await.map_err(top_level)?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

/// An error of a row. Its path begins with `input`, `rows` and the index.
fn of_row(index: usize, error: UserError) -> UserError {
    let field = error.field.map(|path| {
        let mut whole = vec!["input".to_owned(), "rows".to_owned(), index.to_string()];
        whole.extend(path.into_iter().skip(1));
        whole
    });
    UserError { field, ..error }
}
