//! Pages of users, as the Relay connection specification has them.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::AccountId;
use projections::users::{MAX_PAGE, Page, PageRequest, UserCursor, UserFilter as Filter, count_users};

use super::answer::{app, request};
use super::error::{bad_input, top_level};
use super::user::{Role, User, UserStatus};

/// How many users a page holds when nothing is said.
const DEFAULT_PAGE: u32 = 50;

/// Which users are listed. Every part narrows; parts that are absent do not.
#[derive(Clone, Debug, Default, InputObject)]
pub struct UserFilter {
    /// Users who stand like one of these. Deleted users are listed only when they are asked for here.
    status: Option<Vec<UserStatus>>,
    /// Users with one of these roles.
    role: Option<Vec<Role>>,
    /// Users whose address or name holds this text, in any case.
    search: Option<String>,
}

impl From<UserFilter> for Filter {
    fn from(filter: UserFilter) -> Self {
        let statuses = filter.status.unwrap_or_default().into_iter().map(Into::into).collect();
        let roles = filter.role.unwrap_or_default().into_iter().map(Into::into).collect();
        Self { statuses, roles, search: filter.search }
    }
}

/// The arguments of a page, as the specification has them.
pub(super) struct PageArguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

impl PageArguments {
    pub(super) fn parse(self) -> Result<PageRequest> {
        let size = |size: i32| match u32::try_from(size) {
            Ok(size) if size <= MAX_PAGE => Ok(size),
            _ => Err(bad_input(&format!("a page holds 0 to {MAX_PAGE} users"))),
        };
        let place = |text: Option<String>| -> Result<Option<UserCursor>> {
            text.map(|text| text.parse().map_err(|error: projections::users::InvalidUserCursor| bad_input(&error.to_string()))).transpose()
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(bad_input("give either first or last")),
            (_, None) if self.before.is_some() => Err(bad_input("before goes with last")),
            (_, Some(_)) if self.after.is_some() => Err(bad_input("after goes with first")),
            (None, Some(last)) => Ok(PageRequest::Last(size(last)?, place(self.before)?)),
            (first, None) => Ok(PageRequest::First(first.map_or(Ok(DEFAULT_PAGE), size)?, place(self.after)?)),
        }
    }
}

/// A page of users, newest first.
pub(super) struct UserConnection {
    pub(super) account_id: AccountId,
    pub(super) filter: Filter,
    pub(super) page: Page,
}

/// A user and their place in the list.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct UserEdge {
    /// The place, for `after` and `before`.
    cursor: String,
    /// The user.
    node: User,
}

/// A page of users, newest first.
#[Object]
impl UserConnection {
    /// The users with their places.
    async fn edges(&self) -> Vec<UserEdge> {
        let edge = |user: &projections::users::UserView| UserEdge { cursor: UserCursor::of(user).to_string(), node: User(user.clone()) };
        self.page.users.iter().map(edge).collect()
    }

    /// The users.
    async fn nodes(&self) -> Vec<User> {
        self.page.users.iter().cloned().map(User).collect()
    }

    /// Where this page lies.
    async fn page_info(&self) -> PageInfo {
        let cursor = |user: Option<&projections::users::UserView>| user.map(|user| UserCursor::of(user).to_string());
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: cursor(self.page.users.first()),
            end_cursor: cursor(self.page.users.last()),
        }
    }

    /// How many users the filter lets through, on all pages.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = count_users(&app(ctx).database, self.account_id, &self.filter, request(ctx).at).await;
        count.map_err(|error| top_level(error.into()))
    }
}
