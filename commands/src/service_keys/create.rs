//! `createServiceKey`: a program gets a key that acts for the account.

use domain::service_key::{self, ServiceKey, ServiceKeyCommand};
use domain::user::{Status, User};
use domain::{AccountId, ApiKeyLifetime, ApiScope, ApiScopes, Name, Operation, Refusal, Role, ServiceKeyId};
use event_store::{Loaded, Lock};
use projections::keys::{KeyFilter, count_keys};
use uuid::Uuid;

use crate::{Commands, Context, Error, ServiceKeyToken, TokenHash};

/// How many service keys one account may have in use.
pub const MAX_SERVICE_KEYS: u64 = 100;

/// What a service key is to be.
#[derive(Clone, Debug)]
pub struct CreateServiceKey {
    /// What the program is called.
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
    /// What a program shows: it is known this once.
    pub token: ServiceKeyToken,
}

impl Commands {
    /// Creates a key for the actor's account. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when nobody is signed in, [`Error::Forbidden`] for who is no admin and for every program with a key.
    /// Refusals: `InvalidName`, `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyServiceKeys`, `AccessDeactivated`.
    pub async fn create_service_key(&self, ctx: &Context, input: &CreateServiceKey) -> Result<CreatedServiceKey, Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        self.authorize(ctx, "createServiceKey", Operation::CreateServiceKey, account_id, None)?;
        let lifetime = input.expires_in_days.map_or(Ok(ApiKeyLifetime::default()), ApiKeyLifetime::parse);
        let create = service_key::CreateServiceKey {
            account_id,
            name: Name::parse(&input.name).map_err(Refusal::from)?,
            scopes: ApiScopes::parse(input.scopes.iter().copied())?,
            lifetime: lifetime.map_err(Refusal::from)?,
            at: ctx.at,
        };
        let token = ServiceKeyToken::generate()?;
        let id = self.retrying(|| self.create_service_key_once(ctx, &create, &token)).await?;
        Ok(CreatedServiceKey { account_id, id, token })
    }

    /// The key goes on when its creator is deactivated or demoted. So that must not be under way: it waits for the lock, or is seen.
    async fn create_service_key_once(
        &self,
        ctx: &Context,
        create: &service_key::CreateServiceKey,
        token: &ServiceKeyToken,
    ) -> Result<ServiceKeyId, Error> {
        let account_id = create.account_id;
        let creator = ctx.actor.user();
        let claims = creator.map(|user_id| Lock::User { user_id }.exclusive()).into_iter();
        let claims = claims.chain([Lock::ServiceKeys { account_id }.exclusive()]);
        let mut work = self.begin(ctx, "createServiceKey", account_id, claims).await?;
        if let Some(user_id) = creator {
            let creator = work.load::<User>(account_id, user_id).await?.state;
            if creator.status() != Some(Status::Active) {
                return Err(Refusal::AccessDeactivated.into());
            }
            if creator.role() != Role::Admin {
                return Err(Error::Forbidden);
            }
        }
        let in_use = KeyFilter { in_use_at: Some(ctx.at), ..KeyFilter::default() };
        if count_keys::<ServiceKeyId>(work.connection(), account_id, in_use).await? >= MAX_SERVICE_KEYS {
            return Err(Refusal::TooManyServiceKeys.into());
        }
        let id = ServiceKeyId::new(Uuid::now_v7());
        let mut key = Loaded { state: ServiceKey::default(), version: 0, person: None };
        work.decide(account_id, id, &mut key, ServiceKeyCommand::Create(create.clone()))?;
        work.changes().secrets().add_token(id.uuid(), TokenHash::of(token.expose()).0);
        work.append().await?;
        work.commit().await?;
        Ok(id)
    }
}
