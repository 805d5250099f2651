//! The second state: a command that loads, looks up and decides. What it wants to write is collected as data.

use domain::user::User;
use domain::{AccountId, Actor, AuthMethods, EmailAddress, InvitationHours, Logo, OperationId, Refusal, Role, UserId};
use event_store::{Batch, Metadata, Person, StreamKey};
use projections::users::AddressHolder;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Claims;
use super::changes::{Changes, Decidable, NewLogo, NewReset};
use super::decided::Decided;
use super::loaded::{Detour, Loaded, Streams};
use super::loaded_stream::LoadedStream;
use super::reading::Reading;
use crate::idempotency::{Done, KeyedRequest, RowOutcome};
use crate::mail::outbox::Lane;
use crate::{Commands, Context, Error};

/// What an account decides for itself.
#[derive(Clone)]
pub(crate) struct Settings {
    /// The ways to sign in that it offers.
    pub(crate) offered: AuthMethods,
    /// How long its invitations work.
    pub(crate) lifetime: InvitationHours,
}

/// What a command starts from: a transaction with its locks, and what was looked up under them.
pub(super) struct Start<'a> {
    pub(super) commands: &'a Commands,
    pub(super) connection: &'a mut PgConnection,
    pub(super) loaded: &'a mut Loaded,
    /// Whether commands before it in the same transaction have changed what it decides by.
    pub(super) overlaps: bool,
}

/// A command that holds its locks and has written nothing.
pub(crate) struct Deciding<'a> {
    start: Start<'a>,
    claims: &'a Claims,
    request: Option<&'a KeyedRequest>,
    recorded: Option<Done>,
    settings: Option<Settings>,
    actor: Actor,
    operation_id: Option<OperationId>,
    undoes: Option<String>,
    batch: Batch,
    changes: Changes,
    streams: Streams,
}

impl<'a> Deciding<'a> {
    /// # Errors
    /// Refusal: `IdempotencyKeyReused`.
    pub(super) fn new(start: Start<'a>, claims: &'a Claims, request: Option<&'a KeyedRequest>) -> Result<Self, Error> {
        let actor = claims.permit().ctx().actor;
        let (batch, changes, streams) = (Batch::default(), Changes::default(), Streams::default());
        let mut work = Self {
            start,
            claims,
            request,
            recorded: None,
            settings: None,
            actor,
            operation_id: None,
            undoes: None,
            batch,
            changes,
            streams,
        };
        if let Some(request) = request {
            work.require_no_overlap()?;
            work.recorded = work.start.loaded.records.of(request, claims.permit())?;
        }
        Ok(work)
    }

    /// What the same request did before, if it came before.
    pub(super) const fn recorded(&self) -> Option<Done> {
        self.recorded
    }

    /// # Errors
    /// Refusal: `NotFound` when the account does not exist.
    pub(super) fn look_up_settings(&mut self) -> Result<(), Error> {
        if self.claims.needs_settings() {
            self.require_no_overlap()?;
            let account = self.start.loaded.account(self.account_id()).ok_or(Refusal::NotFound)?;
            self.settings = Some(Settings { offered: self.commands().offered_by(account), lifetime: account.invitation_hours });
        }
        Ok(())
    }

    pub(crate) const fn commands(&self) -> &'a Commands {
        self.start.commands
    }

    /// Who asks, through which request, at which moment.
    pub(crate) fn ctx(&self) -> &'a Context {
        self.claims.permit().ctx()
    }

    pub(crate) fn account_id(&self) -> AccountId {
        self.claims.permit().account_id()
    }

    /// What the account decides for itself, if the handler claimed it.
    pub(crate) const fn settings(&self) -> Option<&Settings> {
        self.settings.as_ref()
    }

    /// The same, for a handler that always claims it.
    pub(crate) fn claimed_settings(&self) -> Settings {
        self.settings.clone().expect("the handler claims the settings")
    }

    /// The transaction, for looking things up.
    ///
    /// # Errors
    /// When commands before in the same transaction change what this one decides by: it is decided in the next one.
    pub(crate) fn reading(&mut self) -> Result<Reading<'_>, Error> {
        let account_id = self.account_id();
        self.require_no_overlap()?;
        Ok(Reading { commands: self.start.commands, connection: self.start.connection, account_id })
    }

    fn require_no_overlap(&mut self) -> Result<(), Error> {
        if self.start.overlaps { Err(self.detour(Detour::Next)) } else { Ok(()) }
    }

    /// The error that ends a decision that is made in another transaction.
    fn detour(&mut self, detour: Detour) -> Error {
        self.start.loaded.detour = Some(detour);
        event_store::Error::Conflict.into()
    }

    /// Checks that the command may change a user with this role: see [`Commands::authorize_role`].
    pub(crate) fn authorize_role(&self, upon: UserId, role: Role) -> Result<(), Error> {
        self.commands().authorize_role(self.claims.permit(), Some(upon), role)
    }

    /// The live user who has an address that the handler claimed, if there is one.
    pub(crate) fn holder_of(&mut self, email: &EmailAddress) -> Result<Option<&AddressHolder>, Error> {
        self.require_no_overlap()?;
        Ok(self.start.loaded.holder(self.account_id(), email.normalised()))
    }

    /// Loads a stream of the account.
    pub(crate) async fn load<S: Decidable>(&mut self, id: S::Id) -> Result<LoadedStream<S>, Error> {
        let key = StreamKey::of::<S>(self.account_id(), id);
        if let Some(stream) = self.streams.get(&key) {
            return Ok(stream);
        }
        let Start { commands, connection, loaded, .. } = &mut self.start;
        if let Some(stream) = loaded.stream(commands, &key, id) {
            return stream;
        }
        Ok(LoadedStream::new(id, commands.store.load(connection, key.account_id(), id).await?))
    }

    /// Loads several streams of the account in one round trip, in the order of their ids.
    pub(crate) async fn load_many<S: Decidable>(&mut self, ids: &[S::Id]) -> Result<Vec<LoadedStream<S>>, Error> {
        let (commands, account_id) = (self.commands(), self.account_id());
        let keys: Vec<_> = ids.iter().map(|id| StreamKey::of::<S>(account_id, *id)).collect();
        let mut stored = commands.store.find_streams(self.reading()?.connection, &keys).await?;
        let mut streams = Vec::with_capacity(ids.len());
        for (id, key) in ids.iter().zip(&keys) {
            let opened = commands.store.open_stream::<S>(&mut stored, key).expect("each was asked for once");
            streams.push(LoadedStream::new(*id, opened?));
        }
        Ok(streams)
    }

    /// A user with their key, to seal what another stream says about them.
    pub(crate) async fn find_person(&mut self, user_id: UserId) -> Result<Person, Error> {
        let (commands, account_id) = (self.commands(), self.account_id());
        Ok(commands.store.find_person(self.reading()?.connection, account_id, user_id).await?)
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
        let before = stream.state.clone();
        for event in &events {
            stream.state.apply(event.clone());
        }
        if S::changes_admins(&before, &stream.state) && !self.claims.has_admins() {
            return Err(self.detour(Detour::WithAdmins));
        }
        self.changes.add(&before, stream.id, events.clone(), stream.version, owner);
        self.streams.put(StreamKey::of::<S>(account_id, stream.id), stream.clone());
        Ok(events)
    }

    /// Names this actor in every event of the command: the caller has proved who they are.
    pub(crate) const fn act_as(&mut self, actor: Actor) {
        self.actor = actor;
    }

    /// Groups the events of this command under this id, or under that of the same request, if it came before. Answers which.
    pub(crate) fn group_by(&mut self, new: OperationId) -> OperationId {
        let recorded = self.recorded.map(|done| done.subject_id).filter(|id| *id != self.account_id().uuid());
        *self.operation_id.insert(recorded.map_or(new, OperationId::new))
    }

    /// Names what the events of this command undo.
    pub(crate) fn name_undone(&mut self, undone: String) {
        self.undoes = Some(undone);
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

    /// Stores the file of a new logo of the account, or deletes the one that it had.
    pub(crate) fn store_logo(&mut self, logo: Option<(Logo, Vec<u8>)>) {
        self.changes.secrets.logo = Some(logo.map_or(NewLogo::None, |(logo, content)| NewLogo::File(logo, content)));
    }

    /// What became of some rows when this request came before.
    pub(crate) async fn find_rows(&mut self, first: usize, count: usize) -> Result<Vec<RowOutcome>, Error> {
        let (request, permit) = (self.request, self.claims.permit());
        match request {
            Some(request) => Ok(request.find_rows(self.reading()?.connection, permit, first, count).await?),
            None => Ok(vec![]),
        }
    }

    /// How many invitations the actor may still send today, as far as is known before anything is written.
    pub(crate) async fn invitations_left(&mut self) -> Result<usize, Error> {
        let (commands, ctx) = (self.commands(), self.ctx());
        commands.invitations_left(self.reading()?.connection, ctx).await
    }

    /// Records the outcomes of rows under the request's key, and that the request was begun.
    pub(crate) fn record_rows(&mut self, rows: Vec<RowOutcome>) {
        if self.recorded.is_none() && !rows.is_empty() {
            let subject_id = self.operation_id.map_or(self.account_id().uuid(), OperationId::uuid);
            self.changes.done = Some(Done { subject_id, version: 0 });
        }
        self.changes.rows = rows;
    }

    /// What is to be written. `done` is recorded under the request's key.
    pub(super) fn decided(mut self, done: Option<Done>) -> Decided {
        self.changes.done = done.or(self.changes.done);
        let permit = self.claims.permit().clone();
        let Context { request_id, at, .. } = permit.ctx();
        let cause = permit.operation_name().to_owned();
        let Self { actor, operation_id, undoes, .. } = self;
        let batch = self.batch.caused_by(&Metadata { actor, request_id: request_id.clone(), cause, operation_id, undoes, at: *at });
        Decided { permit, request: self.request.cloned(), batch, changes: self.changes, streams: self.streams }
    }

    /// For a request that came before.
    pub(super) fn decided_nothing(self) -> Decided {
        Decided {
            permit: self.claims.permit().clone(),
            request: None,
            batch: Batch::default(),
            changes: Changes::default(),
            streams: Streams::default(),
        }
    }
}
