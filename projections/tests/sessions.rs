//! The sign-ins: who a token speaks for, and until when.

use chrono::{DateTime, TimeDelta, Utc};
use domain::session::SessionEvent;
use domain::user::UserEvent;
use domain::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Personal, Role, SessionId, UserId};
use projections::sessions::{SessionView, Started, find_sessions, project_session_ends, project_session_start};
use projections::users::{find_user, project_user};
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

    async fn happens(&mut self, events: &[UserEvent], at: DateTime<Utc>) {
        self.version += events.len() as u64;
        let mut connection = self.pool.acquire().await.expect("connects");
        project_user(&mut connection, self.account, self.id, events, self.version, at).await.expect("projects");
    }

    async fn sign_in(&self, token: [u8; 32], at: DateTime<Utc>) -> (SessionId, Started) {
        let id = SessionId::new(Uuid::now_v7());
        let started = SessionEvent::Started {
            account_id: self.account,
            user_id: self.id,
            auth_method: AuthMethodId::password(),
            expires_at: a_day_later(),
            address: None,
            user_agent: None,
        };
        let mut connection = self.pool.acquire().await.expect("connects");
        (id, project_session_start(&mut connection, id, &started, &token, at).await.expect("projects"))
    }

    async fn speaks(&self, token: [u8; 32], at: DateTime<Utc>) -> Option<SessionView> {
        let found = find_sessions(&self.pool, &[token.to_vec()], at, DateTime::UNIX_EPOCH).await.expect("answers");
        found.into_iter().next().map(|(_, session)| session)
    }

    async fn last_active_at(&self) -> Option<DateTime<Utc>> {
        find_user(&self.pool, self.account, self.id).await.expect("answers").expect("is there").last_active_at
    }
}

#[tokio::test]
async fn a_token_speaks_for_its_user_in_the_role_of_the_moment_until_it_expires() {
    let mut ada = Member::join().await;
    let (id, started) = ada.sign_in(TOKEN, now()).await;
    assert_eq!(started, Started::Yes);
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
    let (id, _) = ada.sign_in(TOKEN, now()).await;
    let mut connection = ada.pool.acquire().await.expect("connects");
    project_session_ends(&mut connection, (AccountId::new(Uuid::now_v7()), ada.id), &[id], now()).await.expect("projects");
    assert!(ada.speaks(TOKEN, now()).await.is_some());
    project_session_ends(&mut connection, (ada.account, ada.id), &[id], now()).await.expect("projects");
    assert!(ada.speaks(TOKEN, now()).await.is_none());
}

#[tokio::test]
async fn without_access_or_the_way_to_sign_in_no_session_starts() {
    let mut ada = Member::join().await;
    let google = UserEvent::AuthMethodsChanged { from: methods(&["password"]), to: methods(&["google"]) };
    ada.happens(&[google], now()).await;
    assert_eq!(ada.sign_in(TOKEN, now()).await.1, Started::NoAccess);
    let password = UserEvent::AuthMethodsChanged { from: methods(&["google"]), to: methods(&["password"]) };
    ada.happens(&[password, UserEvent::Deactivated {}], now()).await;
    assert_eq!(ada.sign_in(TOKEN, now()).await.1, Started::NoAccess);
    assert_eq!(ada.last_active_at().await, None);
    ada.happens(&[UserEvent::Activated {}], now()).await;
    assert_eq!(ada.sign_in(TOKEN, now()).await.1, Started::Yes);
    ada.happens(&[UserEvent::Deleted {}], now()).await;
    assert_eq!(ada.sign_in([8; 32], now()).await.1, Started::NoAccess);
    assert!(ada.speaks(TOKEN, now()).await.is_none());
}

#[tokio::test]
async fn a_deactivation_ends_also_the_session_that_a_faster_clock_has_started() {
    let mut ada = Member::join().await;
    let ahead = now() + TimeDelta::minutes(10);
    ada.sign_in(TOKEN, ahead).await;
    // Even when access is given back in the same breath.
    ada.happens(&[UserEvent::Deactivated {}, UserEvent::Activated {}], now()).await;
    assert!(ada.speaks(TOKEN, ahead).await.is_none());
    // Whoever signs in again by a slow clock is in all the same.
    assert_eq!(ada.sign_in([8; 32], now() - TimeDelta::minutes(10)).await.1, Started::Yes);
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
