//! Pages of users, as the Relay connection specification has them.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::{AccountId, AuthMethodId};
use event_store::{Count as Counted, CountTo};
use projections::users::{
    MAX_PAGE, MAX_SKIP, Moment, Page, PageRequest, Span, UserCursor, UserFilter as Filter, UserOrder as Order, UserView, count_users,
};

use crate::app::App;
use crate::graphql::context::app;
use crate::graphql::count::Count;
use crate::graphql::error::{bad_input, require_short_list, top_level};
use crate::graphql::rows::{Row, Rows};
use crate::graphql::users::as_of::ResolvedMoment;
use crate::graphql::users::user::User;
use crate::graphql::{cost, cursor};
use crate::wire::{DeliveryState, MAX_SEARCH, OrderDirection, Role, TimeSpan, UserOrderField, UserStatus, stored_states};

/// How many users a page holds when nothing is said.
const DEFAULT_PAGE: u32 = 50;
/// Selects users. A user must match every given field; absent fields match all users.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct UserFilter {
    /// Users with one of these statuses. Deleted users are returned only if listed here or with `includeDeleted`.
    status: Option<Vec<UserStatus>>,
    /// Users with one of these roles.
    role: Option<Vec<Role>>,
    /// Users who may use one of these sign-in methods, by id.
    auth_methods: Option<Vec<ID>>,
    /// Users whose address or name contains each word of this text, in any order, ignoring case and accents, in every script. Words are
    /// separated by white space or dots. Up to 200 characters.
    search: Option<String>,
    /// Users who were first invited within this time span.
    created: Option<TimeSpan>,
    /// Users whose last sign-in was within this time span.
    last_active: Option<TimeSpan>,
    /// `true` returns users who never signed in, `false` users who did.
    never_active: Option<bool>,
    /// Users with a pending or expired invitation whose mail is in one of these states. An empty list matches all users.
    delivery: Option<Vec<DeliveryState>>,
    /// Whether to include deleted users. Has no effect together with `status`.
    #[graphql(default)]
    include_deleted: bool,
}

/// The order of a list of users.
#[derive(Clone, Copy, Debug, InputObject)]
pub(crate) struct UserOrder {
    /// The field to sort by.
    field: UserOrderField,
    /// The direction of the order.
    direction: OrderDirection,
}

impl From<UserOrder> for Order {
    fn from(order: UserOrder) -> Self {
        Self { field: order.field.into(), descending: order.direction == OrderDirection::Desc }
    }
}

impl UserFilter {
    pub(in crate::graphql) fn parse(self, app: &App) -> Result<Filter> {
        let method = |id: ID| AuthMethodId::parse(&id).map_err(|error| bad_input(&error.to_string()));
        if self.search.as_ref().is_some_and(|text| text.chars().count() > MAX_SEARCH) {
            return Err(bad_input(&format!("`search` has at most {MAX_SEARCH} characters")));
        }
        require_short_list("status", self.status.as_ref())?;
        require_short_list("role", self.role.as_ref())?;
        require_short_list("authMethods", self.auth_methods.as_ref())?;
        require_short_list("delivery", self.delivery.as_ref())?;
        let span = |span: Option<TimeSpan>| {
            let (from, before) = span.unwrap_or_default().bounds();
            Span { from, before }
        };
        Ok(Filter {
            statuses: self.status.unwrap_or_default().into_iter().map(Into::into).collect(),
            roles: self.role.unwrap_or_default().into_iter().map(Into::into).collect(),
            auth_methods: self.auth_methods.unwrap_or_default().into_iter().map(method).collect::<Result<_>>()?,
            search: self.search,
            created: span(self.created),
            last_active: span(self.last_active),
            never_active: self.never_active,
            deliveries: self.delivery.filter(|states| !states.is_empty()).map(|states| stored_states(app.mail.is_some(), &states)),
            includes_deleted: self.include_deleted,
        })
    }
}

/// The arguments of a page, as the specification has them.
pub(in crate::graphql) struct PageArguments {
    pub(in crate::graphql) first: Option<i32>,
    pub(in crate::graphql) after: Option<String>,
    pub(in crate::graphql) last: Option<i32>,
    pub(in crate::graphql) before: Option<String>,
    pub(in crate::graphql) skip: Option<i32>,
}

impl PageArguments {
    /// How many users the page skips.
    pub(in crate::graphql) fn skipped(&self) -> Result<u32> {
        match u32::try_from(self.skip.unwrap_or_default()) {
            Ok(skip) if skip <= MAX_SKIP => Ok(skip),
            _ => Err(bad_input(&format!("`skip` is 0 to {MAX_SKIP}"))),
        }
    }

    pub(in crate::graphql) fn parse(self, ctx: &Context<'_>, account_id: AccountId, order: Order) -> Result<PageRequest> {
        let size = |size: i32| match u32::try_from(size) {
            Ok(size) if size <= MAX_PAGE => Ok(size),
            _ => Err(bad_input(&format!("a page has 0 to {MAX_PAGE} users"))),
        };
        let cursor = |argument: &str, text: Option<String>| -> Result<Option<UserCursor>> {
            let Some(text) = text else { return Ok(None) };
            let cursor: UserCursor = cursor::parse(ctx, account_id, argument, &text)?;
            cursor.check(account_id, order).map_err(|_| cursor::not_of_this_list(argument))?;
            Ok(Some(cursor))
        };
        match (self.first, self.last) {
            (Some(_), Some(_)) => Err(bad_input("give either first or last")),
            (_, None) if self.before.is_some() => Err(bad_input("before goes with last")),
            (_, Some(_)) if self.after.is_some() => Err(bad_input("after goes with first")),
            (None, Some(last)) => Ok(PageRequest::Last(size(last)?, cursor("before", self.before)?)),
            (first, None) => Ok(PageRequest::First(first.map_or(Ok(DEFAULT_PAGE), size)?, cursor("after", self.after)?)),
        }
    }
}

/// A page of users.
pub(crate) struct UserConnection {
    pub(in crate::graphql) account_id: AccountId,
    pub(in crate::graphql) moment: Moment,
    pub(in crate::graphql) filter: Filter,
    pub(in crate::graphql) order: Order,
    pub(in crate::graphql) page: Page,
}

impl UserConnection {
    fn cursor(&self, ctx: &Context<'_>, user: &UserView) -> String {
        cursor::seal(ctx, self.account_id, &UserCursor::of(user, self.order))
    }

    async fn counted(&self, ctx: &Context<'_>, to: CountTo) -> Result<Counted> {
        count_users(&app(ctx).database, self.account_id, &self.filter, self.moment, to).await.map_err(top_level)
    }
}

/// A user and its cursor.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct UserEdge {
    /// The cursor of this entry, for `after` and `before`. It stays valid while users change, but only for the same order.
    cursor: String,
    /// The user.
    node: Row<User>,
}

/// A page of users.
#[Object]
impl UserConnection {
    /// The users with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<UserEdge> {
        let edge = |user: &UserView| UserEdge { cursor: self.cursor(ctx, user), node: Row(User::at(user.clone(), self.moment)) };
        self.page.users.iter().map(edge).collect()
    }

    /// The users.
    async fn nodes(&self) -> Rows<User> {
        self.page.users.iter().map(|user| User::at(user.clone(), self.moment)).collect()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        let cursor = |user: Option<&UserView>| user.map(|user| self.cursor(ctx, user));
        PageInfo {
            has_previous_page: self.page.has_previous,
            has_next_page: self.page.has_next,
            start_cursor: cursor(self.page.users.first()),
            end_cursor: cursor(self.page.users.last()),
        }
    }

    /// The exact number of users on all pages that match the filter. It is counted only if requested. A list that is filtered by more than
    /// role and status takes the longer to count the more users match: use `count` on a screen.
    #[graphql(complexity = "cost::total_count()")]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        Ok(self.counted(ctx, CountTo::End).await?.count)
    }

    /// The number of users on all pages that match the filter, counted up to 10,000.
    #[graphql(complexity = "cost::total_count()")]
    async fn count(&self, ctx: &Context<'_>) -> Result<Count> {
        Ok(self.counted(ctx, CountTo::Bound).await?.into())
    }

    /// The moment in the past that this list shows. Null for the current list.
    async fn as_of(&self, ctx: &Context<'_>) -> Option<ResolvedMoment> {
        match self.moment {
            Moment::Now(_) => None,
            Moment::Past(as_of) => Some(ResolvedMoment::of(ctx, self.account_id, as_of)),
        }
    }
}
