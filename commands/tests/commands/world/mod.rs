//! An account with an admin, and the people whom a test lets in.

mod reading;

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use commands::mail::{Due, WaitingMail};
use commands::{
    AcceptInvitation, Changed, Commands, Context, DeleteUser, Deleted, Error, Finished, InviteUser, LimitSettings, OpenAccount,
    OpenAccountForAdmin, ResendInvitation, SessionToken, SignIn, SignedIn, UpdateUser,
};
use domain::{AccountId, Actor, AuthMethod, AuthMethodId, AuthMethodKind, Client, Refusal, Role, UserId};
use event_store::{EventStore, MasterKey, MasterKeys};
use projections::users::{UserView, find_user};
use sqlx::PgPool;
use test_support::TestDatabase;

pub(crate) use self::reading::{wait_for_waiting, waiting};

pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const ADMIN: &str = "ines@nimbus.example";

/// A Roster with one account, on a clock that the test sets.
pub(crate) struct World {
    pub(crate) commands: Arc<Commands>,
    pub(crate) pool: PgPool,
    pub(crate) master: MasterKeys,
    /// In base64.
    pub(crate) master_text: String,
    pub(crate) store: EventStore,
    pub(crate) account: AccountId,
    pub(crate) admin: Member,
    pub(crate) now: DateTime<Utc>,
    _database: TestDatabase,
}

/// Someone who is signed in.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) id: UserId,
    pub(crate) actor: Actor,
    pub(crate) token: SessionToken,
}

/// A way of signing in that is offered, so that more than one is.
pub(crate) fn offered() -> Vec<AuthMethod> {
    let google = AuthMethodId::parse("google").expect("valid");
    vec![
        AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: "Email and password".to_owned() },
        AuthMethod { id: google, kind: AuthMethodKind::OpenIdConnect, label: "Google".to_owned() },
    ]
}

impl World {
    pub(crate) async fn open() -> Self {
        Self::open_with(LimitSettings::default()).await
    }

    /// The same for tests that try something more often than people may.
    pub(crate) async fn patient() -> Self {
        let many = std::num::NonZeroU32::new(1_000_000).expect("not zero");
        let limits =
            LimitSettings { attempts_per_user: many, attempts_per_address: many, attempts_per_account: many, ..LimitSettings::default() };
        Self::open_with(limits).await
    }

    /// The same with other limits.
    pub(crate) async fn open_with(limits: LimitSettings) -> Self {
        Self::build(TestDatabase::create().await, limits).await
    }

    /// The same over this database.
    pub(crate) async fn over(database: TestDatabase) -> Self {
        Self::build(database, LimitSettings::default()).await
    }

    async fn build(database: TestDatabase, limits: LimitSettings) -> Self {
        let pool = database.pool();
        let master_text = MasterKey::generate().expect("randomness").to_text().to_string();
        let master = MasterKeys::parse(&master_text).expect("a key");
        let commands = Commands::new(pool.clone(), &master, offered()).with_limits(limits);
        let now = noon();
        let token = commands.welcome_token(now).await.expect("answers").expect("no account yet");
        let open = OpenAccount {
            token: token.expose().to_owned(),
            name: "Nimbus".to_owned(),
            slug: "nimbus".to_owned(),
            email: ADMIN.to_owned(),
            password: PASSWORD.into(),
        };
        let signed_in = commands.open_account(&Context::new(Actor::Visitor, None, now), &open).await.expect("opens");
        let admin = member(&commands, &signed_in, now).await;
        Self {
            commands: Arc::new(commands),
            pool,
            store: EventStore::new(&master),
            master,
            master_text,
            account: signed_in.account_id,
            admin,
            now,
            _database: database,
        }
    }

    /// The same, but commands race as those of several processes do: see [`Commands::without_queues`].
    pub(crate) fn in_many_processes(self) -> Self {
        Self { commands: Arc::new(Commands::clone(&self.commands).without_queues()), ..self }
    }

    /// Another account of the same Roster, with an admin of its own.
    pub(crate) async fn open_another(&self) -> (AccountId, Member) {
        let input = OpenAccountForAdmin { name: "Cirrus".to_owned(), slug: "cirrus".to_owned(), admin_email: ADMIN.to_owned() };
        let opened = self.commands.open_account_for_admin(&self.by(Actor::Operator), &input).await.expect("opens");
        (opened.account_id, self.accept(opened.account_id, opened.user_id).await)
    }

    pub(crate) fn by(&self, actor: Actor) -> Context {
        Context::new(actor, Some("request-1".to_owned()), self.now)
    }

    pub(crate) fn by_admin(&self) -> Context {
        self.by(self.admin.actor)
    }

    pub(crate) fn later(&self, by: TimeDelta) -> Context {
        Context::new(self.admin.actor, None, self.now + by)
    }

    pub(crate) async fn invite(&self, email: &str, role: Role) -> Result<Changed, Error> {
        self.commands.invite_user(&self.by_admin(), self.account, &invitation(email, role)).await
    }

    /// Invites someone, who accepts at once.
    pub(crate) async fn join(&self, email: &str, role: Role) -> Member {
        let invited = self.invite(email, role).await.expect("invites");
        self.accept(self.account, invited.user_id).await
    }

    pub(crate) async fn accept(&self, account: AccountId, user: UserId) -> Member {
        let token = self.link(account, user).await;
        let signed_in = self.accept_link(&token, self.now).await.expect("accepts");
        member(&self.commands, &signed_in, self.now).await
    }

    pub(crate) async fn accept_link(&self, token: &str, at: DateTime<Utc>) -> Result<SignedIn, Error> {
        let input = AcceptInvitation { token: token.to_owned(), password: PASSWORD.into(), name: None };
        self.commands.accept_invitation(&Context::new(Actor::Visitor, None, at), &input).await
    }

    /// The token of a user's newest link.
    pub(crate) async fn link(&self, account: AccountId, user: UserId) -> String {
        let invitation = self.view(account, user).await.invitation_id;
        let token = self.commands.invitation_token(&self.by(Actor::Operator), user, invitation);
        token.expect("the operator may").expose().to_owned()
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str, at: DateTime<Utc>) -> Result<SignedIn, Error> {
        let input = SignIn { account: Some("nimbus".to_owned()), email: email.to_owned(), password: password.into() };
        self.commands.sign_in(&Context::new(Actor::Visitor, None, at), &input).await
    }

    /// Signs in from an address.
    pub(crate) async fn sign_in_from(&self, address: &str, email: &str, password: &str, at: DateTime<Utc>) -> Result<SignedIn, Error> {
        let input = SignIn { account: Some("nimbus".to_owned()), email: email.to_owned(), password: password.into() };
        self.commands.sign_in(&visitor_at(address, at), &input).await
    }

    pub(crate) async fn update(&self, ctx: &Context, update: UpdateUser) -> Result<Changed, Error> {
        self.commands.update_user(ctx, self.account, &update).await
    }

    pub(crate) async fn resend(&self, ctx: &Context, id: UserId, typed: &str) -> Result<Changed, Error> {
        let input = ResendInvitation { id: id.to_string(), confirm_email: typed.to_owned(), expected_version: None, idempotency_key: None };
        self.commands.resend_invitation(ctx, self.account, &input).await
    }

    pub(crate) async fn delete(&self, ctx: &Context, id: UserId, typed: &str) -> Result<Changed, Error> {
        let input = DeleteUser { id: id.to_string(), confirm_email: typed.to_owned(), expected_version: None, idempotency_key: None };
        self.commands.delete_user(ctx, self.account, &input).await
    }

    /// Takes a user's access, or gives it back.
    pub(crate) async fn set_access(&self, id: UserId, active: bool) {
        self.update(&self.by_admin(), UpdateUser { active: Some(active), ..change(id) }).await.expect("changes access");
    }

    pub(crate) async fn view(&self, account: AccountId, user: UserId) -> UserView {
        find_user(&self.pool, account, user).await.expect("answers").expect("is there")
    }

    /// Whether a session token speaks for anyone.
    pub(crate) async fn is_alive(&self, token: &SessionToken, at: DateTime<Utc>) -> bool {
        self.commands.authenticate(token.expose(), at).await.expect("answers") != Actor::Visitor
    }

    pub(crate) async fn claim(&self, at: DateTime<Utc>) -> Vec<WaitingMail> {
        let claimed = self.commands.claim_mails(at, TimeDelta::minutes(5), 100, Due::Now).await.expect("claims");
        claimed.into_iter().map(|mail| mail.expect("it can be read")).collect()
    }

    /// Lets time pass for the mails that are paused or under way: that goes by the clock of the database, which cannot be moved.
    pub(crate) async fn mails_wait_for(&self, time: TimeDelta) {
        let sooner = "update mail_outbox set next_attempt_at = next_attempt_at - make_interval(secs => $1),
            claimed_until = claimed_until - make_interval(secs => $1)";
        sqlx::query(sooner).bind(time.as_seconds_f64()).execute(&self.pool).await.expect("moves");
    }

    /// Deletes everything of a kind that is finished at an instant, and answers how many batches deleted how many rows.
    pub(crate) async fn delete_finished(&self, what: Finished, at: DateTime<Utc>) -> (usize, u64) {
        let mut count = 0;
        for batches in 1.. {
            match self.commands.delete_finished(what, at).await.expect("deletes") {
                Deleted::Some(rows) => count += rows,
                Deleted::All(rows) => return (batches, count + rows),
                Deleted::ByAnother => panic!("another process deletes in a database of this test's own"),
            }
        }
        unreachable!("it ends with the last row")
    }
}

/// Someone at an address.
pub(crate) fn visitor_at(address: &str, at: DateTime<Utc>) -> Context {
    let address: IpAddr = address.parse().expect("an address");
    Context::new(Actor::Visitor, None, at).from(Client::new(Some(address), None))
}

pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

pub(crate) fn invitation(email: &str, role: Role) -> InviteUser {
    InviteUser { email: email.to_owned(), role, auth_methods: vec!["password".to_owned()], idempotency_key: None }
}

pub(crate) fn change(id: UserId) -> UpdateUser {
    UpdateUser { id: id.to_string(), ..UpdateUser::default() }
}

pub(crate) async fn member(commands: &Commands, signed_in: &SignedIn, at: DateTime<Utc>) -> Member {
    let actor = commands.authenticate(signed_in.token.expose(), at).await.expect("answers");
    Member { id: actor.user().expect("the session is alive"), actor, token: signed_in.token.clone() }
}

/// The rule that said no.
pub(crate) fn refusal<T>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused { refusal, .. }) => refusal,
        Err(other) => panic!("not refused, but: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

/// Lets as much time pass as so many statements take: rivals of a race meet at another point each round, on any machine.
pub(crate) async fn after_statements(pool: &PgPool, count: usize) {
    for _ in 0..count {
        sqlx::query("select 1").execute(pool).await.expect("answers");
    }
}

/// Tests that race, each twice: commands of one process share transactions, those of several wait for each other's locks.
macro_rules! raced {
    ($world:expr; $($name:ident),+ $(,)?) => {
        mod in_one_process {
            use super::World;
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name($world.await).await; })+
        }
        mod in_many_processes {
            use super::World;
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() { super::$name($world.await.in_many_processes()).await; })+
        }
    };
}
pub(crate) use raced;
