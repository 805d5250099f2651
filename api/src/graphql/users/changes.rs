//! The users who were added, deleted or changed between two moments.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::user::Status;
use projections::users::{AsOf as PastMoment, Moment, UserChange as Found, list_changes};

use crate::graphql::context::{app, listable_account};
use crate::graphql::error::{bad_input, top_level};
use crate::graphql::events::complete_until;
use crate::graphql::forward::{Entries, ForwardPage};
use crate::graphql::rows::{Row, Rows};
use crate::graphql::users::as_of::{AsOf, ResolvedMoment, latest_moment, past_moment};
use crate::graphql::users::user::User;
use crate::wire::ChangedUser;

/// The kinds of changes between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum UserChangeKind {
    /// The user was invited in between and exists at the later moment.
    Came,
    /// The user existed at the earlier moment and was deleted in between.
    Went,
    /// The user exists at both moments and differs.
    Changed,
    /// The user was invited and deleted in between.
    CameAndWent,
}

/// A user who changed between two moments.
#[derive(SimpleObject)]
pub(crate) struct UserChange {
    /// The kind of change.
    kind: UserChangeKind,
    /// The user at the earlier moment. Null if they had not been invited yet.
    before: Option<User>,
    /// The user at the later moment.
    after: User,
}

/// A changed user and its cursor.
#[derive(SimpleObject)]
pub(crate) struct UserChangeEdge<'a> {
    /// The cursor of this entry, for `after`.
    cursor: String,
    /// The changed user.
    node: Row<&'a UserChange>,
}

/// A page of the users who changed between two moments.
pub(crate) struct UserChangeConnection {
    from: PastMoment,
    to: PastMoment,
    page: Entries<ChangedUser, UserChange>,
    complete_until: Option<DateTime<Utc>>,
}

/// A page of users who changed between two moments, in the order of their invitations.
#[Object]
impl UserChangeConnection {
    /// The changed users with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Rows<UserChangeEdge<'_>> {
        self.page.edges(ctx).map(|(cursor, node)| UserChangeEdge { cursor, node: Row(node) }).collect()
    }

    /// The changed users.
    async fn nodes(&self) -> Rows<&UserChange> {
        self.page.nodes()
    }

    /// Information for paging.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        self.page.page_info(ctx)
    }

    /// The earlier moment, resolved.
    async fn from(&self, ctx: &Context<'_>) -> ResolvedMoment {
        ResolvedMoment::of(ctx, self.page.account_id, self.from)
    }

    /// The later moment, resolved.
    async fn to(&self, ctx: &Context<'_>) -> ResolvedMoment {
        ResolvedMoment::of(ctx, self.page.account_id, self.to)
    }

    /// All events that were recorded up to this instant, by the clock of the database, can be read. A moment after it returns `NOT_YET`.
    /// Null if the instant cannot be determined.
    async fn complete_until(&self) -> Option<DateTime<Utc>> {
        self.complete_until
    }
}

impl UserChange {
    fn new(found: Found, from: PastMoment, to: PastMoment) -> Self {
        let gone = found.after.status == Status::Deleted;
        let kind = match (&found.before, gone) {
            (None, false) => UserChangeKind::Came,
            (None, true) => UserChangeKind::CameAndWent,
            (Some(before), true) if before.status != Status::Deleted => UserChangeKind::Went,
            (Some(_), _) => UserChangeKind::Changed,
        };
        let before = found.before.map(|view| User::at(view, Moment::Past(from)));
        Self { kind, before, after: User::at(found.after, Moment::Past(to)) }
    }
}

/// A page of the users who changed between two moments. Fails if the caller may not list users.
pub(in crate::graphql) async fn page_of_changes(
    ctx: &Context<'_>,
    from: AsOf,
    to: Option<AsOf>,
    first: Option<i32>,
    after: Option<&str>,
) -> Result<UserChangeConnection> {
    let account_id = listable_account(ctx)?;
    let page = ForwardPage::<ChangedUser>::parse(ctx, account_id, first, after, "users")?;
    let from = past_moment(ctx, account_id, from).await?;
    let to = match to {
        Some(to) => past_moment(ctx, account_id, to).await?,
        // An event can be readable before all events that were recorded by then.
        None => Some(latest_moment(ctx, account_id).await?).filter(|latest| latest.position >= from.position).unwrap_or(from),
    };
    if to.position < from.position {
        return Err(bad_input("`to` comes before `from`"));
    }
    let complete_until = complete_until(ctx).await?;
    let found = list_changes(&app(ctx).database, account_id, (from, to), page.after.map(|after| after.0), page.limit()).await;
    let mut found = found.map_err(|error| top_level(error.into()))?;
    let has_next = page.cut(&mut found);
    let changes = found.into_iter().map(|found| (ChangedUser(found.after.id), UserChange::new(found, from, to))).collect();
    Ok(UserChangeConnection { from, to, page: page.with(changes, has_next), complete_until })
}
