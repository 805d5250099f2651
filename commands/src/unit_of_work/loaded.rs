//! What the commands of a transaction decide by: looked up at once for all of them, and carried on from one to the next.

use std::any::Any;
use std::collections::{BTreeSet, HashMap};

use domain::{AccountId, Stream};
use event_store::{Locks, StoredStreams, StreamKey};
use projections::accounts::{AccountView, find_accounts};
use projections::users::{AddressHolder, find_address_holders};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Claims;
use super::loaded_stream::LoadedStream;
use crate::idempotency::{KeyedRequest, Records};
use crate::permission::Permit;
use crate::{Commands, Error};

/// What was looked up for the commands of a transaction, and what those before have decided.
#[derive(Default)]
pub(super) struct Loaded {
    streams: StoredStreams,
    accounts: HashMap<AccountId, AccountView>,
    holders: HashMap<(AccountId, String), AddressHolder>,
    pub(super) records: Records,
    decided: Streams,
    /// The locks of the commands that have decided something; `true` for those that one of them does not share.
    changed: HashMap<String, bool>,
    /// Why the command that decides now cannot go on here.
    pub(super) detour: Option<Detour>,
}

/// Why a command is not decided in this transaction, although it may be in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detour {
    /// It looks up what a command before it changes.
    Next,
    /// It changes the set of the account's active admins, and does not have their lock.
    WithAdmins,
}

/// Streams as commands have left them. Events that are decided wait to be appended, so the database does not have them.
#[derive(Default)]
pub(super) struct Streams(HashMap<StreamKey, Box<dyn Any + Send + Sync>>);

impl Streams {
    pub(super) fn get<S: Stream + Clone + 'static>(&self, key: &StreamKey) -> Option<LoadedStream<S>> {
        let stream = self.0.get(key)?.downcast_ref::<LoadedStream<S>>();
        Some(stream.expect("the key names the kind of the stream").clone())
    }

    pub(super) fn put<S: Stream + 'static>(&mut self, key: StreamKey, stream: LoadedStream<S>) {
        self.0.insert(key, Box::new(stream));
    }
}

/// What commands ask for.
#[derive(Default)]
pub(super) struct Asked {
    requests: Vec<(KeyedRequest, Permit)>,
    streams: Vec<StreamKey>,
    accounts: BTreeSet<Uuid>,
    addresses: Vec<(Uuid, String)>,
}

impl Asked {
    pub(super) fn add(&mut self, claims: &Claims, request: Option<&KeyedRequest>) {
        let account_id = claims.permit().account_id().uuid();
        self.requests.extend(request.map(|request| (request.clone(), claims.permit().clone())));
        self.streams.extend_from_slice(claims.stream_keys());
        self.accounts.extend(claims.needs_settings().then_some(account_id));
        self.addresses.extend(claims.normalised_addresses().iter().map(|email| (account_id, email.clone())));
    }
}

impl Loaded {
    /// Looks up what commands ask for: one statement for each kind of thing, for those kinds that are asked for.
    pub(super) async fn look_up(commands: &Commands, connection: &mut PgConnection, asked: &Asked) -> Result<Self, Error> {
        let mut loaded = Self { records: Records::find(connection, &asked.requests).await?, ..Self::default() };
        if !asked.streams.is_empty() {
            loaded.streams = commands.store.find_streams(connection, &asked.streams).await?;
        }
        if !asked.accounts.is_empty() {
            let accounts: Vec<Uuid> = asked.accounts.iter().copied().collect();
            let found = find_accounts(&mut *connection, &accounts).await?;
            loaded.accounts = found.into_iter().map(|account| (account.id, account)).collect();
        }
        if !asked.addresses.is_empty() {
            let (accounts, normalised): (Vec<Uuid>, Vec<String>) = asked.addresses.iter().cloned().unzip();
            let holders = find_address_holders(connection, &accounts, &normalised).await?;
            loaded.holders = holders.into_iter().map(|holder| ((holder.account_id, holder.email_normalised.clone()), holder)).collect();
        }
        Ok(loaded)
    }

    /// Whether commands before have changed what a command with these locks decides by.
    pub(super) fn overlaps(&self, locks: &Locks) -> bool {
        let changed = |(name, is_shared): (&str, bool)| self.changed.get(name).is_some_and(|is_exclusive| *is_exclusive || !is_shared);
        locks.names().any(changed)
    }

    /// Carries on what a command with these locks has decided.
    pub(super) fn carry_on(&mut self, locks: &Locks, streams: Streams) {
        for (name, is_shared) in locks.names() {
            *self.changed.entry(name.to_owned()).or_default() |= !is_shared;
        }
        self.decided.0.extend(streams.0);
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&AccountView> {
        self.accounts.get(&id)
    }

    pub(super) fn holder(&self, account_id: AccountId, normalised: &str) -> Option<&AddressHolder> {
        self.holders.get(&(account_id, normalised.to_owned()))
    }

    /// A stream as a command before has left it, or as it was found.
    pub(super) fn stream<S: Stream + Clone + 'static>(
        &mut self,
        commands: &Commands,
        key: &StreamKey,
        id: S::Id,
    ) -> Option<Result<LoadedStream<S>, Error>> {
        if let Some(stream) = self.decided.get(key) {
            return Some(Ok(stream));
        }
        let opened = commands.store.open_stream::<S>(&mut self.streams, key)?;
        let stream = opened.map(|loaded| LoadedStream::new(id, loaded)).map_err(Error::from);
        if let Ok(stream) = &stream {
            // The next command that asks for it gets it as it is now, if this one does not change it.
            self.decided.put(key.clone(), stream.clone());
        }
        Some(stream)
    }
}
