//! An account and the rows of its users.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::UserEvent;
use domain::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Personal, Role, UserId};
use event_store::{CountTo, Cursor, Writes};
use projections::users::{AsOf, MAX_PAGE, Moment, PageRequest, UserFilter, UserOrder, UserView, count_users, list_users};
use projections::{AppendedEvent, project};
use sqlx::PgPool;
use test_support::TestDatabase;
use uuid::Uuid;

pub(crate) struct World {
    database: TestDatabase,
    pub(crate) account: AccountId,
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

impl World {
    pub(crate) async fn open() -> Self {
        Self::over(TestDatabase::create().await).await
    }

    /// The same over this database.
    pub(crate) async fn over(database: TestDatabase) -> Self {
        let world = Self { database, account: AccountId::new(Uuid::now_v7()) };
        world.open_account(world.account, "nimbus").await;
        world
    }

    pub(crate) fn pool(&self) -> PgPool {
        self.database.pool()
    }

    pub(crate) async fn open_account(&self, id: AccountId, slug: &str) {
        let insert = "insert into accounts (id, name, slug, created_at) values ($1, 'Nimbus', $2, now())";
        sqlx::query(insert).bind(id.uuid()).bind(slug).execute(&self.pool()).await.expect("opens");
    }

    /// Projects a user who was invited at an instant, and what came after.
    pub(crate) async fn user(&self, account: AccountId, email: &str, role: Role, at: DateTime<Utc>, after: &[UserEvent]) -> UserId {
        let id = UserId::new(Uuid::now_v7());
        let mut events = vec![UserEvent::Invited {
            account_id: account,
            email: Personal::Known(EmailAddress::parse(email).expect("valid")),
            role,
            auth_methods: AuthMethods::parse([AuthMethodId::password()]).expect("not empty"),
            invitation_id: InvitationId::new(Uuid::now_v7()),
            expires_at: at + TimeDelta::hours(24),
        }];
        events.extend_from_slice(after);
        let version = events.len() as u64;
        self.project(account, id, events, version, at).await;
        id
    }

    /// Makes the rows of today those of a moment of the past. Since then some users have changed, and some have signed in again.
    pub(crate) async fn write_versions(&self) -> Moment {
        let columns = "account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at, invitation_id,
            invitation_sent_at, invitation_expires_at, delivery_state, delivery_at, delivery_attempts, delivery_detail, erased_at";
        let digit = |place| format!("('x' || substr(id::text, {place}, 1))::bit(4)::integer");
        let (changed, active) = (format!("{} % 2 = 1", digit(36)), format!("last_active_at is not null and {} % 3 = 1", digit(35)));
        for write in [
            format!(
                "insert into user_versions (since_transaction, since_rank, until_transaction, until_rank, delivered_transaction,
                    delivered_rank, {columns})
                select 1, 1, 3, 1, 1, 1, {columns} from users where {changed}"
            ),
            format!(
                "insert into past_activity (account_id, user_id, since_transaction, since_rank, until_transaction, until_rank, last_active_at)
                select account_id, id, 1, 1, 3, 1, last_active_at from users where {active}"
            ),
            format!(
                "update users set since_transaction = case when {changed} then 3 else 1 end, since_rank = 1,
                    active_transaction = case when {active} then 3 else 1 end, active_rank = 1, delivered_transaction = 1,
                    delivered_rank = 1"
            ),
        ] {
            sqlx::query(&write).execute(&self.pool()).await.expect("writes the past");
        }
        let mut bytes = [0; Cursor::LENGTH];
        bytes[11] = 2;
        let position = Cursor::from_bytes(&bytes).expect("a cursor");
        Moment::Past(AsOf { position, at: now(), event: None, decided_until: now() + TimeDelta::days(365) })
    }

    /// Projects what brought a user to a version.
    pub(crate) async fn project(&self, account: AccountId, id: UserId, events: Vec<UserEvent>, version: u64, at: DateTime<Utc>) {
        let events: Vec<_> = AppendedEvent::of_stream(account, id.uuid(), version, at, events).collect();
        let mut connection = self.pool().acquire().await.expect("connects");
        let mut writes = Writes::default();
        project(&mut connection, &mut writes, &events).await.expect("projects");
        writes.execute(&mut connection).await.expect("writes");
    }

    pub(crate) async fn list(&self, filter: &UserFilter, page: PageRequest, at: DateTime<Utc>) -> (Vec<UserView>, bool, bool) {
        let page = list_users(&self.pool(), self.account, filter, UserOrder::default(), page, Moment::Now(at)).await.expect("lists");
        (page.users, page.has_previous, page.has_next)
    }

    pub(crate) async fn emails(&self, filter: &UserFilter, at: DateTime<Utc>) -> Vec<String> {
        let users = self.list(filter, PageRequest::First(MAX_PAGE, None), at).await.0;
        let count = count_users(&self.pool(), self.account, filter, Moment::Now(at), CountTo::End).await.expect("counts").count;
        assert_eq!(count, users.len() as u64, "the count is that of the list");
        users.into_iter().map(|user| user.email).collect()
    }
}

pub(crate) fn accepted() -> UserEvent {
    UserEvent::Accepted { auth_method: AuthMethodId::password() }
}
