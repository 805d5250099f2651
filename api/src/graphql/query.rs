//! Queries for users and their account.

use async_graphql::{Context, ID, Object, Result};
use commands::may_read;
use domain::{AccountId, Operation, Refusal, UserId};
use projections::users::{Moment, UserOrder as Order, count_users_by_kind, find_user_as_of, list_users};

use super::answer::{app, own_account, own_viewer, request, user};
use super::as_of::{AsOf, moment};
use super::auth_method::AuthMethod;
use super::connection::{PageArguments, UserConnection, UserFilter, UserOrder};
use super::cost;
use super::error::top_level;
use super::events::{EventConnection, EventFilter, EventPage, end_of_events, page_of_events};
use super::links::{InvitationPreview, PasswordResetPreview, preview_invitation, preview_password_reset};
use super::rebuild::{ProjectionRebuild, newest_rebuild};
use super::stats::UserStats;
use super::user::User;
use super::user_changes::{UserChangeConnection, page_of_changes};
use super::viewer::Viewer;
use crate::wire::OrderDirection;

/// Queries for users and their account.
#[derive(Default)]
pub(super) struct UserQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "the arguments of a list are those of the Relay specification")]
impl UserQuery {
    /// The signed-in user and their account. Null if no user is signed in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        own_viewer(ctx).await.transpose()
    }

    /// The sign-in methods that this Roster server is configured for.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Option<Vec<AuthMethod>> {
        Some(app(ctx).commands.auth_methods().iter().map(AuthMethod::from).collect())
    }

    /// The content of an invitation, for the holder of its link. Reading it does not use the invitation up. If it cannot be accepted,
    /// `extensions.code` of the error contains the reason as a `UserErrorCode`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<InvitationPreview>> {
        Some(preview_invitation(ctx, &token).await.map_err(top_level))
    }

    /// The content of a password-reset link, for the holder of the link. Reading it does not use the link up. If the link does not work,
    /// `extensions.code` of the error is `INVALID_RESET_LINK`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<PasswordResetPreview>> {
        Some(preview_password_reset(ctx, &token).await.map_err(top_level))
    }

    /// Whether a welcome link can open the first account. False once an account exists. Reading it does not use the link up.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn opens_first_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<bool>> {
        Some(app(ctx).commands.opens_first_account(request(ctx), &token).await.map_err(top_level))
    }

    /// A user of your account, now or at a moment in the past. Admins can read all users, other users only themselves. Malformed and
    /// unknown ids, ids of other accounts, and users who were not yet invited at that moment return `NOT_FOUND`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the user.")] id: ID,
        #[graphql(desc = "A moment in the past. Default: now.")] as_of: Option<AsOf>,
    ) -> Option<Result<User>> {
        Some(one_user(ctx, &id, as_of).await)
    }

    /// The cursor of the last event of your account, for `userEvents(after:)`. To follow a list without missing a change, read this cursor
    /// first, then the list, then subscribe after the cursor. The subscription may repeat changes that the list already contains. Requires
    /// permission to follow events.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn event_cursor(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Some(end_of_events(ctx).await)
    }

    /// All events of your account, in pages: who did what to whom, when, and what changed. Past entries never change, except that erased
    /// users become anonymous. The newest events may be missing; `completeUntil` says how far the list is complete. For admins, editors,
    /// and keys with the scope `AUDIT_READ`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "Which events to return. Default: all.")] filter: Option<EventFilter>,
        #[graphql(desc = "`DESC` returns the newest first, `ASC` the oldest. Default: `DESC`.")] direction: Option<OrderDirection>,
    ) -> Option<Result<EventConnection>> {
        Some(page_of_events(ctx, EventPage { first, after, direction }, filter.unwrap_or_default()).await)
    }

    /// The users of your account, in pages, now or at a moment in the past. Results for a past moment never change, except that erased
    /// users become anonymous. A moment in the future, or one whose events are not all committed yet, returns `NOT_YET`. Admins only.
    #[graphql(complexity = "cost::page(first.or(last), child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many entries to return, from the end or before `before`: at most 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which users to return. Default: all who are not deleted.")] filter: Option<UserFilter>,
        #[graphql(desc = "The order of the list. Default: newest first.")] order_by: Option<UserOrder>,
        #[graphql(desc = "A moment in the past. Default: now. Use the same moment for every page of a list.")] as_of: Option<AsOf>,
    ) -> Option<Result<UserConnection>> {
        let page = PageArguments { first, after, last, before };
        Some(page_of_users(ctx, page, filter.unwrap_or_default(), order_by.map(Into::into).unwrap_or_default(), as_of).await)
    }

    /// The users of your account who were added, deleted or changed between two moments, in pages, with their state before and after.
    /// Sign-ins and mail deliveries do not count as changes. Admins only.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn user_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier moment.")] from: AsOf,
        #[graphql(desc = "The later moment. Default: the latest instant for which the result can no longer change.")] to: Option<AsOf>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Option<Result<UserChangeConnection>> {
        Some(page_of_changes(ctx, from, to, first, after.as_deref()).await)
    }

    /// The latest run of `roster projections rebuild`. Null if there was none. Reads and writes continue during a run. Requires permission
    /// to read the audit log.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn projection_rebuild(&self, ctx: &Context<'_>) -> Option<Result<ProjectionRebuild>> {
        newest_rebuild(ctx).await.transpose()
    }

    /// The number of users of your account by role and status. Admins only.
    #[graphql(complexity = "cost::statistic(child_complexity)")]
    async fn user_stats(&self, ctx: &Context<'_>) -> Option<Result<UserStats>> {
        Some(stats(ctx).await)
    }
}

async fn one_user(ctx: &Context<'_>, id: &str, as_of: Option<AsOf>) -> Result<User> {
    let account_id = own_account(ctx)?;
    let id: UserId = id.parse().map_err(|_| top_level(Refusal::NotFound.into()))?;
    may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).map_err(top_level)?;
    let found = match moment(ctx, account_id, as_of).await? {
        Moment::Now(_) => user(ctx, account_id, id).await?,
        past @ Moment::Past(as_of) => {
            let found = find_user_as_of(&app(ctx).database, account_id, id, as_of).await;
            found.map_err(|error| top_level(error.into()))?.map(|view| User::at(view, past))
        }
    };
    found.ok_or_else(|| top_level(Refusal::NotFound.into()))
}

async fn page_of_users(
    ctx: &Context<'_>,
    page: PageArguments,
    filter: UserFilter,
    order: Order,
    as_of: Option<AsOf>,
) -> Result<UserConnection> {
    let account_id = listable_account(ctx)?;
    let (filter, page) = (filter.parse(app(ctx))?, page.parse(ctx, account_id, order)?);
    let moment = moment(ctx, account_id, as_of).await?;
    let page = list_users(&app(ctx).database, account_id, &filter, order, page, moment).await;
    let page = page.map_err(|error| top_level(error.into()))?;
    Ok(UserConnection { account_id, moment, filter, order, page })
}

async fn stats(ctx: &Context<'_>) -> Result<UserStats> {
    let counted = count_users_by_kind(&app(ctx).database, listable_account(ctx)?, request(ctx).at).await;
    Ok(counted.map_err(|error| top_level(error.into()))?.into())
}

/// The caller's account. Fails if the caller may not list its users.
pub(super) fn listable_account(ctx: &Context<'_>) -> Result<AccountId> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ListUsers, account_id, None).map_err(top_level)?;
    Ok(account_id)
}
