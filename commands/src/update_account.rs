//! `updateAccount`: what an account decides for itself.

use domain::account::{self, Account, AccountCommand};
use domain::{AccountId, InvitationHours, Language, Name, Operation, Refusal};
use event_store::Lock;
use serde::Serialize;

use crate::idempotency::{Done, KeyedRequest};
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency};
use crate::users::parse_auth_methods;
use crate::{Commands, Context, Error};

/// The fields of an account that change. A field that is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateAccount {
    /// The new name.
    pub name: Option<String>,
    /// How many hours invitations work from now on.
    pub invitation_hours: Option<i32>,
    /// The ids of all ways to sign in that are offered from now on.
    pub auth_methods: Option<Vec<String>>,
    /// The language of mails to its users from now on.
    pub language: Option<Language>,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Changes name, life time of invitations, offered ways to sign in and language of an account, all or nothing. Answers its version.
    ///
    /// # Errors
    /// Refusals: of the values, `VersionConflict`, `AuthMethodNotOffered`, `AuthMethodInUse`, `IdempotencyKeyReused`.
    pub async fn update_account(&self, ctx: &Context, account_id: AccountId, input: &UpdateAccount) -> Result<u64, Error> {
        let permit = self.authorize(ctx, "updateAccount", Operation::UpdateAccount, account_id, None)?;
        let update = account::UpdateAccount {
            name: input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?,
            invitation_hours: input.invitation_hours.map(InvitationHours::parse).transpose().map_err(Refusal::from)?,
            auth_methods: input.auth_methods.as_deref().map(parse_auth_methods).transpose()?,
            language: input.language,
            configured: self.offered(),
            only_way_of_someone: None,
        };
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        // Alone: a command that gives a user ways to sign in shares this lock, so that no user is left without one.
        let claims = Claims::of(&permit).lock(Lock::AccountSettings { account_id }.exclusive());
        self.run(claims, Update { account_id, expected_version: input.expected_version, command: update, request }).await
    }
}

struct Update {
    account_id: AccountId,
    expected_version: Option<u64>,
    command: account::UpdateAccount,
    request: Option<KeyedRequest>,
}

impl Handler<u64> for Update {
    fn idempotency(&self) -> Option<Idempotency<'_, u64>> {
        let record = |account_id: AccountId, version: &u64| Some(Done { subject_id: account_id.uuid(), version: *version });
        Some(Idempotency { request: self.request.as_ref()?, repeat: |_, done| Some(done.version), record })
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<u64, Error> {
        let mut update = self.command.clone();
        let mut account = work.load::<Account>(self.account_id).await?;
        if self.expected_version.is_some_and(|expected| expected != account.version) {
            return Err(Refusal::VersionConflict { current: account.version }.into());
        }
        if let Some(kept) = &update.auth_methods {
            update.only_way_of_someone = work.reading()?.find_only_way(kept, &update.configured).await?;
        }
        work.decide(&mut account, AccountCommand::Update(update))?;
        Ok(account.version)
    }
}
