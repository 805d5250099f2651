//! `createServiceKey`: a program gets a key that acts for the account.

use domain::service_key::{self, ServiceKey, ServiceKeyCommand};
use domain::user::{Status, User};
use domain::{AccountId, ApiKeyLifetime, ApiScope, ApiScopes, Name, Operation, Refusal, Role, ServiceKeyId, UserId};
use projections::keys::{KeyFilter, count_keys};
use uuid::Uuid;

use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{Commands, Context, Error, ServiceKeyToken, TokenHash};

/// How many service keys one account may have in use.
pub const MAX_SERVICE_KEYS: u64 = 100;

/// The service key to create.
#[derive(Clone, Debug)]
pub struct CreateServiceKey {
    /// The name of the program.
    pub name: String,
    /// What the key may be used for.
    pub scopes: Vec<ApiScope>,
    /// How long it works, in days; 90 when nothing is said.
    pub expires_in_days: Option<i32>,
}

/// A new service key.
#[derive(Clone, Debug)]
pub struct CreatedServiceKey {
    /// Its account.
    pub account_id: AccountId,
    /// Its id.
    pub id: ServiceKeyId,
    /// The token that a program sends. It cannot be shown again.
    pub token: ServiceKeyToken,
}

impl Commands {
    /// Creates a key for the actor's account. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a key.
    /// Refusals: `InvalidName`, `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyServiceKeys`, `AccessDeactivated`.
    pub async fn create_service_key(&self, ctx: &Context, input: &CreateServiceKey) -> Result<CreatedServiceKey, Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let permit = self.authorize(ctx, "createServiceKey", Operation::CreateServiceKey, account_id, None)?;
        let lifetime = input.expires_in_days.map_or(Ok(ApiKeyLifetime::default()), ApiKeyLifetime::parse);
        let create = service_key::CreateServiceKey {
            account_id,
            name: Name::parse(&input.name).map_err(Refusal::from)?,
            scopes: ApiScopes::parse(input.scopes.iter().copied())?,
            lifetime: lifetime.map_err(Refusal::from)?,
            at: ctx.at,
        };
        let token = ServiceKeyToken::generate()?;
        // The key goes on when its creator is deactivated or demoted. So it is not created while that is under way: it waits for the lock,
        // or is seen.
        let claims = Claims::of(&permit).service_keys().users(ctx.actor.user().as_slice());
        let id = self.run(claims, Create { creator: ctx.actor.user(), command: create, hash: TokenHash::of(token.expose()).0 }).await?;
        Ok(CreatedServiceKey { account_id, id, token })
    }
}

struct Create {
    creator: Option<UserId>,
    command: service_key::CreateServiceKey,
    hash: [u8; 32],
}

impl Handler<ServiceKeyId> for Create {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<ServiceKeyId, Error> {
        if let Some(user_id) = self.creator {
            let creator = work.load::<User>(user_id).await?.state;
            if creator.status() != Some(Status::Active) {
                return Err(Refusal::AccessDeactivated.into());
            }
            if creator.role() != Role::Admin {
                return Err(Error::Forbidden);
            }
        }
        let (account_id, at) = (work.account_id(), work.ctx().at);
        let in_use = KeyFilter { in_use_at: Some(at), ..KeyFilter::default() };
        if count_keys::<ServiceKeyId>(work.reading()?, account_id, in_use).await? >= MAX_SERVICE_KEYS {
            return Err(Refusal::TooManyServiceKeys.into());
        }
        let id = ServiceKeyId::new(Uuid::now_v7());
        work.decide(&mut LoadedStream::<ServiceKey>::start(id, None), ServiceKeyCommand::Create(self.command.clone()))?;
        work.store_token(id.uuid(), self.hash);
        Ok(id)
    }
}
