//! Commands, the only way to change something: permission, look-ups, and the unit of work that writes events, read models, outbox and
//! idempotency record together.
//!
//! The invariants: a command happens entirely or not at all. It is refused with a typed [`Refusal`] or fails with a [`Fault`], and then
//! nothing has changed. A caller without permission learns nothing. Nothing here knows HTTP, GraphQL or SMTP.
//!
//! Start reading at `unit_of_work/mod.rs`, then at `users/update_user.rs`, which uses everything once. Every command is a file: it parses
//! its values, gets a permit, and hands a `Handler` to `Commands::run`.
//!
//! [`Refusal`]: domain::Refusal

mod accept_invitation;
mod authenticate;
mod context;
mod credentials;
mod error;
mod housekeeping;
mod idempotency;
mod idempotency_rows;
mod invitation_limit;
mod keys;
mod limits;
mod lock_queues;
mod logos;
mod open_account;
mod operator_link;
mod passwords;
mod permission;
mod preview_invitation;
mod providers;
mod refused_attempts;
mod request_export;
mod sessions;
mod sign_in;
mod tokens;
mod unit_of_work;
mod update_account;
mod viewer_can;

pub mod mail;
mod users;
mod views;

use std::sync::Arc;

use domain::{AuthMethod, AuthMethods};
use event_store::{EventStore, MasterKeys, Reads};
use projections::accounts::AccountView;
use sqlx::PgPool;
use tokio::sync::Notify;

use lock_queues::LockQueues;
use unit_of_work::CommitQueues;

pub use accept_invitation::AcceptInvitation;
pub use authenticate::{Authenticated, SessionLifetime, TokenHash};
pub use context::Context;
pub use error::{Error, Fault};
pub use housekeeping::{Deleted, Finished};
pub use keys::{CreateKey, CreatedKey, MAX_API_KEYS, MAX_SERVICE_KEYS};
pub use limits::LimitSettings;
pub use open_account::{OpenAccount, OpenAccountForAdmin};
pub use operator_link::OperatorLink;
pub use passwords::{ChangePassword, PasswordResetPreview, RequestPasswordReset, ResetPassword};
pub use permission::may_read;
pub use preview_invitation::InvitationPreview;
pub use providers::{AccountChoice, BegunSignIn, Destination, ProviderOutcome, ReturnedSignIn, SignInProofs};
pub use refused_attempts::WrittenAttempts;
pub use sessions::EndSessions;
pub use sign_in::{SignIn, SignedIn};
pub use tokens::{InvitationToken, KeyToken, PasswordResetToken, SessionToken, WelcomeToken, is_session_token};
pub use update_account::UpdateAccount;
pub use users::{
    BulkAnswer, ChangeAccess, Changed, DeleteUser, DeleteUsers, EraseUser, InviteRow, InviteUser, InviteUsers, LeaveAccount, MAX_RESENT,
    MAX_ROWS, Outcome, ResendFailedInvitations, ResendInvitation, ResendInvitations, ResentInvitations, RevealInvitationLink, RevealedLink,
    RowAnswer, Undo, UndoTarget, UpdateUser, UpdateUsers, UserRow, UserSelection,
};
pub use viewer_can::ViewerCan;
pub use views::{ChangeView, MAX_VIEWS, SaveView};

/// Everything that can be asked of a Roster, over one database. Clones share limits, queues and what waits.
#[derive(Clone)]
pub struct Commands {
    pool: PgPool,
    reads: Reads,
    store: Arc<EventStore>,
    tokens: Arc<tokens::Tokens>,
    keys: Arc<idempotency::Keys>,
    passwords: Arc<passwords::Passwords>,
    limits: Arc<limits::Limits>,
    queues: Arc<LockQueues>,
    /// Where commands wait to share a transaction; `None` when each has its own.
    commit_queues: Option<Arc<CommitQueues>>,
    reset_requests: Arc<passwords::ResetRequests>,
    refused_attempts: Arc<refused_attempts::RefusedAttempts>,
    auth_methods: Vec<AuthMethod>,
    session_lifetime: SessionLifetime,
    mail_waits: Arc<Notify>,
    committed: Arc<Notify>,
}

impl Commands {
    /// The commands over a migrated database; `auth_methods` are the ways to sign in that this
    /// Roster is configured for, at least one. Limits are the usual ones; see [`with_limits`](Self::with_limits).
    #[must_use]
    pub fn new(pool: PgPool, master: &MasterKeys, auth_methods: Vec<AuthMethod>) -> Self {
        Self {
            queues: LockQueues::of(&pool),
            commit_queues: Some(CommitQueues::of(&pool)),
            reads: Reads::over(pool.clone()),
            pool,
            store: Arc::new(EventStore::new(master)),
            tokens: Arc::new(tokens::Tokens::new(master)),
            keys: Arc::new(idempotency::Keys::new(master)),
            passwords: Arc::new(passwords::Passwords::new()),
            limits: Arc::new(limits::Limits::new(LimitSettings::default())),
            reset_requests: Arc::default(),
            refused_attempts: Arc::default(),
            auth_methods,
            session_lifetime: SessionLifetime::default(),
            mail_waits: Arc::default(),
            committed: Arc::default(),
        }
    }

    /// The same commands, but their events are recorded at [`Context::at`] instead of now: see [`EventStore::backdating`]. Only
    /// `roster dev` uses them, for the history of the demo.
    #[must_use]
    pub fn backdating(self) -> Self {
        Self { store: Arc::new(self.store.backdating()), commit_queues: None, ..self }
    }

    /// The same commands, but each has a transaction of its own, and all that want the same lock ask Postgres for it at once, as those of
    /// several processes do. Tests race by them.
    #[must_use]
    pub fn without_queues(self) -> Self {
        Self { queues: LockQueues::unlimited(), commit_queues: None, ..self }
    }

    /// The same commands over other connections to the same database, for another part of the process. They queue by themselves: requests
    /// that wait for a lock delay no worker.
    #[must_use]
    pub fn over(&self, pool: PgPool) -> Self {
        Self { queues: LockQueues::of(&pool), reads: Reads::over(pool.clone()), pool, ..self.clone() }.with_own_commit_queues()
    }

    /// The same commands, which share no transaction with those of the others.
    fn with_own_commit_queues(self) -> Self {
        Self { commit_queues: self.commit_queues.as_ref().map(|_| CommitQueues::of(&self.pool)), ..self }
    }

    /// The same commands with another way to read single rows from the same database.
    #[must_use]
    pub fn reading_over(self, reads: Reads) -> Self {
        Self { reads, ..self }
    }

    /// For short reads: a look-up, or a page whose index is known.
    #[must_use]
    pub const fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Resolves when a commit of this process has put mail into the outbox since the last time.
    pub async fn mail_waits(&self) {
        self.mail_waits.notified().await;
    }

    /// Resolves when this process has committed events since the last time.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// What happened, for reading it.
    #[must_use]
    pub fn event_store(&self) -> &EventStore {
        &self.store
    }

    /// The ways to sign in that this Roster is configured for.
    #[must_use]
    pub fn auth_methods(&self) -> &[AuthMethod] {
        &self.auth_methods
    }

    /// The ids of the ways to sign in that this Roster is configured for.
    #[must_use]
    pub fn offered(&self) -> AuthMethods {
        let ids = self.auth_methods.iter().map(|method| method.id.clone());
        AuthMethods::parse(ids).expect("a Roster is configured with at least one way to sign in")
    }

    /// The ways to sign in that an account offers: its choice among the configured ones.
    #[must_use]
    pub fn offered_by(&self, account: &AccountView) -> AuthMethods {
        self.offered().chosen_by(account.auth_methods.as_ref())
    }
}
