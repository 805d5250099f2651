//! What can be asked of users and their account.

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

/// What can be asked of users and their account.
#[derive(Default)]
pub(super) struct UserQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "the arguments of a list are those of the Relay specification")]
impl UserQuery {
    /// Who asks; null when nobody is signed in.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<Viewer>> {
        own_viewer(ctx).await.transpose()
    }

    /// The ways to sign in that this Roster is configured for.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Option<Vec<AuthMethod>> {
        Some(app(ctx).commands.auth_methods().iter().map(AuthMethod::from).collect())
    }

    /// What an invitation link is about, for whoever holds its token. Looking consumes nothing. When it cannot be
    /// accepted, the error's `extensions.code` says why, as a `UserErrorCode`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the link ends with.")] token: String,
    ) -> Option<Result<InvitationPreview>> {
        Some(preview_invitation(ctx, &token).await.map_err(top_level))
    }

    /// Whose password a link from a mail replaces, for whoever holds its token. Looking consumes nothing. When the link does not work,
    /// the error's `extensions.code` is `INVALID_RESET_LINK`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the link ends with.")] token: String,
    ) -> Option<Result<PasswordResetPreview>> {
        Some(preview_password_reset(ctx, &token).await.map_err(top_level))
    }

    /// Whether a link that the server has printed opens the first account: not any more once there is one. Looking consumes nothing.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn opens_first_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the link ends with.")] token: String,
    ) -> Option<Result<bool>> {
        Some(app(ctx).commands.opens_first_account(request(ctx), &token).await.map_err(top_level))
    }

    /// A user of one's account, now or as they were. Admins see everybody, others themselves. Malformed, foreign and unknown ids, and
    /// those of users who were not invited yet then, are `NOT_FOUND` alike.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user's id.")] id: ID,
        #[graphql(desc = "A moment of the past; now when absent.")] as_of: Option<AsOf>,
    ) -> Option<Result<User>> {
        Some(one_user(ctx, &id, as_of).await)
    }

    /// The cursor of the last event of one's account, for `userEvents(after:)`. Whoever shows a list and follows its changes asks
    /// for this first, then for the list, then for the events after this place: nothing is missed. What the list shows already may be
    /// told once more. For who may follow events.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn event_cursor(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Some(end_of_events(ctx).await)
    }

    /// What happened in one's account, of every kind, in pages: who did what to whom, when, and what it changed. It never changes, but that
    /// the erased are named no more. What was recorded a moment ago may not show yet: `completeUntil` says how far the list is complete.
    /// Admins, editors, and keys with the scope `AUDIT_READ`.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning or after a place: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "Which events; all of them when absent.")] filter: Option<EventFilter>,
        #[graphql(desc = "Whether the newest or the oldest come first; the newest when absent.")] direction: Option<OrderDirection>,
    ) -> Option<Result<EventConnection>> {
        Some(page_of_events(ctx, EventPage { first, after, direction }, filter.unwrap_or_default()).await)
    }

    /// The users of one's account, in pages, now or as they were: with every filter and order. What is asked as of a moment of the past is
    /// answered alike for ever, but that the erased are named no more; a moment that has not come, or whose events are still under way, is
    /// `NOT_YET`. Admins only.
    #[graphql(complexity = "cost::page(first.or(last), child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning or after a place: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "How many, from the end or before a place: at most 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor that the page comes before.")] before: Option<String>,
        #[graphql(desc = "Which users; everybody who is not deleted when absent.")] filter: Option<UserFilter>,
        #[graphql(desc = "In which order; the newest first when absent.")] order_by: Option<UserOrder>,
        #[graphql(desc = "A moment of the past; now when absent. Every page of a list wants the same.")] as_of: Option<AsOf>,
    ) -> Option<Result<UserConnection>> {
        let page = PageArguments { first, after, last, before };
        Some(page_of_users(ctx, page, filter.unwrap_or_default(), order_by.map(Into::into).unwrap_or_default(), as_of).await)
    }

    /// Who came, went and was changed in one's account between two moments, in pages, with before and after. Sign-ins and mails change
    /// nobody. Admins only.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn user_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The earlier moment.")] from: AsOf,
        #[graphql(desc = "The later moment. When absent, the latest instant that can be told: asking for it later answers the same.")]
        to: Option<AsOf>,
        #[graphql(desc = "How many, from the beginning or after a place: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
    ) -> Option<Result<UserChangeConnection>> {
        Some(page_of_changes(ctx, from, to, first, after.as_deref()).await)
    }

    /// How far the newest computing anew of what readers see has come, which an operator starts with `roster projections rebuild`; null
    /// when there has been none. Nothing is wrong meanwhile. For who may read the audit log.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn projection_rebuild(&self, ctx: &Context<'_>) -> Option<Result<ProjectionRebuild>> {
        newest_rebuild(ctx).await.transpose()
    }

    /// How many users one's account has of each kind. Admins only.
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

/// One's own account, if one may list its users.
pub(super) fn listable_account(ctx: &Context<'_>) -> Result<AccountId> {
    let account_id = own_account(ctx)?;
    may_read(&request(ctx).actor, Operation::ListUsers, account_id, None).map_err(top_level)?;
    Ok(account_id)
}
