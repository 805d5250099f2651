//! Who came, went and was changed between two moments.

use async_graphql::connection::PageInfo;
use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use domain::user::Status;
use domain::{AccountId, UserId};
use projections::users::{AsOf as Place, MAX_PAGE, Moment, UserChange as Found, list_changes};
use uuid::Uuid;

use super::answer::app;
use super::as_of::{AsOf, ResolvedMoment, latest_place, place};
use super::cursor::{self, CursorKind};
use super::error::{bad_input, top_level};
use super::events::complete_until;
use super::query::listable_account;
use super::user::User;

/// How many changed users a page holds when nothing is said.
const DEFAULT_PAGE: i32 = 50;

/// What became of a user between two moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum UserChangeKind {
    /// Was invited, and was not deleted by the later moment.
    Came,
    /// Was there, and was deleted.
    Went,
    /// Was there before and then, otherwise.
    Changed,
    /// Was invited and deleted in between.
    CameAndWent,
}

/// A user who was changed between two moments.
#[derive(SimpleObject)]
pub(crate) struct UserChange {
    /// What became of them.
    kind: UserChangeKind,
    /// As they were at the earlier moment; null when they had not been invited.
    before: Option<User>,
    /// As they were at the later moment.
    after: User,
}

/// A changed user and their place in the list.
#[derive(SimpleObject)]
pub(crate) struct UserChangeEdge<'a> {
    /// The place, for `after`.
    cursor: String,
    /// The user at this place.
    node: &'a UserChange,
}

/// A page of the users who were changed between two moments.
pub(crate) struct UserChangeConnection {
    account_id: AccountId,
    from: Place,
    to: Place,
    changes: Vec<UserChange>,
    has_previous: bool,
    has_next: bool,
    complete_until: Option<DateTime<Utc>>,
}

/// A page of the users who were changed between two moments, in the order of their invitations.
#[Object]
impl UserChangeConnection {
    /// The changed users with their places.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<UserChangeEdge<'_>> {
        self.changes.iter().map(|change| UserChangeEdge { cursor: self.cursor(ctx, change), node: change }).collect()
    }

    /// The changed users.
    async fn nodes(&self) -> &[UserChange] {
        &self.changes
    }

    /// Where this page lies.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.changes.first().map(|change| self.cursor(ctx, change)),
            end_cursor: self.changes.last().map(|change| self.cursor(ctx, change)),
        }
    }

    /// The earlier moment, as it was understood.
    async fn from(&self, ctx: &Context<'_>) -> ResolvedMoment {
        ResolvedMoment::of(ctx, self.account_id, self.from)
    }

    /// The later moment, as it was understood.
    async fn to(&self, ctx: &Context<'_>) -> ResolvedMoment {
        ResolvedMoment::of(ctx, self.account_id, self.to)
    }

    /// Every event that was recorded up to this instant, by the database's clock, can be read: none can still appear. A later moment than
    /// this one is `NOT_YET`. Null when it cannot be told.
    async fn complete_until(&self) -> Option<DateTime<Utc>> {
        self.complete_until
    }
}

impl UserChangeConnection {
    fn cursor(&self, ctx: &Context<'_>, change: &UserChange) -> String {
        cursor::seal(ctx, self.account_id, CursorKind::UserChanges, change.after.view.id.uuid().as_bytes())
    }
}

impl UserChange {
    fn new(found: Found, from: Place, to: Place) -> Self {
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

/// A page of the users who were changed between two moments, for who may list users.
pub(super) async fn page_of_changes(
    ctx: &Context<'_>,
    from: AsOf,
    to: Option<AsOf>,
    first: Option<i32>,
    after: Option<&str>,
) -> Result<UserChangeConnection> {
    let account_id = listable_account(ctx)?;
    let size = u32::try_from(first.unwrap_or(DEFAULT_PAGE)).ok().filter(|size| *size <= MAX_PAGE);
    let size = size.ok_or_else(|| bad_input(&format!("a page holds 0 to {MAX_PAGE} users")))?;
    let id = |place: &[u8]| Uuid::from_slice(place).ok().map(UserId::new);
    let after = after.map(|text| cursor::parse(ctx, account_id, CursorKind::UserChanges, ("after", text), id)).transpose()?;
    let from = place(ctx, account_id, from).await?;
    let to = match to {
        Some(to) => place(ctx, account_id, to).await?,
        // An event may be told before everything is that was recorded by then.
        None => Some(latest_place(ctx, account_id).await?).filter(|latest| latest.place >= from.place).unwrap_or(from),
    };
    if to.place < from.place {
        return Err(bad_input("`to` comes before `from`"));
    }
    let complete_until = complete_until(ctx).await?;
    let found = list_changes(&app(ctx).database, account_id, (from, to), after, size + 1).await;
    let mut found = found.map_err(|error| top_level(error.into()))?;
    let has_next = found.len() > size as usize;
    found.truncate(size as usize);
    let changes = found.into_iter().map(|found| UserChange::new(found, from, to)).collect();
    Ok(UserChangeConnection { account_id, from, to, changes, has_previous: after.is_some(), has_next, complete_until })
}
