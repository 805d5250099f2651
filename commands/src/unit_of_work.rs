//! One transaction: what was looked up, what was decided, and everything that is written of it.

use domain::user::UserEvent;
use domain::{AccountId, Actor, Stream};
use event_store::{Batch, Claim, Loaded, Locks, Metadata, is_conflict, retry_conflicts};
use sqlx::{PgConnection, PgTransaction};

use crate::lock_queues::Places;
use crate::mail::outbox::{self, Lane, NewMail};
use crate::{Changed, Commands, Context, Error, Fault, SessionLifetime};

/// A transaction in the making, which holds all locks that it needs. Steps come in this order, so that the feed's order agrees with
/// cause and effect: [`load`](Self::load), [`decide`](Self::decide), [`remember`](Self::remember), which is the first to write; then read
/// models and the rest; then [`commit`](Self::commit). Dropped before that, nothing has happened.
pub(crate) struct UnitOfWork<'a> {
    commands: &'a Commands,
    transaction: PgTransaction<'static>,
    batch: Batch,
    metadata: Metadata,
    has_mail: bool,
    /// The last field, so that the next one begins when this transaction has ended.
    _places: Places,
}

impl Commands {
    /// Begins a unit of work for an operation, such as `inviteUser`, or for an event that asks for it, once nobody else has what it claims.
    pub(crate) async fn begin<'a>(
        &self,
        ctx: &Context,
        cause: &str,
        account_id: AccountId,
        claims: impl IntoIterator<Item = Claim<'a>>,
    ) -> Result<UnitOfWork<'_>, Error> {
        let metadata = Metadata { actor: ctx.actor, request_id: ctx.request_id.clone(), cause: cause.to_owned(), at: ctx.at };
        let locks = Locks::new(claims);
        let places = self.queues.wait(account_id, &locks).await?;
        let mut transaction = self.pool.begin().await?;
        locks.take(&mut transaction).await?;
        Ok(UnitOfWork { commands: self, transaction, batch: Batch::default(), metadata, has_mail: false, _places: places })
    }

    /// Runs a command, each time in a unit of work of its own, until no other transaction came first. One that conflicts every time
    /// counts as unavailable: the same may succeed later.
    pub(crate) async fn retrying<T, F>(&self, command: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        match retry_conflicts(command, Error::is_race).await {
            Err(Error::Fault(Fault::Database(error))) if is_conflict(&error) => Err(Fault::Unavailable(error).into()),
            result => result,
        }
    }
}

impl UnitOfWork<'_> {
    /// The transaction, for looking up and, after [`remember`](Self::remember), for writing.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// How long sessions work.
    pub(crate) const fn session_lifetime(&self) -> SessionLifetime {
        self.commands.session_lifetime
    }

    /// Loads a stream of an account.
    pub(crate) async fn load<S: Stream>(&mut self, account_id: AccountId, id: S::Id) -> Result<Loaded<S>, Error> {
        Ok(self.commands.store.load(&mut self.transaction, account_id, id).await?)
    }

    /// Loads several streams of an account in one round trip, in the order of their ids.
    pub(crate) async fn load_many<S: Stream>(&mut self, account_id: AccountId, ids: &[S::Id]) -> Result<Vec<Loaded<S>>, Error> {
        Ok(self.commands.store.load_many(&mut self.transaction, account_id, ids).await?)
    }

    /// Names this actor in every event of this unit of work: somebody has proved who they are, and it is they who act.
    pub(crate) const fn act_as(&mut self, actor: Actor) {
        self.metadata.actor = actor;
    }

    /// Decides, and lets the stream in memory go on from there. What happened waits to be remembered.
    pub(crate) fn decide<S: Stream>(
        &mut self,
        account_id: AccountId,
        id: S::Id,
        stream: &mut Loaded<S>,
        command: S::Command,
    ) -> Result<Vec<S::Event>, Error> {
        let events = stream.state.decide(command)?;
        stream.version = self.batch.add::<S>(account_id, id, stream.version, &events, stream.person.as_mut())?;
        for event in &events {
            stream.state.apply(event.clone());
        }
        Ok(events)
    }

    /// Writes the events of everything that was decided. Nothing may be written before.
    pub(crate) async fn remember(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        Ok(self.commands.store.append(&mut self.transaction, batch, &self.metadata).await?)
    }

    /// Puts mails into the outbox.
    pub(crate) async fn enqueue(&mut self, ctx: &Context, lane: Lane, mails: &[NewMail]) -> Result<(), Error> {
        outbox::enqueue(&mut self.transaction, ctx, lane, mails).await?;
        self.has_mail = true;
        Ok(())
    }

    /// Takes the mails out of the outbox that what happened to a user makes needless, and puts in those that it asks for.
    pub(crate) async fn mail(&mut self, ctx: &Context, changed: Changed, events: &[UserEvent], had_access: bool) -> Result<(), Error> {
        let needless: Vec<_> = events.iter().flat_map(outbox::made_needless_by).copied().collect();
        if !needless.is_empty() {
            outbox::cancel(&mut self.transaction, changed.account_id, changed.user_id, &needless).await?;
        }
        let wanted: Vec<_> = events.iter().filter_map(|event| NewMail::asked_for_by(event, changed, had_access, ctx.at)).collect();
        if wanted.is_empty() { Ok(()) } else { self.enqueue(ctx, Lane::Single, &wanted).await }
    }

    /// Makes it happen.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        if !self.batch.is_empty() {
            return Err(Fault::Unwritten.into());
        }
        self.transaction.commit().await?;
        self.commands.committed.notify_one();
        if self.has_mail {
            self.commands.mail_waits.notify_one();
        }
        Ok(())
    }
}
