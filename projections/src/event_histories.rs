//! The whole streams of the users whose changes a page shows, read together.

use std::collections::{BTreeSet, HashMap};

use domain::user::{User, UserEvent};
use domain::{AccountId, UserId};
use event_store::EventStore;
use sqlx::PgPool;
use tokio::sync::OnceCell;

use crate::AnyEvent;

/// The streams of some users of one account. The first reader reads all of them, every other reader shares the answer. It shows them as they
/// are at that moment.
#[derive(Debug)]
pub struct EventHistories {
    account_id: AccountId,
    users: BTreeSet<UserId>,
    found: OnceCell<HashMap<UserId, Vec<UserEvent>>>,
}

impl EventHistories {
    pub(crate) fn new(account_id: AccountId, users: impl IntoIterator<Item = UserId>) -> Self {
        Self { account_id, users: users.into_iter().collect(), found: OnceCell::new() }
    }

    /// The account whose users they are.
    #[must_use]
    pub const fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// Every event of one of these users. `None` when one of their events cannot be read.
    ///
    /// # Errors
    /// When the database is lost. The next reader tries again.
    pub async fn find(&self, store: &EventStore, database: &PgPool, user_id: UserId) -> Result<Option<&[UserEvent]>, event_store::Error> {
        let found = self.found.get_or_try_init(async || {
            let ids: Vec<_> = self.users.iter().map(ToString::to_string).collect();
            let streams = store.read_streams::<User>(database, self.account_id, &ids).await?;
            let histories = streams.into_iter().filter_map(|(id, events)| {
                let read = events.iter().map(|event| match AnyEvent::read(event) {
                    Ok(AnyEvent::User(user_event)) => Some(user_event),
                    _ => None,
                });
                Some((id.parse().ok()?, read.collect::<Option<Vec<_>>>()?))
            });
            Ok(histories.collect())
        });
        found.await.map(|found: &HashMap<_, Vec<_>>| found.get(&user_id).map(Vec::as_slice))
    }
}
