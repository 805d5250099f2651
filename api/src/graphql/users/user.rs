//! A user, and the types that describe one.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use projections::users::{AsOf as PastMoment, Moment, UserView};

use crate::graphql::accounts::auth_method::{AuthMethod, configured};
use crate::graphql::api_keys::api_key::{ApiKey, api_keys_of};
use crate::graphql::context::{app, now};
use crate::graphql::cost;
use crate::graphql::events::{EventConnection, EventFilter, EventPage, page_of_events};
use crate::graphql::rows::{Row, Rows};
use crate::graphql::sessions::session::{Session, sessions_of};
use crate::graphql::users::delivery::Delivery;
use crate::graphql::users::past;
use crate::graphql::users::viewer_can::{ViewerCan, viewer_can};
use crate::wire::{OrderDirection, Role, UserStatus};

/// A user: a member of one account, from the invitation on.
#[derive(Clone, Debug)]
pub(in crate::graphql) struct User {
    pub(in crate::graphql) view: UserView,
    /// The moment at which the user is shown; `None` for now.
    as_of: Option<PastMoment>,
}

impl User {
    /// A user in their current state.
    pub(in crate::graphql) const fn now(view: UserView) -> Self {
        Self { view, as_of: None }
    }

    /// A user at a moment.
    pub(in crate::graphql) const fn at(view: UserView, moment: Moment) -> Self {
        match moment {
            Moment::Now(_) => Self::now(view),
            Moment::Past(as_of) => Self { view, as_of: Some(as_of) },
        }
    }
}

/// An invitation that has not been accepted.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct Invitation {
    /// When the current link was created. The link expires a fixed time after this, however late the mail arrives.
    sent_at: DateTime<Utc>,
    /// When the link stops working.
    expires_at: DateTime<Utc>,
    /// The delivery of the mail that contains the link.
    delivery: Row<Delivery>,
}

/// A user: a member of one account, from the invitation on.
#[Object]
impl User {
    /// The id of this object. For a user in the past it also identifies the moment, so that clients that cache by id keep both. `node`
    /// accepts either id; mutations and filters take `userId`.
    pub(in crate::graphql) async fn id(&self, ctx: &Context<'_>) -> ID {
        match self.as_of {
            None => self.view.id.to_string(),
            Some(as_of) => past::id(ctx, &self.view, as_of),
        }
        .into()
    }

    /// The id of the user, which is the same now and in the past. Mutations, filters and links take it.
    async fn user_id(&self) -> ID {
        self.view.id.to_string().into()
    }

    /// The e-mail address, as entered. Comparisons ignore case and Unicode form. Null after the user was erased, also in the past.
    async fn email(&self) -> Option<&str> {
        (!self.view.email.is_empty()).then_some(self.view.email.as_str())
    }

    /// The display name. Null until the user chooses one.
    async fn name(&self) -> Option<&str> {
        self.view.name.as_deref()
    }

    /// The role of the user.
    async fn role(&self) -> Role {
        self.view.role.into()
    }

    /// The status of the user. It depends on the time: a pending invitation expires.
    async fn status(&self, ctx: &Context<'_>) -> UserStatus {
        self.view.status_at(self.as_of.map_or_else(|| now(ctx), |as_of| as_of.at)).into()
    }

    /// The sign-in methods that the user may use.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Rows<AuthMethod> {
        configured(app(ctx).commands.auth_methods(), &self.view.auth_methods).into_iter().collect()
    }

    /// When the user was first invited.
    async fn created_at(&self) -> DateTime<Utc> {
        self.view.created_at
    }

    /// When the user last signed in. Null if they never did.
    async fn last_active_at(&self) -> Option<DateTime<Utc>> {
        self.view.last_active_at
    }

    /// When the personal data of the user was erased. Null if it was not erased.
    async fn erased_at(&self) -> Option<DateTime<Utc>> {
        self.view.erased_at
    }

    /// The pending or expired invitation. Null if the user has accepted or was deleted.
    async fn invitation(&self, ctx: &Context<'_>) -> Option<Row<Invitation>> {
        let open = self.view.status == domain::user::Status::Invited;
        open.then(|| {
            Row(Invitation {
                sent_at: self.view.invitation_sent_at,
                expires_at: self.view.invitation_expires_at,
                delivery: Row(Delivery::of(app(ctx), &self.view.delivery)),
            })
        })
    }

    /// What the viewer may do to this user now and, if not, why. Null for a user in the past.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Option<Result<ViewerCan>> {
        if self.as_of.is_some() {
            return None;
        }
        viewer_can(ctx, &self.view).await.transpose()
    }

    /// The sessions of the user, most recently used first, at most 100. For the user and for admins, not for API keys. Null for a user in
    /// the past.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        if self.as_of.is_some() {
            return None;
        }
        Some(sessions_of(ctx, self.view.account_id, self.view.id).await)
    }

    /// The API keys of the user that are in use, newest first. For the user and for admins, not for API keys. Null for a user in the past.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn api_keys(&self, ctx: &Context<'_>) -> Option<Result<Vec<ApiKey>>> {
        if self.as_of.is_some() {
            return None;
        }
        Some(api_keys_of(ctx, self.view.account_id, self.view.id).await)
    }

    /// The events about this user until now, in pages. Requires permission to read the audit log.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many entries to return, from the start or after `after`: at most 100. Default: 50.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "`DESC` returns the newest first, `ASC` the oldest. Default: `DESC`.")] direction: Option<OrderDirection>,
    ) -> Option<Result<EventConnection>> {
        Some(page_of_events(ctx, EventPage { first, after, direction }, EventFilter::of(self.view.id)).await)
    }

    /// The version of the user, for `expectedVersion`. It increases with every change, but not with sign-ins.
    async fn version(&self) -> u64 {
        self.view.version
    }
}
