//! The users and service keys that events or refused attempts name, looked up together.

use std::collections::{BTreeSet, HashMap};

use domain::{AccountId, ActorName, ServiceKeyId, UserId};
use sqlx::PgPool;
use tokio::sync::OnceCell;

use crate::service_keys::find_service_key_names;
use crate::users::{UserView, find_users};

/// The users and service keys that a page of one account names. The first reader looks all of them up, every other reader shares the
/// answer. It shows them as they are at that moment.
#[derive(Debug)]
pub struct NamedPeople {
    account_id: AccountId,
    users: BTreeSet<UserId>,
    service_keys: BTreeSet<ServiceKeyId>,
    found_users: OnceCell<HashMap<UserId, UserView>>,
    found_service_keys: OnceCell<HashMap<ServiceKeyId, String>>,
}

impl NamedPeople {
    /// The people behind these names of actors, and these users.
    pub fn new(account_id: AccountId, actors: impl IntoIterator<Item = ActorName>, users: impl IntoIterator<Item = UserId>) -> Self {
        let mut users: BTreeSet<_> = users.into_iter().collect();
        let mut service_keys = BTreeSet::new();
        for actor in actors {
            match actor {
                ActorName::User(id) => drop(users.insert(id)),
                ActorName::ServiceKey(id) => drop(service_keys.insert(id)),
                ActorName::ApiKey(_) | ActorName::Visitor | ActorName::Operator | ActorName::System => {}
            }
        }
        Self { account_id, users, service_keys, found_users: OnceCell::new(), found_service_keys: OnceCell::new() }
    }

    /// The account whose people they are.
    #[must_use]
    pub const fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// A user whom the page names.
    ///
    /// # Errors
    /// When the database is lost. The next reader tries again.
    pub async fn find_user(&self, database: &PgPool, id: UserId) -> Result<Option<&UserView>, sqlx::Error> {
        let found = self.found_users.get_or_try_init(async || {
            let ids: Vec<_> = self.users.iter().copied().collect();
            let found = find_users(database, self.account_id, &ids).await?;
            Ok(found.into_iter().map(|user| (user.id, user)).collect())
        });
        found.await.map(|found: &HashMap<_, _>| found.get(&id))
    }

    /// The name of a service key that the page names.
    ///
    /// # Errors
    /// When the database is lost. The next reader tries again.
    pub async fn find_service_key_name(&self, database: &PgPool, id: ServiceKeyId) -> Result<Option<&str>, sqlx::Error> {
        let found = self.found_service_keys.get_or_try_init(async || {
            let ids: Vec<_> = self.service_keys.iter().copied().collect();
            let found = find_service_key_names(database, self.account_id, &ids).await?;
            Ok(found.into_iter().collect())
        });
        found.await.map(|found: &HashMap<_, String>| found.get(&id).map(String::as_str))
    }
}
