//! `createApiKey` and `createServiceKey`: a program gets a key that acts for its owner, or for the account.

use domain::user::{Status, User};
use domain::{
    AccountId, ApiKeyId, ApiKeyLifetime, ApiScope, ApiScopes, CreateKey as Create, KeyCommand, Name, Operation, Refusal, Role, ServiceKeyId,
};
use projections::keys::KeyFilter;
use uuid::Uuid;

use super::kind::Kind;
use crate::permission::Permit;
use crate::tokens::KeyToken;
use crate::unit_of_work::{Claims, Deciding, Handler, LoadedStream};
use crate::{Commands, Context, Error, TokenHash};

/// The key to create.
#[derive(Clone, Debug)]
pub struct CreateKey {
    /// What its owner calls it, or the name of the program.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<ApiScope>,
    /// How long it works, in days; 90 when nothing is said.
    pub expires_in_days: Option<i32>,
}

/// A new key.
#[derive(Clone, Debug)]
pub struct CreatedKey<Id> {
    /// Its account.
    pub account_id: AccountId,
    /// Its id.
    pub id: Id,
    /// The token that a program sends. It cannot be shown again.
    pub token: KeyToken,
}

impl Commands {
    /// Makes a key for the actor. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for a program with a key. Refusals: `InvalidName`,
    /// `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyApiKeys`, `AccessDeactivated`.
    pub async fn create_api_key(&self, ctx: &Context, input: &CreateKey) -> Result<CreatedKey<ApiKeyId>, Error> {
        let (permit, user_id) = self.authorize_oneself(ctx, "createApiKey", Operation::CreateApiKey)?;
        // A deactivation waits for the lock, or is seen; so are other keys that are created at the same time.
        self.create_key(&permit, Claims::of(&permit).user(user_id), user_id, input).await
    }

    /// Creates a key for the actor's account. It takes no idempotency key: what it answers cannot be answered again.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] when no one is signed in, [`Error::Forbidden`] for everyone who is not an admin, and for every program with a key.
    /// Refusals: `InvalidName`, `ApiScopesRequired`, `InvalidApiKeyLifetime`, `TooManyServiceKeys`, `AccessDeactivated`.
    pub async fn create_service_key(&self, ctx: &Context, input: &CreateKey) -> Result<CreatedKey<ServiceKeyId>, Error> {
        let account_id = ctx.actor.account().ok_or(Error::Unauthenticated)?;
        let permit = self.authorize(ctx, "createServiceKey", Operation::CreateServiceKey, account_id, None)?;
        // The key goes on when its creator is deactivated or demoted. So it is not created while that is under way: it waits for the lock,
        // or is seen.
        self.create_key(&permit, Claims::of(&permit).service_keys().users(ctx.actor.user().as_slice()), (), input).await
    }

    async fn create_key<K: Kind>(
        &self,
        permit: &Permit,
        claims: Claims,
        owner: K::Owner,
        input: &CreateKey,
    ) -> Result<CreatedKey<K>, Error> {
        let account_id = permit.account_id();
        let lifetime = input.expires_in_days.map_or(Ok(ApiKeyLifetime::default()), ApiKeyLifetime::parse);
        let create = Create {
            account_id,
            owner,
            name: Name::parse(&input.name).map_err(Refusal::from)?,
            scopes: ApiScopes::parse(input.scopes.iter().copied())?,
            lifetime: lifetime.map_err(Refusal::from)?,
            at: permit.ctx().at,
        };
        let token = KeyToken::generate(K::PREFIX)?;
        let id = self.run(claims, NewKey(create, TokenHash::of(token.expose()).0)).await?;
        Ok(CreatedKey { account_id, id, token })
    }
}

/// A key that is created with the hash of its token.
struct NewKey<Owner>(Create<Owner>, [u8; 32]);

impl<K: Kind> Handler<K> for NewKey<K::Owner> {
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<K, Error> {
        let Self(create, hash) = self;
        let user_id = work.ctx().actor.user();
        let mut person = None;
        if let Some(user_id) = user_id {
            let creator = work.load::<User>(user_id).await?;
            if creator.state.status() != Some(Status::Active) {
                return Err(Refusal::AccessDeactivated.into());
            }
            if K::IS_OF_ACCOUNT && creator.state.role() != Role::Admin {
                return Err(Error::Forbidden);
            }
            person = creator.person.filter(|_| !K::IS_OF_ACCOUNT);
        }
        let in_use = KeyFilter { owner: user_id, in_use_at: Some(create.at) };
        if work.reading()?.count_keys::<K>(in_use).await? >= K::MAX {
            return Err(K::TOO_MANY.into());
        }
        let id = K::from(Uuid::now_v7());
        work.decide(&mut LoadedStream::<K::Stream>::start(id, person), KeyCommand::Create(create.clone()))?;
        work.store_token(id.into(), *hash);
        Ok(id)
    }
}
