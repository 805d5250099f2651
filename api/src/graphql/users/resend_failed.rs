//! The input and the result of `resendFailedInvitations`.

use async_graphql::{Context, ID, Result, SimpleObject};
use commands::ResendFailedInvitations;
use domain::{AccountId, UserId};

use crate::graphql::context::{app, request};
use crate::graphql::cost;
use crate::graphql::error::{UserError, refused, respelled};
use crate::graphql::input::{input, optional};
use crate::graphql::payload::outcome;
use crate::graphql::users::invite_many::users_by_id;
use crate::graphql::users::user::User;

input!(
    /// The input of `resendFailedInvitations`.
    ResendFailedInvitationsInput => ResendFailedInvitations {
        /// The `lastUserId` of the previous result, to continue after that user.
        after: Option<ID> = optional,
        /// The number of failed invitations that you last read, counted after `after`. If it is no longer current, the mutation is refused with
        /// `COUNT_CHANGED`.
        expected_count: Option<u64>,
        /// 1 to 100 printable ASCII characters, such as a UUID. A request that is repeated with the same key within 24 hours sends nothing
        /// more.
        idempotency_key: Option<String>,
    }
);

/// The result of `resendFailedInvitations`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ResendFailedInvitationsPayload {
    /// The number of invitations that were sent again.
    pub(in crate::graphql) resent: usize,
    /// The invitations that were not sent again, and why. Empty if the request repeats an earlier one.
    #[graphql(complexity = "cost::resent(child_complexity)")]
    pub(in crate::graphql) refused: Vec<RefusedResend>,
    /// The last user whose invitation was sent again. To continue, pass it as `after`. Null if no invitation was sent again.
    pub(in crate::graphql) last_user_id: Option<ID>,
    /// The number of failed invitations after that user.
    pub(in crate::graphql) remaining: u64,
    /// Why the whole request was refused. Empty on success, also if there was nothing to send.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// An invitation that was not sent again.
#[derive(SimpleObject)]
pub(in crate::graphql) struct RefusedResend {
    /// The id of the invited user.
    pub(in crate::graphql) user_id: ID,
    /// The invited user. Null for an API key without the scope `USERS_READ`.
    pub(in crate::graphql) user: Option<User>,
    /// Why the invitation was not sent again.
    pub(in crate::graphql) user_errors: Vec<UserError>,
}

/// Sends failed invitations again. The users whose invitations were refused are looked up together.
pub(in crate::graphql) async fn resend_failed_invitations(
    ctx: &Context<'_>,
    account_id: AccountId,
    input: &ResendFailedInvitations,
) -> Result<ResendFailedInvitationsPayload> {
    let (answer, user_errors) = outcome(ctx, app(ctx).commands.resend_failed_invitations(request(ctx), account_id, input).await)?;
    let answer = answer.unwrap_or_default();
    let ids: Vec<UserId> = answer.refused.iter().map(|(id, _)| *id).collect();
    let mut users = users_by_id(ctx, account_id, &ids).await?;
    let refused = answer.refused.iter().map(|(id, refusal)| RefusedResend {
        user_id: id.to_string().into(),
        user: users.remove(id).map(User::now),
        user_errors: vec![refused(ctx, refusal)],
    });
    Ok(ResendFailedInvitationsPayload {
        resent: answer.resent,
        refused: refused.collect(),
        last_user_id: answer.last.map(|id| ID(id.to_string())),
        remaining: answer.remaining,
        user_errors: respelled(user_errors, "id", Some("after")),
    })
}
