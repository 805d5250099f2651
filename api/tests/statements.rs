//! However many rows an answer has, it takes the same number of statements.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use api::app::App;
use api::feed_poller::FeedPoller;
use api::graphql::{Schema, request_data, schema};
use api::site::Site;
use chrono::Utc;
use commands::{Commands, Context, DeleteUser, Error, InviteRow, InviteUsers, OpenAccountForAdmin};
use domain::{AccountId, Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role, SessionId, UserId};
use event_store::{IdentityGuard, MasterKeys};
use graphql_http::TrustedProxies;
use oidc::Providers;
use test_support::{TIMEOUT, TestDatabase};
use tracing::Subscriber;
use tracing_subscriber::layer::{Context as LayerContext, SubscriberExt};
use uuid::Uuid;

/// Counts what sqlx says of each statement that it runs.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl<S: Subscriber> tracing_subscriber::Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _: LayerContext<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

struct World {
    app: Arc<App>,
    schema: Schema,
    account: AccountId,
    admin: UserId,
    _database: TestDatabase,
}

impl World {
    async fn open() -> Self {
        let database = TestDatabase::create().await;
        let pool = database.pool();
        let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Password".to_owned() };
        let commands = Commands::new(pool.clone(), &MasterKeys::generate().unwrap(), vec![password]);
        let site = Site::parse("http://127.0.0.1:8080").unwrap();
        let app = Arc::new(App {
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
        Self { schema: schema(Arc::clone(&app), feed, true), app, account: opened.account_id, admin: opened.user_id, _database: database }
    }

    /// Waits until every event can be read: what others write in this cluster holds that back.
    async fn until_every_event_shows(&self) {
        let deadline = Instant::now() + TIMEOUT;
        let shows = "select bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())) from events";
        while !sqlx::query_scalar::<_, bool>(shows).fetch_one(&self.app.database).await.unwrap() {
            assert!(Instant::now() < deadline, "some events do not show");
            tokio::task::yield_now().await;
        }
    }

    /// The account's admin, as the permission table sees them.
    fn by_admin(&self) -> Context {
        let session = SessionId::new(Uuid::now_v7());
        let actor = Actor::User { account: self.account, user: self.admin, role: Role::Admin, session };
        Context::new(actor, None, Utc::now())
    }

    async fn invite(&self, count: usize, name: &str) {
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
    async fn statements(&self, counter: &Counter, query: &str, word: &str) -> (usize, usize) {
        let mut request = async_graphql::Request::new(query);
        request.data = request_data(self.by_admin());
        counter.0.store(0, Ordering::Relaxed);
        let answer = self.schema.execute(request).await;
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        (counter.0.load(Ordering::Relaxed), answer.data.to_string().matches(word).count())
    }
}

const EVERYTHING: &str = "id email name role status authMethods { id } createdAt lastActiveAt invitation { expiresAt } version
    viewerCan { delete { allowed code } deactivate { allowed } leave { code } }";

#[tokio::test]
async fn a_page_of_a_hundred_takes_as_many_statements_as_a_page_of_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    let page = |first: usize| {
        format!(
            "{{ users(first: {first}) {{ totalCount nodes {{ {EVERYTHING} }} edges {{ cursor }} pageInfo {{ endCursor }} }} userStats {{ total }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "viewerCan").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "viewerCan").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
    let (without, _) = world.statements(&counter, "{ users(first: 100) { nodes { email } } }", "email").await;
    assert_eq!(without, 1, "what is not asked for is not looked up");
}

#[tokio::test]
async fn a_hundred_events_take_as_many_statements_as_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    world.until_every_event_shows().await;
    let page = |first: usize| {
        format!(
            "{{ auditLog(first: {first}) {{ totalCount nodes {{ type summary address actor {{ kind user {{ email }} }} user {{ email status }} \
             changes {{ field from to }} }} edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "summary").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "summary").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
}

#[tokio::test]
async fn a_hundred_refused_attempts_take_as_many_statements_as_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    world.invite(120, "user").await;
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from users order by id").fetch_all(&world.app.database).await.unwrap();
    for (user, other) in ids.iter().zip(ids.iter().rev()) {
        let session = SessionId::new(Uuid::now_v7());
        let actor = Actor::User { account: world.account, user: UserId::new(*user), role: Role::Viewer, session };
        let input = DeleteUser { id: other.to_string(), confirm_email: String::new(), expected_version: None, idempotency_key: None };
        let refused = world.app.commands.delete_user(&Context::new(actor, None, Utc::now()), world.account, &input).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }
    world.app.commands.write_refused_attempts().await.unwrap();
    let page = |first: usize| {
        format!(
            "{{ refusedAttempts(first: {first}) {{ totalCount nodes {{ operation code summary address actor {{ kind user {{ email }} }} \
             user {{ email status }} }} edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let (one, rows) = world.statements(&counter, &page(1), "summary").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &page(100), "summary").await;
    assert_eq!(rows, 100);
    assert_eq!((one, hundred), (3, 3), "the page, whom it names, and how many there are");
}

#[tokio::test]
async fn inviting_a_hundred_takes_as_many_statements_as_inviting_one() {
    let counter = Counter::default();
    let _counting = tracing::subscriber::set_default(tracing_subscriber::registry().with(counter.clone()));
    let world = World::open().await;
    let many = |count: usize, name: &str| {
        let rows: Vec<_> = (0..count)
            .map(|number| format!("{{ email: \"{name}{number}@acme.example\", role: VIEWER, authMethods: [\"password\"] }}"))
            .collect();
        format!(
            "mutation {{ inviteUsers(input: {{ rows: [{}] }}) {{ invited results {{ user {{ email status }} userErrors {{ code }} }} }} }}",
            rows.join(", ")
        )
    };
    let (one, rows) = world.statements(&counter, &many(1, "one"), "email").await;
    assert_eq!(rows, 1);
    let (hundred, rows) = world.statements(&counter, &many(100, "many"), "email").await;
    assert_eq!(rows, 100);
    assert!(one > 0, "nothing was counted");
    assert_eq!(hundred, one);
}
