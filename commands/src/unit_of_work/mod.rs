//! One transaction: what was looked up, what was decided, and everything that is written of it.

mod changes;
mod effects;

use domain::{AccountId, Actor};
use event_store::{Batch, Claim, Loaded, Locks, Metadata, Person, is_conflict, retry_conflicts};
use sqlx::{PgConnection, PgTransaction};

pub(crate) use self::changes::NewReset;
use self::changes::{Changes, Decidable};
use self::effects::Effects;
use crate::lock_queues::Places;
use crate::{Commands, Context, Error, Fault, SessionLifetime};

/// A transaction in the making, which holds all locks that it needs. Steps come in this order, so that the feed's order agrees with
/// cause and effect: [`load`](Self::load), [`decide`](Self::decide), [`append`](Self::append), which is the first to write; then then [`commit`](Self::commit). Dropped before that, nothing has happened.
pub(crate) struct UnitOfWork<'a> {
    commands: &'a Commands,
    transaction: PgTransaction<'static>,
    ctx: Context,
    account_id: AccountId,
    batch: Batch,
    changes: Changes,
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
        Ok(UnitOfWork {
            commands: self,
            transaction,
            ctx: ctx.clone(),
            account_id,
            batch: Batch::default(),
            changes: Changes::default(),
            metadata,
            has_mail: false,
            _places: places,
        })
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
    /// The transaction, for looking up and, after [`append`](Self::append), for writing.
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// How long sessions work.
    pub(crate) const fn session_lifetime(&self) -> SessionLifetime {
        self.commands.session_lifetime
    }

    /// Loads a stream of an account.
    pub(crate) async fn load<S: Decidable>(&mut self, account_id: AccountId, id: S::Id) -> Result<Loaded<S>, Error> {
        Ok(self.commands.store.load(&mut self.transaction, account_id, id).await?)
    }

    /// Loads several streams of an account in one round trip, in the order of their ids.
    pub(crate) async fn load_many<S: Decidable>(&mut self, account_id: AccountId, ids: &[S::Id]) -> Result<Vec<Loaded<S>>, Error> {
        Ok(self.commands.store.load_many(&mut self.transaction, account_id, ids).await?)
    }

    /// Names this actor in every event of this unit of work: somebody has proved who they are, and it is they who act.
    pub(crate) const fn act_as(&mut self, actor: Actor) {
        self.metadata.actor = actor;
    }

    /// Decides, and lets the stream in memory go on from there. What happened waits to be remembered.
    pub(crate) fn decide<S: Decidable>(
        &mut self,
        account_id: AccountId,
        id: S::Id,
        stream: &mut Loaded<S>,
        command: S::Command,
    ) -> Result<Vec<S::Event>, Error> {
        let events = stream.state.decide(command)?;
        stream.version = self.batch.add::<S>(account_id, id, stream.version, &events, stream.person.as_mut())?;
        self.changes.add(&stream.state, id, events.clone(), stream.version, stream.person.as_ref().map(Person::id));
        for event in &events {
            stream.state.apply(event.clone());
        }
        Ok(events)
    }

    /// What is to be written besides the events.
    pub(crate) const fn changes(&mut self) -> &mut Changes {
        &mut self.changes
    }

    /// Appends the events of everything that was decided, and writes what follows from them. Nothing may be written before.
    pub(crate) async fn append(&mut self) -> Result<(), Error> {
        let batch = std::mem::take(&mut self.batch);
        self.commands.store.append(&mut self.transaction, batch, &self.metadata).await?;
        let &mut Self { commands, ref ctx, account_id, .. } = self;
        self.has_mail = Effects { commands, connection: &mut self.transaction, ctx, account_id }.write(&self.changes).await?;
        Ok(())
    }

    /// Makes it happen.
    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        if !self.batch.is_empty() {
            return Err(Fault::Unwritten.into());
        }
        // Last: the counter of an inviter stays locked until the transaction ends.
        let invitations = self.changes.invitations();
        if invitations > 0 {
            self.commands.count_invitations(&mut self.transaction, &self.ctx, invitations).await?;
        }
        self.transaction.commit().await?;
        self.commands.committed.notify_one();
        if self.has_mail {
            self.commands.mail_waits.notify_one();
        }
        Ok(())
    }
}
