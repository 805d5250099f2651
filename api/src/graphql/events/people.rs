use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::{Context, Result};
use commands::may_read;
use domain::{AccountId, Operation, UserId};
use event_store::RecordedEvent;
use projections::users::{UserView, find_users};

use super::actor::user_named_by;
use crate::graphql::answer::{app, request, visible_user};
use crate::graphql::error::top_level;
use crate::graphql::user::User;

/// The users whom events speak of, as they are now: looked up together for a page, or one by one.
#[derive(Clone)]
pub(super) enum People {
    /// Whoever a page names.
    Known(Arc<HashMap<UserId, UserView>>),
    /// Each is looked up when somebody asks.
    Unknown,
}

impl People {
    /// Looks up everybody whom a page of events names, in one statement.
    pub(super) async fn load(ctx: &Context<'_>, account_id: AccountId, events: &[RecordedEvent]) -> Result<Self> {
        let actors = events.iter().filter_map(|event| user_named_by(event.metadata.get("actor")?));
        let subjects = events.iter().filter_map(|event| event.person_id);
        let ids: Vec<_> = actors.chain(subjects).collect::<BTreeSet<_>>().into_iter().collect();
        let found = find_users(&app(ctx).database, account_id, &ids).await.map_err(|error| top_level(error.into()))?;
        Ok(Self::Known(Arc::new(found.into_iter().map(|user| (user.id, user)).collect())))
    }

    /// A user, for who may see them.
    pub(super) async fn find(&self, ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
        match self {
            Self::Known(users) => {
                let may_see = may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).is_ok();
                Ok(users.get(&id).filter(|_| may_see).cloned().map(User::now))
            }
            Self::Unknown => visible_user(ctx, account_id, id).await,
        }
    }
}
