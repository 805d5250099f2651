//! The answer to a command about a user.

use async_graphql::{Context, ID, Result};
use commands::{Changed, Error};

use crate::graphql::context::request;
use crate::graphql::error::{UserError, refused, respelled, top_level};
use crate::graphql::events::event_id;
use crate::graphql::users::find::visible_user;
use crate::graphql::users::user::User;

/// The result of a command on a user. A key without the scope for reading users gets only the id.
pub(in crate::graphql) struct ChangedUser {
    pub(in crate::graphql) user_id: Option<ID>,
    pub(in crate::graphql) user: Option<User>,
    /// The events that the command caused, the oldest first.
    pub(in crate::graphql) event_ids: Vec<ID>,
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

impl ChangedUser {
    /// Errors for an input without a field of this name: they concern the whole request.
    pub(in crate::graphql) fn without_field(self, absent: &str) -> Self {
        Self { user_errors: respelled(self.user_errors, absent, None), ..self }
    }
}

/// The payload of a command on a user: the user in their current state if the caller may see them, or why it was refused.
pub(in crate::graphql) async fn changed(ctx: &Context<'_>, result: Result<Changed, Error>) -> Result<ChangedUser> {
    let (concerned, event_ids, user_errors) = match result {
        Ok(changed) => (Some((changed.account_id, changed.user_id)), events(&changed), vec![]),
        Err(Error::Refused { refusal, user: in_the_way }) => {
            (request(ctx).actor.account().zip(in_the_way), vec![], vec![refused(ctx, &refusal)])
        }
        Err(error) => return Err(top_level(error)),
    };
    let Some((account_id, user_id)) = concerned else { return Ok(ChangedUser { user_id: None, user: None, event_ids, user_errors }) };
    let user = visible_user(ctx, account_id, user_id).await?;
    Ok(ChangedUser { user_id: Some(user_id.to_string().into()), user, event_ids, user_errors })
}

/// The ids of the events that a command caused.
fn events(&Changed { user_id, version, caused, .. }: &Changed) -> Vec<ID> {
    (version - caused + 1..=version).map(|sequence| event_id(&user_id.to_string(), sequence)).collect()
}
