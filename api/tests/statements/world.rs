//! An account over a database, without a server.

use std::sync::Arc;
use std::time::Instant;

use api::app::App;
use api::graphql::{Schema, request_data, schema};
use api::site::Site;
use api::workers::feed::FeedPoller;
use async_graphql::{Executor, Request};
use chrono::Utc;
use commands::{Commands, Context, InviteRow, InviteUsers, OpenAccountForAdmin, UpdateUser};
use domain::{AccountId, Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role, SessionId, UserId};
use event_store::{IdentityGuard, MasterKeys};
use graphql_http::TrustedProxies;
use oidc::Providers;
use test_support::{TIMEOUT, TestDatabase};
use uuid::Uuid;

use crate::counter::Counter;

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) feed: Arc<FeedPoller>,
    pub(crate) schema: Schema,
    pub(crate) account: AccountId,
    pub(crate) admin: UserId,
    _database: TestDatabase,
}

impl World {
    pub(crate) async fn open() -> Self {
        let database = TestDatabase::create().await;
        let pool = database.pool();
        let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Password".to_owned() };
        let commands = Commands::new(pool.clone(), &MasterKeys::generate().unwrap(), vec![password]);
        let site = Site::parse("http://127.0.0.1:8080").unwrap();
        let app = Arc::new(App {
            mail_texts: Arc::default(),
            commands,
            database: pool,
            identity: IdentityGuard::default(),
            site,
            providers: Providers::default(),
            mail: None,
            proxies: TrustedProxies::default(),
            clock: Arc::new(Utc::now),
        });
        let feed = Arc::new(FeedPoller::new(Arc::clone(&app)));
        let open = OpenAccountForAdmin { name: "Acme".to_owned(), slug: "acme".to_owned(), admin_email: "ada@acme.example".to_owned() };
        let opened = app.commands.open_account_for_admin(&Context::new(Actor::Operator, None, Utc::now()), &open).await.unwrap();
        Self {
            schema: schema(Arc::clone(&app), Arc::clone(&feed), true),
            app,
            feed,
            account: opened.account_id,
            admin: opened.user_id,
            _database: database,
        }
    }

    /// Waits until every event can be read: what others write in this cluster holds that back.
    pub(crate) async fn until_every_event_shows(&self) {
        let deadline = Instant::now() + TIMEOUT;
        let shows = "select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) from events";
        while !sqlx::query_scalar::<_, bool>(shows).fetch_one(&self.app.database).await.unwrap() {
            assert!(Instant::now() < deadline, "some events do not show");
            tokio::task::yield_now().await;
        }
    }

    /// The account's admin, as the permission table sees them.
    pub(crate) fn by_admin(&self) -> Context {
        let session = SessionId::new(Uuid::now_v7());
        let actor = Actor::User { account: self.account, user: self.admin, role: Role::Admin, session };
        Context::new(actor, None, Utc::now())
    }

    /// Gives the admin a name, as the admin does.
    pub(crate) async fn rename(&self, name: &str) {
        let update = UpdateUser { id: self.admin.to_string(), name: Some(name.to_owned()), ..UpdateUser::default() };
        self.app.commands.update_user(&self.by_admin(), self.account, &update).await.unwrap();
    }

    pub(crate) async fn invite(&self, count: usize, name: &str) {
        let row = |number| InviteRow {
            email: format!("{name}{number}@acme.example"),
            role: Role::Viewer,
            auth_methods: vec!["password".to_owned()],
        };
        let input = InviteUsers { rows: (0..count).map(row).collect(), dry_run: false, idempotency_key: None };
        let answers = self.app.commands.invite_users(&self.by_admin(), self.account, &input).await.unwrap();
        assert!(answers.iter().all(|answer| answer.refusal.is_none()));
    }

    /// How many statements an operation runs, and how many times a word is in its answer.
    pub(crate) async fn statements(&self, counter: &Counter, query: &str, word: &str) -> (usize, usize) {
        let mut request = Request::new(query);
        request.data = request_data(self.by_admin());
        counter.take();
        let answer = self.schema.execute(request).await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        (counter.take(), answer.data.to_string().matches(word).count())
    }
}
