//! The simplest command: one stream decides, and nothing is looked up.

use domain::UserId;

use super::changes::Decidable;
use super::{Deciding, Handler};
use crate::Error;

/// A command of one stream.
pub(crate) struct OneStream<S: Decidable> {
    id: S::Id,
    owner: Option<UserId>,
    command: S::Command,
}

impl<S: Decidable> OneStream<S> {
    pub(crate) const fn new(id: S::Id, command: S::Command) -> Self {
        Self { id, owner: None, command }
    }

    /// The same, where the stream belongs to this user.
    pub(crate) fn owned_by(self, user_id: UserId) -> Self {
        Self { owner: Some(user_id), ..self }
    }
}

impl<S: Decidable> Handler<()> for OneStream<S>
where
    S::Command: Clone + Send + Sync + 'static,
{
    async fn decide(&self, work: &mut Deciding<'_>) -> Result<(), Error> {
        let mut stream = work.load::<S>(self.id).await?;
        stream.owner = self.owner;
        work.decide(&mut stream, self.command.clone())?;
        Ok(())
    }
}
