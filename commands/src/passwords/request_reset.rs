//! `requestPasswordReset`: a user who has forgotten their password gets a link by mail.

use std::collections::VecDeque;
use std::sync::Mutex;

use domain::user::{Status, User};
use domain::{AccountId, AuthMethodId, EmailAddress, PasswordResetId, Slug, UserId};
use projections::accounts::find_account_by_slug;
use projections::users::find_live_user_by_email;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::limits::AccountTried;
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler, NewReset};
use crate::{Commands, Context, Error};

/// How many links of one user may work at once. More requests end no link and send no mail.
const MAX_OPEN: i64 = 5;
/// How many requests wait at most. More are dropped, and can be repeated.
const MAX_WAITING: usize = 1_000;

/// Who asks for a link.
#[derive(Clone, Debug)]
pub struct RequestPasswordReset {
    /// The account's slug; may be left out where one account exists.
    pub account: Option<String>,
    /// The address to which the link is mailed.
    pub email: String,
}

/// The requests that were answered, and wait to be looked into.
#[derive(Default)]
pub(crate) struct ResetRequests {
    waiting: Mutex<VecDeque<ResetRequest>>,
    arrived: Notify,
}

struct ResetRequest {
    ctx: Context,
    account: AskedAccount,
    email: EmailAddress,
}

enum AskedAccount {
    Known(AccountId),
    Named(Slug),
}

impl Commands {
    /// Asks for a link by mail. It is sent to an active user who may sign in with a password, where their account offers that; whether
    /// there is such a user, the caller is not told.
    ///
    /// The answer, and its time, are the same for all addresses: it is given before anything is looked up that depends on the
    /// address. [`look_into_reset_requests`](Self::look_into_reset_requests) does that afterwards. A request that is lost there, because
    /// the process dies or the database does, can be repeated: the answer promised nothing.
    ///
    /// # Errors
    /// Refusals: `AccountRequired` and `TooManyAttempts`, which depend on no address either.
    pub async fn request_password_reset(&self, ctx: &Context, input: &RequestPasswordReset) -> Result<(), Error> {
        let account = match input.account.as_deref() {
            Some(slug) => Slug::parse(slug).ok().map(AskedAccount::Named),
            None => self.account_to_sign_in_to(None).await?.map(AskedAccount::Known),
        };
        let tried = match &account {
            Some(AskedAccount::Known(id)) => AccountTried::Known(*id),
            _ => AccountTried::Unknown(input.account.as_deref().unwrap_or_default()),
        };
        self.limits.request_password_reset(ctx, tried, &input.email)?;
        // A text that is no short name or no address belongs to no user. The caller can see that too.
        if let (Some(account), Ok(email)) = (account, EmailAddress::parse(&input.email)) {
            self.reset_requests.add(ResetRequest { ctx: ctx.clone(), account, email });
        }
        Ok(())
    }

    /// Resolves when this process was asked for a link since the last time.
    pub async fn reset_requests_wait(&self) {
        self.reset_requests.arrived.notified().await;
    }

    /// Handles every request that waits, one after the other: opens a link and puts its mail into the outbox, or does nothing.
    /// Answers how many there were.
    ///
    /// # Errors
    /// When the database is lost; the request under way is lost too, those behind it wait on.
    pub async fn look_into_reset_requests(&self) -> Result<usize, Error> {
        let mut count = 0;
        while let Some(request) = self.reset_requests.take() {
            count += 1;
            self.look_into(&request).await?;
        }
        Ok(count)
    }

    async fn look_into(&self, ResetRequest { ctx, account, email }: &ResetRequest) -> Result<(), Error> {
        let account_id = match account {
            AskedAccount::Known(id) => Some(*id),
            AskedAccount::Named(slug) => find_account_by_slug(&self.pool, slug).await?.map(|account| account.id),
        };
        let Some(account_id) = account_id else { return Ok(()) };
        let Some(user) = find_live_user_by_email(&self.pool, account_id, email).await? else { return Ok(()) };
        let permit = Permit::for_everyone(ctx, "requestPasswordReset", account_id);
        // A deactivation waits for the lock, or is seen: no link is opened that it does not end.
        self.run(Claims::of(&permit).settings().user(user.id), OpenReset { user_id: user.id }).await
    }
}

struct OpenReset {
    user_id: UserId,
}

impl Handler<()> for OpenReset {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        let (user_id, at) = (self.user_id, work.ctx().at);
        let user = work.load::<User>(user_id).await?.state;
        let password = AuthMethodId::password();
        let is_offered = work.claimed_settings().offered.contains(&password);
        let may_have_one = user.status() == Some(Status::Active) && user.may_use(&password) && is_offered;
        if may_have_one && work.reading()?.count_open_resets(user_id, at).await? < MAX_OPEN {
            work.open_reset(NewReset { user_id, id: PasswordResetId::new(Uuid::now_v7()), is_mailed: true });
        }
        Ok(())
    }
}

impl ResetRequests {
    fn add(&self, request: ResetRequest) {
        let mut waiting = self.waiting.lock().expect("no one panics while holding it");
        if waiting.len() < MAX_WAITING {
            waiting.push_back(request);
        }
        drop(waiting);
        self.arrived.notify_one();
    }

    fn take(&self) -> Option<ResetRequest> {
        self.waiting.lock().expect("no one panics while holding it").pop_front()
    }
}
