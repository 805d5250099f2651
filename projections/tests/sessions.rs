//! The sign-ins: who a token speaks for, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use domain::session::{EndReason, SessionEvent};
use domain::user::UserEvent;
use domain::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Personal, Role, SessionId, UserId};
use event_store::Writes;
use projections::sessions::{SessionView, find_session, find_sessions};
use projections::users::find_user;
use projections::{AnyEvent, AppendedEvent, project};
use sqlx::PgPool;
use test_support::TestDatabase;
use uuid::Uuid;

const TOKEN: [u8; 32] = [7; 32];

/// A member of an account, with access.
struct Member {
    pool: PgPool,
    account: AccountId,
    id: UserId,
    version: u64,
    _database: TestDatabase,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("in range")
}

fn a_day_later() -> DateTime<Utc> {
    now() + TimeDelta::days(1)
}

fn methods(ids: &[&str]) -> AuthMethods {
    AuthMethods::parse(ids.iter().map(|id| AuthMethodId::parse(id).expect("valid"))).expect("not empty")
}

impl Member {
    async fn join() -> Self {
        let database = TestDatabase::create().await;
        let (pool, account, id) = (database.pool(), AccountId::new(Uuid::now_v7()), UserId::new(Uuid::now_v7()));
        let open = "insert into accounts (id, name, slug, created_at) values ($1, 'Nimbus', 'nimbus', now())";
        sqlx::query(open).bind(account.uuid()).execute(&pool).await.expect("opens");
        let mut member = Self { pool, account, id, version: 0, _database: database };
        let invited = UserEvent::Invited {
            account_id: account,
            email: Personal::Known(EmailAddress::parse("ada@example.com").expect("valid")),
            role: Role::Editor,
            auth_methods: methods(&["password"]),
            invitation_id: InvitationId::new(Uuid::now_v7()),
            expires_at: a_day_later(),
        };
        member.happens(&[invited, UserEvent::Accepted { auth_method: AuthMethodId::password() }], now()).await;
        member
    }

    async fn project(&self, events: &[AppendedEvent]) {
        let (mut connection, mut writes) = (self.pool.acquire().await.expect("connects"), Writes::default());
        project(&mut connection, &mut writes, events).await.expect("projects");
        writes.execute(&mut connection).await.expect("writes");
    }

    async fn happens(&mut self, events: &[UserEvent], at: DateTime<Utc>) {
        self.version += events.len() as u64;
        let events: Vec<_> = AppendedEvent::of_stream(self.account, self.id.uuid(), self.version, at, events.to_vec()).collect();
        self.project(&events).await;
    }

    fn of_session(&self, account_id: AccountId, id: SessionId, sequence: u64, event: SessionEvent, at: DateTime<Utc>) -> AppendedEvent {
        let (stream_id, event) = (id.uuid(), AnyEvent::Session(event));
        AppendedEvent { account_id, stream_id, sequence, person_id: Some(self.id), at, event, token_hash: None }
    }

    async fn sign_in(&self, token: [u8; 32], at: DateTime<Utc>) -> SessionId {
        let id = SessionId::new(Uuid::now_v7());
        let started = SessionEvent::Started {
            account_id: self.account,
            user_id: self.id,
            auth_method: AuthMethodId::password(),
            expires_at: a_day_later(),
            address: None,
            user_agent: None,
        };
        let started = self.of_session(self.account, id, 1, started, at);
        self.project(&[AppendedEvent { token_hash: Some(token), ..started }]).await;
        id
    }

    async fn speaks(&self, token: [u8; 32], at: DateTime<Utc>) -> Option<SessionView> {
        let found = find_sessions(&self.pool, &[token.to_vec()], at, DateTime::UNIX_EPOCH).await.expect("answers");
        let found = found.into_iter().next().map(|(_, session)| session);
        // With its user it is the same session.
        let alone = find_session(&self.pool, &token, at, DateTime::UNIX_EPOCH).await.expect("answers");
        let (session, user) = alone.unzip();
        assert_eq!(session, found);
        assert_eq!(user, find_user(&self.pool, self.account, self.id).await.expect("answers").filter(|_| found.is_some()));
        found
    }

    async fn last_active_at(&self) -> Option<DateTime<Utc>> {
        find_user(&self.pool, self.account, self.id).await.expect("answers").expect("is there").last_active_at
    }
}

#[tokio::test]
async fn a_token_speaks_for_its_user_in_the_role_of_the_moment_until_it_expires() {
    let mut ada = Member::join().await;
    let id = ada.sign_in(TOKEN, now()).await;
    let expected = SessionView { id, account_id: ada.account, user_id: ada.id, role: Role::Editor, last_seen_at: now() };
    assert_eq!(ada.speaks(TOKEN, a_day_later() - TimeDelta::microseconds(1)).await, Some(expected));
    assert_eq!(ada.speaks(TOKEN, a_day_later()).await, None);
    assert_eq!(ada.speaks([8; 32], now()).await, None);
    ada.happens(&[UserEvent::RoleChanged { from: Role::Editor, to: Role::Viewer }], now()).await;
    assert_eq!(ada.speaks(TOKEN, now()).await, Some(SessionView { role: Role::Viewer, ..expected }));
}

#[tokio::test]
async fn a_session_that_was_ended_in_another_account_goes_on() {
    let ada = Member::join().await;
    let id = ada.sign_in(TOKEN, now()).await;
    let ended = |account| ada.of_session(account, id, 2, SessionEvent::Ended { reason: EndReason::Ended }, now());
    ada.project(&[ended(AccountId::new(Uuid::now_v7()))]).await;
    assert!(ada.speaks(TOKEN, now()).await.is_some());
    ada.project(&[ended(ada.account)]).await;
    assert!(ada.speaks(TOKEN, now()).await.is_none());
}

/// That no session starts without them is decided by the aggregates, under the lock of the user.
#[tokio::test]
async fn a_session_ends_with_the_access_and_with_the_way_to_sign_in_for_good() {
    let mut ada = Member::join().await;
    let speak = async |ada: &Member| [ada.speaks(TOKEN, now()).await.is_some(), ada.speaks([8; 32], now()).await.is_some()];
    assert_eq!(ada.last_active_at().await, None);
    ada.sign_in(TOKEN, now()).await;
    let changed = |from, to| UserEvent::AuthMethodsChanged { from: methods(&[from]), to: methods(&[to]) };
    ada.happens(&[changed("password", "google"), changed("google", "password")], now()).await;
    assert_eq!(speak(&ada).await, [false, false]);
    ada.sign_in([8; 32], now()).await;
    ada.happens(&[UserEvent::Deactivated {}], now()).await;
    assert_eq!(speak(&ada).await, [false, false]);
    ada.happens(&[UserEvent::Activated {}], now()).await;
    assert_eq!(speak(&ada).await, [false, false]);
    ada.sign_in([9; 32], now()).await;
    assert!(ada.speaks([9; 32], now()).await.is_some());
    ada.happens(&[UserEvent::Deleted {}], now()).await;
    assert!(ada.speaks([9; 32], now()).await.is_none());
}

#[tokio::test]
async fn a_deactivation_ends_also_the_session_that_a_faster_clock_has_started() {
    let mut ada = Member::join().await;
    let ahead = now() + TimeDelta::minutes(10);
    ada.sign_in(TOKEN, ahead).await;
    // Even when access is given back in the same breath.
    ada.happens(&[UserEvent::Deactivated {}, UserEvent::Activated {}], now()).await;
    assert!(ada.speaks(TOKEN, ahead).await.is_none());
    // A user who signs in again by a slow clock is signed in all the same.
    ada.sign_in([8; 32], now() - TimeDelta::minutes(10)).await;
    assert!(ada.speaks([8; 32], now()).await.is_some());
    assert!(ada.speaks(TOKEN, ahead).await.is_none());
}

#[tokio::test]
async fn the_last_sign_in_never_goes_back() {
    let ada = Member::join().await;
    ada.sign_in(TOKEN, now() + TimeDelta::hours(1)).await;
    ada.sign_in([8; 32], now()).await;
    assert_eq!(ada.last_active_at().await, Some(now() + TimeDelta::hours(1)));
}
