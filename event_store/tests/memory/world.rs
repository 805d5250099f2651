//! A store over a database of its own, and events to put into it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::user::{User, UserEvent};
use domain::{AccountId, Actor, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Role, UserId};
use event_store::{Batch, Cursor, Error, EventStore, MasterKeys, Metadata, Person, RecordedEvent};
use sqlx::{PgPool, PgTransaction};
use test_support::{TIMEOUT, TestDatabase};
use uuid::Uuid;

pub(crate) const ADDRESS: &str = "ada@example.com";

pub(crate) struct World {
    pub(crate) store: EventStore,
    pub(crate) pool: PgPool,
    pub(crate) url: String,
    pub(crate) account: AccountId,
    _database: Option<TestDatabase>,
}

impl World {
    pub(crate) async fn open() -> Self {
        let database = TestDatabase::create().await;
        let (pool, url) = (database.pool(), database.url().to_owned());
        Self { _database: Some(database), ..Self::over(pool, url) }
    }

    /// A store over someone else's database.
    pub(crate) fn over(pool: PgPool, url: String) -> Self {
        let store = EventStore::new(&MasterKeys::generate().expect("randomness"));
        Self { store, pool, url, account: AccountId::new(Uuid::now_v7()), _database: None }
    }

    /// The same store, over a copy of the database.
    pub(crate) fn moved(self, pool: PgPool, url: String) -> Self {
        Self { pool, url, ..self }
    }

    /// Someone new, with a key of their own.
    pub(crate) fn person(&self) -> (UserId, Person) {
        let id = UserId::new(Uuid::now_v7());
        (id, self.store.new_person(self.account, id).expect("randomness"))
    }

    /// Appends to a user's stream within a transaction.
    pub(crate) async fn append(
        &self,
        transaction: &mut PgTransaction<'_>,
        id: UserId,
        version: u64,
        events: &[UserEvent],
        person: Option<&mut Person>,
    ) -> Result<(), Error> {
        let mut batch = Batch::default();
        batch.add::<User>(self.account, id, version, events, person)?;
        self.store.append(transaction, batch, &metadata()).await
    }

    /// Appends to a user's stream, and commits.
    pub(crate) async fn commit(&self, id: UserId, version: u64, events: &[UserEvent], person: Option<&mut Person>) -> Result<(), Error> {
        let mut transaction = self.pool.begin().await.expect("begins");
        self.append(&mut transaction, id, version, events, person).await?;
        transaction.commit().await.expect("commits");
        Ok(())
    }

    /// Invites someone new, and commits.
    pub(crate) async fn invite(&self) -> UserId {
        let (id, mut person) = self.person();
        self.commit(id, 0, &[self.invited()], Some(&mut person)).await.expect("appends");
        id
    }

    pub(crate) fn invited(&self) -> UserEvent {
        UserEvent::Invited {
            account_id: self.account,
            email: Personal::Known(EmailAddress::parse(ADDRESS).expect("valid")),
            role: Role::Editor,
            auth_methods: AuthMethods::parse([AuthMethodId::password()]).expect("not empty"),
            invitation_id: InvitationId::new(Uuid::now_v7()),
            expires_at: now(),
        }
    }

    pub(crate) async fn read(&self, after: Cursor, limit: u32) -> Vec<RecordedEvent> {
        let mut connection = self.pool.acquire().await.expect("connects");
        self.store.read_feed(&mut connection, after, limit).await.expect("reads")
    }

    /// The feed, as soon as it shows so many events.
    pub(crate) async fn read_when(&self, count: usize) -> Vec<RecordedEvent> {
        let deadline = tokio::time::Instant::now() + TIMEOUT;
        loop {
            let events = self.read(Cursor::default(), 1000).await;
            if events.len() >= count {
                return events;
            }
            assert!(tokio::time::Instant::now() < deadline, "the feed shows {} of {count} events", events.len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

pub(crate) fn renamed(name: &str) -> UserEvent {
    UserEvent::NameChanged { name: Personal::Known(Name::parse(name).expect("valid")) }
}

pub(crate) fn metadata() -> Metadata {
    Metadata {
        actor: Actor::Operator,
        request_id: Some("request-1".to_owned()),
        cause: "inviteUser".to_owned(),
        operation_id: None,
        undoes: None,
        at: now(),
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

/// What an event that opens holds.
pub(crate) fn payload(event: &RecordedEvent) -> &serde_json::Value {
    event.payload.as_ref().expect("it opens")
}
