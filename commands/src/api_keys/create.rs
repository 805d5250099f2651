//! `createApiKey`: a program gets a key that acts for its owner.

use domain::api_key::{self, ApiKey, ApiKeyCommand};
use domain::user::{Status, User};
use domain::{AccountId, ApiKeyId, ApiKeyLifetime, ApiScope, ApiScopes, Name, Operation, Refusal, UserId};
use projections::keys::{KeyFilter, count_keys};
use uuid::Uuid;

use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{ApiKeyToken, Commands, Context, Error, TokenHash};

/// How many keys one user may have in use.
pub const MAX_API_KEYS: u64 = 25;

/// The key to create.
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
    /// The token that a program sends. It cannot be shown again.
    pub token: ApiKeyToken,
}

impl Commands {
    /// Makes a key for the actor. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with a key. Refusals: `InvalidName`,
    /// `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyApiKeys`, `AccessDeactivated`.
    pub async fn create_api_key(&self, ctx: &Context, input: &CreateApiKey) -> Result<CreatedApiKey, Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "createApiKey", Operation::CreateApiKey)?;
        let account_id = permit.account_id();
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
        // A deactivation waits for the lock, or is seen; so are other keys that are created at the same time.
        let id =
            self.run(Claims::of(&permit).user(user_id), Create { user_id, command: create, hash: TokenHash::of(token.expose()).0 }).await?;
        Ok(CreatedApiKey { account_id, id, token })
    }
}

struct Create {
    user_id: UserId,
    command: api_key::CreateApiKey,
    hash: [u8; 32],
}

impl Handler<ApiKeyId> for Create {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<ApiKeyId, Error> {
        let user = work.load::<User>(self.user_id).await?;
        if user.state.status() != Some(Status::Active) {
            return Err(Refusal::AccessDeactivated.into());
        }
        let (account_id, at) = (work.account_id(), work.ctx().at);
        let in_use = KeyFilter { owner: Some(self.user_id), in_use_at: Some(at) };
        if count_keys::<ApiKeyId>(work.reading()?, account_id, in_use).await? >= MAX_API_KEYS {
            return Err(Refusal::TooManyApiKeys.into());
        }
        let id = ApiKeyId::new(Uuid::now_v7());
        work.decide(&mut LoadedStream::<ApiKey>::start(id, user.person), ApiKeyCommand::Create(self.command.clone()))?;
        work.store_token(id.uuid(), self.hash);
        Ok(id)
    }
}
