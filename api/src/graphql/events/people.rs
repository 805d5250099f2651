use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_graphql::{Context, Result};
use commands::may_read;
use domain::{AccountId, Operation, ServiceKeyId, UserId};
use event_store::RecordedEvent;
use projections::service_keys::find_service_key_names;
use projections::users::{UserView, find_users};

use super::actor::{service_key_named_by, user_named_by};
use crate::graphql::answer::{app, request, visible_user};
use crate::graphql::error::top_level;
use crate::graphql::user::User;

/// The users and the names of service keys in events, in their current state: looked up together for a page, or one by one.
#[derive(Clone)]
pub(super) enum People {
    /// The users of a page.
    Known(Arc<Known>),
    /// Each is looked up when it is requested.
    Unknown,
}

/// The users of a page.
pub(super) struct Known {
    users: HashMap<UserId, UserView>,
    service_keys: HashMap<ServiceKeyId, String>,
}

impl People {
    /// Looks up all users in a page of events in one statement, and service keys, if any, in another.
    pub(super) async fn load(ctx: &Context<'_>, account_id: AccountId, events: &[RecordedEvent]) -> Result<Self> {
        let actors = events.iter().filter_map(|event| user_named_by(event.metadata.get("actor")?));
        let subjects = events.iter().filter_map(|event| event.person_id);
        let ids: Vec<_> = actors.chain(subjects).collect::<BTreeSet<_>>().into_iter().collect();
        let found = find_users(&app(ctx).database, account_id, &ids).await.map_err(|error| top_level(error.into()))?;
        let keys = events.iter().filter_map(|event| service_key_named_by(event.metadata.get("actor")?));
        Self::known(ctx, account_id, found, keys.collect()).await
    }

    /// The found users, and the names of these service keys.
    pub(super) async fn known(
        ctx: &Context<'_>,
        account_id: AccountId,
        found: Vec<UserView>,
        keys: BTreeSet<ServiceKeyId>,
    ) -> Result<Self> {
        let keys: Vec<_> = keys.into_iter().collect();
        let service_keys = if keys.is_empty() { vec![] } else { names(ctx, account_id, &keys).await? };
        let users = found.into_iter().map(|user| (user.id, user)).collect();
        Ok(Self::Known(Arc::new(Known { users, service_keys: service_keys.into_iter().collect() })))
    }

    /// The name of a service key.
    pub(super) async fn find_service_key_name(&self, ctx: &Context<'_>, account_id: AccountId, id: ServiceKeyId) -> Result<Option<String>> {
        match self {
            Self::Known(known) => Ok(known.service_keys.get(&id).cloned()),
            Self::Unknown => Ok(names(ctx, account_id, &[id]).await?.pop().map(|(_, name)| name)),
        }
    }

    /// A user. `None` if the caller may not see them.
    pub(super) async fn find(&self, ctx: &Context<'_>, account_id: AccountId, id: UserId) -> Result<Option<User>> {
        match self {
            Self::Known(known) => {
                let may_see = may_read(&request(ctx).actor, Operation::ReadUser, account_id, Some(id)).is_ok();
                Ok(known.users.get(&id).filter(|_| may_see).cloned().map(User::now))
            }
            Self::Unknown => visible_user(ctx, account_id, id).await,
        }
    }
}

async fn names(ctx: &Context<'_>, account_id: AccountId, ids: &[ServiceKeyId]) -> Result<Vec<(ServiceKeyId, String)>> {
    find_service_key_names(&app(ctx).database, account_id, ids).await.map_err(|error| top_level(error.into()))
}
