//! The second state: a command that loads, looks up and decides. What it wants to write is collected as data.

use domain::user::User;
use domain::{AccountId, Actor, Refusal, Role, UserId};
use event_store::{Batch, Loaded, Metadata, Person};
use sqlx::PgConnection;
use uuid::Uuid;

use super::changes::{Changes, Decidable, NewReset};
use super::{Settings, Transaction, Writing};
use crate::idempotency::{Done, RowOutcome};
use crate::mail::outbox::Lane;
use crate::{Changed, Commands, Context, Error};

/// A command that holds its locks and has written nothing.
pub(crate) struct Deciding<'a> {
    transaction: Transaction<'a>,
    settings: Option<Settings>,
    is_repeated: bool,
    actor: Actor,
    batch: Batch,
    changes: Changes,
}

/// A stream as it is in this unit of work.
pub(crate) struct LoadedStream<S: Decidable> {
    id: S::Id,
    /// What its events add up to.
    pub(crate) state: S,
    /// How many events it has.
    pub(crate) version: u64,
    /// The user that it is about, with the key that seals personal values.
    pub(crate) person: Option<Person>,
    /// The user that it belongs to, where its events have no key of a user.
    pub(super) owner: Option<UserId>,
}

impl<S: Decidable> LoadedStream<S> {
    fn new(id: S::Id, Loaded { state, version, person }: Loaded<S>) -> Self {
        Self { id, state, version, person, owner: None }
    }

    /// A stream without events. `person` is the user that it is about.
    pub(crate) fn start(id: S::Id, person: Option<Person>) -> Self {
        Self { id, state: S::default(), version: 0, person, owner: None }
    }

    /// The same stream, known to belong to this user.
    pub(crate) fn owned_by(self, user_id: UserId) -> Self {
        Self { owner: Some(user_id), ..self }
    }

    /// The same stream, if it exists and has the version that the caller saw. No version means any.
    pub(crate) fn at_version(self, expected: Option<u64>) -> Result<Self, Refusal> {
        match (self.version, expected) {
            (0, _) => Err(Refusal::NotFound),
            (current, Some(expected)) if current != expected => Err(Refusal::VersionConflict { current }),
            _ => Ok(self),
        }
    }
}

impl LoadedStream<User> {
    pub(crate) const fn id(&self) -> UserId {
        self.id
    }

    /// What is answered about a user who changed.
    pub(crate) const fn changed(&self, account_id: AccountId) -> Changed {
        Changed { account_id, user_id: self.id, version: self.version }
    }
}

impl<'a> Deciding<'a> {
    pub(super) fn new(transaction: Transaction<'a>, settings: Option<Settings>, is_repeated: bool) -> Self {
        let actor = transaction.permit.ctx().actor;
        Self { transaction, settings, is_repeated, actor, batch: Batch::default(), changes: Changes::default() }
    }

    pub(crate) const fn commands(&self) -> &'a Commands {
        self.transaction.commands
    }

    /// Who asks, through which request, at which moment.
    pub(crate) const fn ctx(&self) -> &'a Context {
        self.transaction.permit.ctx()
    }

    pub(crate) const fn account_id(&self) -> AccountId {
        self.transaction.permit.account_id()
    }

    /// What the account decides for itself, if the handler claimed it.
    pub(crate) const fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// The same, for a handler that always claims it.
    pub(crate) fn claimed_settings(&self) -> Settings {
        self.settings.clone().expect("the handler claims the settings")
    }

    /// The transaction, for looking things up. Only look-ups that a decision needs belong here; nothing is written before the events.
    pub(crate) fn reading(&mut self) -> &mut PgConnection {
        &mut self.transaction.database
    }

    /// Checks that the command may change a user with this role: see [`Commands::authorize_role`].
    pub(crate) fn authorize_role(&self, upon: UserId, role: Role) -> Result<(), Error> {
        self.commands().authorize_role(self.transaction.permit, Some(upon), role)
    }

    /// Loads a stream of the account.
    pub(crate) async fn load<S: Decidable>(&mut self, id: S::Id) -> Result<LoadedStream<S>, Error> {
        let (commands, account_id) = (self.commands(), self.account_id());
        Ok(LoadedStream::new(id, commands.store.load(self.reading(), account_id, id).await?))
    }

    /// Loads several streams of the account in one round trip, in the order of their ids.
    pub(crate) async fn load_many<S: Decidable>(&mut self, ids: &[S::Id]) -> Result<Vec<LoadedStream<S>>, Error> {
        let (commands, account_id) = (self.commands(), self.account_id());
        let streams = commands.store.load_many(self.reading(), account_id, ids).await?;
        Ok(ids.iter().zip(streams).map(|(id, stream)| LoadedStream::new(*id, stream)).collect())
    }

    /// A user with their key, to seal what another stream says about them.
    pub(crate) async fn find_person(&mut self, user_id: UserId) -> Result<Person, Error> {
        let (commands, account_id) = (self.commands(), self.account_id());
        Ok(commands.store.find_person(self.reading(), account_id, user_id).await?)
    }

    /// The empty stream of a new user, who gets a key for what is personal.
    pub(crate) fn start_user(&self, user_id: UserId) -> Result<LoadedStream<User>, Error> {
        Ok(LoadedStream::start(user_id, Some(self.commands().store.new_person(self.account_id(), user_id)?)))
    }

    /// Decides. The events wait to be appended; the stream in memory goes on from there.
    pub(crate) fn decide<S: Decidable>(&mut self, stream: &mut LoadedStream<S>, command: S::Command) -> Result<Vec<S::Event>, Error> {
        let events = stream.state.decide(command)?;
        let account_id = self.account_id();
        stream.version = self.batch.add::<S>(account_id, stream.id, stream.version, &events, stream.person.as_mut())?;
        let owner = stream.owner.or_else(|| stream.person.as_ref().map(Person::id));
        self.changes.add(&stream.state, stream.id, events.clone(), stream.version, owner);
        for event in &events {
            stream.state.apply(event.clone());
        }
        Ok(events)
    }

    /// Names this actor in every event of the command: the caller has proved who they are.
    pub(crate) const fn act_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// Sends the mails of this command behind those that are asked for one by one.
    pub(crate) const fn send_in_bulk(&mut self) {
        self.changes.lane = Lane::Bulk;
    }

    /// Sets the password of a user.
    pub(crate) fn set_password(&mut self, user_id: UserId, hash: &str) {
        self.changes.secrets.passwords.push((user_id, hash.to_owned()));
    }

    /// Stores the hash of the token of a new session or key, by the id of its stream.
    pub(crate) fn store_token(&mut self, stream: Uuid, hash: [u8; 32]) {
        self.changes.secrets.tokens.insert(stream, hash);
    }

    /// Opens a link for a new password.
    pub(crate) fn open_reset(&mut self, reset: NewReset) {
        self.changes.secrets.resets.push(reset);
    }

    /// Uses up the choice of an account that has a token with this hash.
    pub(crate) const fn use_choice(&mut self, token_hash: [u8; 32], user_id: UserId) {
        self.changes.secrets.used_choice = Some((token_hash, user_id));
    }

    /// Ends the open choices of a user where no event says so.
    pub(crate) fn end_choices(&mut self, user_id: UserId) {
        self.changes.secrets.ended_choices.push(user_id);
    }

    /// What became of some rows when this request came before.
    pub(crate) async fn find_rows(&mut self, first: usize, count: usize) -> Result<Vec<RowOutcome>, Error> {
        let Transaction { request, permit, database, .. } = &mut self.transaction;
        match request {
            Some(request) => Ok(request.find_rows(database, permit, first, count).await?),
            None => Ok(vec![]),
        }
    }

    /// How many invitations the actor may still send today, as far as is known before anything is written.
    pub(crate) async fn invitations_left(&mut self) -> Result<usize, Error> {
        let (commands, ctx) = (self.commands(), self.ctx());
        commands.invitations_left(self.reading(), ctx).await
    }

    /// Records the outcomes of rows under the request's key, and that the request was begun.
    pub(crate) fn record_rows(&mut self, rows: Vec<RowOutcome>) {
        if !self.is_repeated && !rows.is_empty() {
            self.changes.done = Some(Done { subject_id: self.account_id().uuid(), version: 0 });
        }
        self.changes.rows = rows;
    }

    /// Appends the events and writes what follows from them. `done` is recorded under the request's key.
    pub(super) async fn append(mut self, done: Option<Done>) -> Result<Writing<'a>, Error> {
        self.changes.done = done.or(self.changes.done);
        let Context { request_id, at, .. } = self.ctx();
        let cause = self.transaction.permit.operation_name().to_owned();
        let metadata = Metadata { actor: self.actor, request_id: request_id.clone(), cause, at: *at };
        Writing::write(self.transaction, self.batch, &metadata, &self.changes).await
    }
}
