//! Some rows of a call: one transaction.

use std::collections::HashMap;
use std::sync::Arc;

use domain::user::{self, User, UserCommand, UserEvent};
use domain::{EmailAddress, OperationId, Refusal, Stream, UserId};

use super::action::{Action, Histories};
use super::selection::Selected;
use super::{Outcome, UserRow};
use crate::Error;
use crate::idempotency::{KeyedRequest, RowOutcome, RowResult};
use crate::permission::{Permit, would_permit_role};
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency, LoadedStream};

/// Some rows of a call.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) action: Arc<Action>,
    /// The users, each with their place in the call.
    pub(super) rows: Vec<(usize, UserId)>,
    /// The addresses that may become free.
    pub(super) frees: Vec<EmailAddress>,
    /// Everyone whom the call selected.
    pub(super) selection: Arc<Vec<Selected>>,
    pub(super) operation_id: OperationId,
    pub(super) request: Option<KeyedRequest>,
    pub(super) dry_run: bool,
}

/// What a part is answered with.
pub(super) enum PartAnswer {
    Rows(OperationId, Vec<UserRow>),
    /// The same call came before, and selected other users.
    OtherSelection,
}

/// What rows use up, and what follows from all of them.
#[derive(Default)]
struct Progress {
    /// How many active admins the account has, once a row takes one away.
    admins: Option<u64>,
    /// How many invitations may still be sent, once a row sends one.
    invitations: Option<usize>,
    /// Users whose access was taken or given back.
    access_changed: Vec<UserId>,
}

impl Part {
    pub(super) fn claims(&self, permit: &Permit) -> Claims {
        let claims = self.action.claims(Claims::of(permit));
        let ids = self.rows.iter().map(|(_, user_id)| *user_id);
        if self.dry_run {
            // Nothing is written, so it locks no user.
            return ids.fold(claims, Claims::stream::<User>);
        }
        claims.users(&ids.collect::<Vec<_>>()).addresses(&self.frees)
    }

    /// What became of these rows when the same call came before; `None` when it selected others.
    async fn known(&self, work: &mut Deciding<'_>) -> Result<Option<HashMap<usize, RowResult>>, Error> {
        let (Some((first, _)), Some((last, _))) = (self.rows.first(), self.rows.last()) else { return Ok(Some(HashMap::new())) };
        let places: HashMap<usize, UserId> = self.rows.iter().copied().collect();
        let found = work.find_rows(*first, last - first + 1).await?;
        let is_same = |row: &RowOutcome| places.get(&row.index).is_some_and(|user_id| user_id.uuid() == row.subject_id);
        Ok(found.iter().all(is_same).then(|| found.into_iter().map(|row| (row.index, row.result)).collect()))
    }

    async fn decide_row(
        &self,
        work: &mut Deciding<'_>,
        histories: &Histories,
        progress: &mut Progress,
        user_id: UserId,
    ) -> Result<Outcome, Error> {
        let mut user = work.load::<User>(user_id).await?.at_version(None)?;
        let (actor, account_id) = (work.ctx().actor, work.account_id());
        let require = |role| would_permit_role(&actor, role, account_id, user_id).map_err(|_| Refusal::AdminsForbidden);
        require(user.state.role())?;
        let command = self.action.command(work, user_id, histories)?;
        if let UserCommand::Update(user::UpdateUser { role: Some(role), .. }) = &command {
            require(*role)?;
        }
        let events = user.state.decide(command.clone())?;
        if events.is_empty() {
            return Ok(Outcome::Unchanged);
        }
        progress.use_up(work, &user, &events).await?;
        if !self.dry_run {
            work.decide(&mut user, command)?;
        }
        if events.iter().any(|event| matches!(event, UserEvent::Deactivated {} | UserEvent::Activated {})) {
            progress.access_changed.push(user_id);
        }
        Ok(Outcome::Changed)
    }

    /// What is recorded: these rows and, in the first transaction of the call, whom it selected.
    fn outcomes(&self, decided: &[UserRow], is_first: bool) -> Vec<RowOutcome> {
        let mut results: HashMap<usize, RowResult> = decided.iter().filter_map(|row| Some((row.index, recorded(&row.outcome)?))).collect();
        let rows = self.selection.iter().filter_map(|selected| {
            let result = results.remove(&selected.index).or(is_first.then_some(RowResult::Pending))?;
            Some(RowOutcome { index: selected.index, subject_id: selected.user_id?.uuid(), result })
        });
        rows.collect()
    }
}

impl Handler<PartAnswer> for Part {
    /// Each row is recorded by itself, so a repeated call is decided again.
    fn idempotency(&self) -> Option<Idempotency<'_, PartAnswer>> {
        Some(Idempotency { request: self.request.as_ref()?, repeat: |_, _| None, record: |_, _| None })
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<PartAnswer, Error> {
        let Some(known) = self.known(work).await? else { return Ok(PartAnswer::OtherSelection) };
        let (is_first, operation_id) = (known.is_empty(), work.group_by(self.operation_id));
        let histories = self.action.histories(work, &self.rows).await?;
        let mut progress = Progress::default();
        let (mut rows, mut decided) = (vec![], vec![]);
        for (index, user_id) in &self.rows {
            let row = |outcome| UserRow { index: *index, user_id: Some(*user_id), outcome };
            let outcome = match known.get(index) {
                Some(RowResult::Changed) => Outcome::Changed,
                Some(RowResult::Unchanged) => Outcome::Unchanged,
                Some(RowResult::Refused(refusal)) => Outcome::Refused(refusal.clone()),
                Some(RowResult::Pending) | None => {
                    let outcome = match self.decide_row(work, &histories, &mut progress, *user_id).await {
                        Ok(outcome) => outcome,
                        Err(Error::Refused { refusal, .. }) => Outcome::Refused(refusal),
                        Err(error) => return Err(error),
                    };
                    decided.push(row(outcome.clone()));
                    outcome
                }
            };
            rows.push(row(outcome));
        }
        if !self.dry_run {
            work.revoke_api_keys(&progress.access_changed).await?;
            work.send_in_bulk();
        }
        if self.request.is_some() {
            work.record_rows(self.outcomes(&decided, is_first));
        }
        Ok(PartAnswer::Rows(operation_id, rows))
    }
}

impl Progress {
    /// Counts what events use up.
    ///
    /// # Errors
    /// Refusals: `LastAdmin`, `InvitationLimitReached`.
    async fn use_up(&mut self, work: &mut Deciding<'_>, user: &LoadedStream<User>, events: &[UserEvent]) -> Result<(), Error> {
        if user.state.ends_active_admin(events) {
            // A row that may take one away is written under the lock of the set of admins only, and is then decided again.
            let admins = match self.admins {
                Some(admins) => admins,
                None => work.reading()?.count_active_admins().await?,
            };
            self.admins = Some(admins);
            if admins <= 1 {
                return Err(Refusal::LastAdmin.into());
            }
            self.admins = Some(admins - 1);
        }
        if events.iter().any(|event| matches!(event, UserEvent::InvitationResent { .. })) {
            let left = match self.invitations {
                Some(left) => left,
                None => work.invitations_left().await?,
            };
            self.invitations = Some(left);
            self.invitations = Some(left.checked_sub(1).ok_or(Refusal::InvitationLimitReached)?);
        }
        Ok(())
    }
}

/// What is recorded of an outcome; `None` for one that no longer applies on the next day.
fn recorded(outcome: &Outcome) -> Option<RowResult> {
    match outcome {
        Outcome::Changed => Some(RowResult::Changed),
        Outcome::Unchanged => Some(RowResult::Unchanged),
        Outcome::Refused(Refusal::InvitationLimitReached) => None,
        Outcome::Refused(refusal) => Some(RowResult::Refused(refusal.clone())),
    }
}
