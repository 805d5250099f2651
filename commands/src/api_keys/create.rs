//! `createApiKey`: a program gets a key that acts for its owner.

use domain::api_key::{self, ApiKey, ApiKeyCommand};
use domain::user::{Status, User};
use domain::{AccountId, ApiKeyId, ApiKeyLifetime, ApiScope, ApiScopes, Name, Operation, Refusal, UserId};
use event_store::{Loaded, Lock};
use projections::keys::{KeyFilter, count_keys};
use uuid::Uuid;

use crate::{ApiKeyToken, Commands, Context, Error, TokenHash};

/// How many keys one user may have in use.
pub const MAX_API_KEYS: u64 = 25;

/// What a key is to be.
#[derive(Clone, Debug)]
pub struct CreateApiKey {
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// How long it works, in days; 90 when nothing is said.
    pub expires_in_days: Option<i32>,
}

/// A new key.
#[derive(Clone, Debug)]
pub struct CreatedApiKey {
    /// Its account.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// What a program shows: it is known this once.
    pub token: ApiKeyToken,
}

impl Commands {
    /// Makes a key for the actor. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for a program with a key. Refusals: `InvalidName`,
    /// `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyApiKeys`, `AccessDeactivated`.
    pub async fn create_api_key(&self, ctx: &Context, input: &CreateApiKey) -> Result<CreatedApiKey, Error> {
        let (account_id, user_id) = self.authorize_oneself(ctx, "createApiKey", Operation::CreateApiKey)?;
        let lifetime = input.expires_in_days.map_or(Ok(ApiKeyLifetime::default()), ApiKeyLifetime::parse);
        let create = api_key::CreateApiKey {
            account_id,
            user_id,
            name: Name::parse(&input.name).map_err(Refusal::from)?,
            scopes: ApiScopes::parse(input.scopes.iter().copied())?,
            lifetime: lifetime.map_err(Refusal::from)?,
            at: ctx.at,
        };
        let token = ApiKeyToken::generate()?;
        let id = self.retrying(|| self.create_api_key_once(ctx, account_id, user_id, &create, &token)).await?;
        Ok(CreatedApiKey { account_id, id, token })
    }

    /// A deactivation waits for the lock, or is seen; so are other keys that are made at once.
    async fn create_api_key_once(
        &self,
        ctx: &Context,
        account_id: AccountId,
        user_id: UserId,
        create: &api_key::CreateApiKey,
        token: &ApiKeyToken,
    ) -> Result<ApiKeyId, Error> {
        let mut work = self.begin(ctx, "createApiKey", account_id, [Lock::User { user_id }.exclusive()]).await?;
        let user = work.load::<User>(account_id, user_id).await?;
        if user.state.status() != Some(Status::Active) {
            return Err(Refusal::AccessDeactivated.into());
        }
        let in_use = KeyFilter { owner: Some(user_id), in_use_at: Some(ctx.at) };
        if count_keys::<ApiKeyId>(work.connection(), account_id, in_use).await? >= MAX_API_KEYS {
            return Err(Refusal::TooManyApiKeys.into());
        }
        let id = ApiKeyId::new(Uuid::now_v7());
        let mut key = Loaded { state: ApiKey::default(), version: 0, person: user.person };
        work.decide(account_id, id, &mut key, ApiKeyCommand::Create(create.clone()))?;
        work.changes().secrets().add_token(id.uuid(), TokenHash::of(token.expose()).0);
        work.append().await?;
        work.commit().await?;
        Ok(id)
    }
}
