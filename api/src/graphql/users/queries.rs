//! Queries of users.

use async_graphql::{Context, ID, Object, Result};
use commands::may_read;
use domain::{Operation, Refusal, UserId};
use projections::users::{Moment, UserOrder as Order, find_user_as_of, list_users_further, page_order};

use crate::graphql::context::{app, listable_account, own_account, reads, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::graphql::users::as_of::{AsOf, moment};
use crate::graphql::users::changes::{UserChangeConnection, page_of_changes};
use crate::graphql::users::connection::{PageArguments, UserConnection, UserFilter, UserOrder};
use crate::graphql::users::find::user;
use crate::graphql::users::user::User;

/// Queries for users and their account.
#[derive(Default)]
pub(in crate::graphql) struct UserQuery;

#[Object]
impl UserQuery {
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
}

/// Lists of users.
#[derive(Default)]
pub(in crate::graphql) struct UserListQuery;

#[Object]
#[expect(clippy::too_many_arguments, reason = "the arguments of a list are those of the Relay specification")]
impl UserListQuery {
    /// The users of your account, in pages, now or at a moment in the past. Results for a past moment never change, except that erased
    /// users become anonymous. A moment in the future, or one whose events are not all committed yet, returns `NOT_YET`. Admins only.
    #[graphql(complexity = "cost::page_further(first.or(last), skip, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many entries to return, from the end or before `before`: at most 100.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "How many entries to skip before the page, in its direction: at most 10,000. Default: 0.")] skip: Option<i32>,
        #[graphql(desc = "Which users to return. Default: all who are not deleted.")] filter: Option<UserFilter>,
        #[graphql(desc = "The order of the list. Default: newest first.")] order_by: Option<UserOrder>,
        #[graphql(desc = "A moment in the past. Default: now. Use the same moment for every page of a list.")] as_of: Option<AsOf>,
    ) -> Option<Result<UserConnection>> {
        let page = PageArguments { first, after, last, before, skip };
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
}

async fn one_user(ctx: &Context<'_>, id: &str, as_of: Option<AsOf>) -> Result<User> {
    let account_id = own_account(ctx)?;
    let id: UserId = id.parse().map_err(|_| top_level(Refusal::NotFound))?;
    may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).map_err(top_level)?;
    let found = match moment(ctx, account_id, as_of).await? {
        Moment::Now(_) => user(ctx, account_id, id).await?,
        past @ Moment::Past(as_of) => {
            let found = find_user_as_of(&app(ctx).database, account_id, id, as_of).await;
            found.map_err(top_level)?.map(|view| User::at(view, past))
        }
    };
    found.ok_or_else(|| top_level(Refusal::NotFound))
}

async fn page_of_users(
    ctx: &Context<'_>,
    page: PageArguments,
    filter: UserFilter,
    order: Order,
    as_of: Option<AsOf>,
) -> Result<UserConnection> {
    let account_id = listable_account(ctx)?;
    let skip = page.skipped()?;
    let (filter, page) = (filter.parse(app(ctx))?, page.parse(ctx, account_id, order)?);
    let moment = moment(ctx, account_id, as_of).await?;
    let order = page_order(&app(ctx).database, account_id, &filter, order, &page, moment).await.map_err(top_level)?;
    let page = if filter.search.is_some() || matches!(moment, Moment::Past(_)) {
        list_users_further(&app(ctx).database, account_id, &filter, order, page, skip, moment).await
    } else {
        list_users_further(reads(ctx), account_id, &filter, order, page, skip, moment).await
    };
    let page = page.map_err(top_level)?;
    Ok(UserConnection { account_id, moment, filter, order, page })
}
