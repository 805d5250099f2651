//! `updateAccount`: what an account decides for itself.

use domain::account::{self, Account, AccountCommand};
use domain::{AccountId, InvitationHours, Name, Operation, Refusal};
use event_store::Lock;
use projections::users::find_only_way;
use serde::Serialize;

use crate::idempotency::{Done, KeyedRequest};
use crate::users::parse_auth_methods;
use crate::{Commands, Context, Error};

/// What is to change of an account. What is absent stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateAccount {
    /// The new name.
    pub name: Option<String>,
    /// How many hours invitations work from now on.
    pub invitation_hours: Option<i32>,
    /// The ids of all ways to sign in that are offered from now on.
    pub auth_methods: Option<Vec<String>>,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Changes name, life time of invitations and offered ways to sign in of an account, all or nothing. Answers its version.
    ///
    /// # Errors
    /// Refusals: of the values, `VersionConflict`, `AuthMethodNotOffered`, `AuthMethodInUse`, `IdempotencyKeyReused`.
    pub async fn update_account(&self, ctx: &Context, account_id: AccountId, input: &UpdateAccount) -> Result<u64, Error> {
        self.authorize(ctx, "updateAccount", Operation::UpdateAccount, account_id, None)?;
        let update = account::UpdateAccount {
            name: input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?,
            invitation_hours: input.invitation_hours.map(InvitationHours::parse).transpose().map_err(Refusal::from)?,
            auth_methods: input.auth_methods.as_deref().map(parse_auth_methods).transpose()?,
            configured: self.offered(),
            only_way_of_somebody: None,
        };
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        self.retrying(|| self.update_account_once(ctx, account_id, input.expected_version, update.clone(), request.as_ref())).await
    }

    async fn update_account_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        expected_version: Option<u64>,
        mut update: account::UpdateAccount,
        request: Option<&KeyedRequest>,
    ) -> Result<u64, Error> {
        const OPERATION: &str = "updateAccount";
        let actor = ctx.actor.to_string();
        // Alone: whoever gives a user ways to sign in shares this lock, so that nobody is left without one.
        let claims = KeyedRequest::claims(request, account_id, &actor).chain([Lock::AccountSettings { account_id }.exclusive()]);
        let mut work = self.begin(ctx, OPERATION, account_id, claims).await?;
        if let Some(request) = request
            && let Some(done) = request.recall(work.connection(), account_id, &actor, OPERATION, ctx.at).await?
        {
            return Ok(done.version);
        }
        let mut account = work.load::<Account>(account_id, account_id).await?;
        if expected_version.is_some_and(|expected| expected != account.version) {
            return Err(Refusal::VersionConflict { current: account.version }.into());
        }
        if let Some(kept) = &update.auth_methods {
            update.only_way_of_somebody = find_only_way(work.connection(), account_id, kept, &update.configured).await?;
        }
        work.decide(account_id, account_id, &mut account, AccountCommand::Update(update))?;
        work.append().await?;
        if let Some(request) = request {
            let done = Done { subject_id: account_id.uuid(), version: account.version };
            request.remember(work.connection(), account_id, &actor, OPERATION, done, ctx.at).await?;
        }
        work.commit().await?;
        Ok(account.version)
    }
}
