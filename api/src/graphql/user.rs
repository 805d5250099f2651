//! A user, and what inputs and outputs say of one.

pub(super) mod past;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use projections::users::{AsOf as Place, Moment, UserView};

use super::answer::{app, now};
use super::api_keys::{ApiKey, api_keys_of};
use super::auth_method::{AuthMethod, configured};
use super::cost;
use super::delivery::Delivery;
use super::events::{EventConnection, EventFilter, EventPage, page_of_events};
use super::sessions::{Session, sessions_of};
use super::viewer_can::{ViewerCan, viewer_can};
use crate::wire::{OrderDirection, Role, UserStatus};

/// A user: one member of one account, from the invitation on.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) view: UserView,
    /// The moment that they are shown as of; `None` for now.
    as_of: Option<Place>,
}

impl User {
    /// A user as they are now.
    pub(super) const fn now(view: UserView) -> Self {
        Self { view, as_of: None }
    }

    /// A user as they are shown at a moment.
    pub(super) const fn at(view: UserView, moment: Moment) -> Self {
        match moment {
            Moment::Now(_) => Self::now(view),
            Moment::Past(as_of) => Self { view, as_of: Some(as_of) },
        }
    }
}

/// An invitation that has not been accepted.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct Invitation {
    /// When its link was made that works now; its time runs from here, whenever the mail arrives.
    sent_at: DateTime<Utc>,
    /// From this instant on its link is dead.
    expires_at: DateTime<Utc>,
    /// What became of the mail with its link.
    delivery: Delivery,
}

/// A user: one member of one account, from the invitation on.
#[Object]
impl User {
    /// The id of what is shown. Now it is the id of the user. In the past it names the user at that moment: a client that keeps things by
    /// id keeps both. `node` takes either; mutations and filters take `userId`.
    pub(super) async fn id(&self, ctx: &Context<'_>) -> ID {
        match self.as_of {
            None => self.view.id.to_string(),
            Some(as_of) => past::id(ctx, &self.view, as_of),
        }
        .into()
    }

    /// The id of the user, now and in the past: what mutations, filters and links take.
    async fn user_id(&self) -> ID {
        self.view.id.to_string().into()
    }

    /// Their address, as it was given. It compares without regard to case and Unicode form. Null once they were erased, also in the past.
    async fn email(&self) -> Option<&str> {
        (!self.view.email.is_empty()).then_some(self.view.email.as_str())
    }

    /// What they want to be called; null until they say so.
    async fn name(&self) -> Option<&str> {
        self.view.name.as_deref()
    }

    /// What they may do.
    async fn role(&self) -> Role {
        self.view.role.into()
    }

    /// Where they stand. An invitation expires by the clock.
    async fn status(&self, ctx: &Context<'_>) -> UserStatus {
        self.view.status_at(self.as_of.map_or_else(|| now(ctx), |as_of| as_of.at)).into()
    }

    /// The ways in which they may sign in.
    async fn auth_methods(&self, ctx: &Context<'_>) -> Vec<AuthMethod> {
        configured(app(ctx).commands.auth_methods(), &self.view.auth_methods)
    }

    /// When they were first invited.
    async fn created_at(&self) -> DateTime<Utc> {
        self.view.created_at
    }

    /// When they last signed in; null until the first time.
    async fn last_active_at(&self) -> Option<DateTime<Utc>> {
        self.view.last_active_at
    }

    /// Since when nothing personal is known of them; null for whoever was not erased.
    async fn erased_at(&self) -> Option<DateTime<Utc>> {
        self.view.erased_at
    }

    /// Their open invitation, pending or expired; null for everybody else.
    async fn invitation(&self, ctx: &Context<'_>) -> Option<Invitation> {
        let open = self.view.status == domain::user::Status::Invited;
        open.then(|| Invitation {
            sent_at: self.view.invitation_sent_at,
            expires_at: self.view.invitation_expires_at,
            delivery: Delivery::of(app(ctx), &self.view.delivery),
        })
    }

    /// What the viewer may do to this user now, and if not, why. Null of a user in the past.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Option<Result<ViewerCan>> {
        if self.as_of.is_some() {
            return None;
        }
        viewer_can(ctx, &self.view).await.transpose()
    }

    /// From where they are signed in, what was used last first, at most 100. For oneself and for admins, not for API keys. Null of a user in the past.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        if self.as_of.is_some() {
            return None;
        }
        Some(sessions_of(ctx, self.view.account_id, self.view.id).await)
    }

    /// Their API keys that are in use, the newest first. For oneself and for admins, not for API keys. Null of a user in the past.
    #[graphql(complexity = "cost::list_of_one_user(child_complexity)")]
    async fn api_keys(&self, ctx: &Context<'_>) -> Option<Result<Vec<ApiKey>>> {
        if self.as_of.is_some() {
            return None;
        }
        Some(api_keys_of(ctx, self.view.account_id, self.view.id).await)
    }

    /// What happened to them until now, in pages: of the audit log, with the rights that it needs.
    #[graphql(complexity = "cost::page(first, child_complexity)")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, from the beginning or after a place: at most 100, 50 when nothing is said.")] first: Option<i32>,
        #[graphql(desc = "The cursor that the page comes after.")] after: Option<String>,
        #[graphql(desc = "Whether the newest or the oldest come first; the newest when absent.")] direction: Option<OrderDirection>,
    ) -> Option<Result<EventConnection>> {
        Some(page_of_events(ctx, EventPage { first, after, direction }, EventFilter::of(self.view.id)).await)
    }

    /// Rises with every change of the user, though not with sign-ins; for `expectedVersion`.
    async fn version(&self) -> u64 {
        self.view.version
    }
}
