//! A call from its selection to its answer.

use std::sync::Arc;

use domain::{EmailAddress, OperationId, Refusal, UserId};
use projections::users::find_users;
use uuid::Uuid;

use super::action::Action;
use super::part::{Part, PartAnswer};
use super::selection::Selected;
use super::{BulkAnswer, Outcome, PART, UserRow, UserSelection};
use crate::idempotency::{KeyedRequest, Records};
use crate::permission::Permit;
use crate::refused_attempts::Concerned;
use crate::{Commands, Error};

/// A permitted call whose values are parsed.
pub(super) struct Call<'a> {
    pub(super) permit: &'a Permit,
    pub(super) selection: &'a UserSelection,
    pub(super) action: Action,
    pub(super) request: Option<KeyedRequest>,
    pub(super) dry_run: bool,
    /// How many users the caller confirmed, where that is needed.
    pub(super) confirm_count: Option<u64>,
}

impl Commands {
    /// Decides every row of a call, and writes those that are not refused, unless it is a dry run.
    ///
    /// # Errors
    /// Refusals of the whole: `NoRows`, `TooManyRows`, `CountChanged`, `CountNotConfirmed`, `IdempotencyKeyReused`. After a fault some rows may be
    /// done: repeated with its key, the call does the others.
    pub(super) async fn run_call(&self, call: Call<'_>) -> Result<BulkAnswer, Error> {
        call.selection.check()?;
        let answer = loop {
            let selected = self.selected(&call).await?;
            if let Some(answer) = self.run_parts(&call, selected).await? {
                break answer;
            }
        };
        let is_forbidden = |row: &UserRow| row.outcome == Outcome::Refused(Refusal::AdminsForbidden);
        if !call.dry_run && answer.rows.iter().any(is_forbidden) {
            let Call { permit, .. } = call;
            let forbidden = Err::<(), _>(Error::Forbidden);
            self.note_refusal(permit.ctx(), permit.operation_name().to_owned(), permit.account_id(), Concerned::NoUser, &forbidden);
        }
        Ok(answer)
    }

    /// Whom the call selects now, or selected when it came before.
    async fn selected(&self, call: &Call<'_>) -> Result<Vec<Selected>, Error> {
        if let Some(selected) = self.find_selected(call).await? {
            return Ok(selected);
        }
        let selected = match self.select(call.permit.ctx(), call.permit.account_id(), call.selection).await {
            // The same call may have begun meanwhile, and changed who matches.
            Err(error) => return self.find_selected(call).await?.ok_or(error),
            Ok(selected) => selected,
        };
        let count = u64::try_from(selected.len()).unwrap_or(u64::MAX);
        match call.confirm_count {
            Some(confirmed) if confirmed != count => Err(Refusal::CountNotConfirmed { confirmed, selected: count }.into()),
            _ => Ok(selected),
        }
    }

    /// Whom the call selected by its filter when it came before.
    async fn find_selected(&self, call: &Call<'_>) -> Result<Option<Vec<Selected>>, Error> {
        let Some(request) = call.request.as_ref().filter(|_| !call.dry_run && matches!(call.selection, UserSelection::Matching { .. }))
        else {
            return Ok(None);
        };
        let mut connection = self.pool.acquire().await?;
        let records = Records::find(&mut connection, &[(request.clone(), call.permit.clone())]).await?;
        if records.of(request, call.permit)?.is_none() {
            return Ok(None);
        }
        let mut rows = request.find_rows(&mut connection, call.permit, 0, super::super::MAX_ROWS).await?;
        rows.sort_unstable_by_key(|row| row.index);
        let selected = rows.into_iter().map(|row| Selected { index: row.index, user_id: Some(UserId::new(row.subject_id)) });
        Ok(Some(selected.collect()))
    }

    /// `None` when the same call came before, and selected others.
    async fn run_parts(&self, call: &Call<'_>, selected: Vec<Selected>) -> Result<Option<BulkAnswer>, Error> {
        let (selection, action) = (Arc::new(selected), Arc::new(call.action.clone()));
        let users: Vec<_> = selection.iter().filter_map(|selected| Some((selected.index, selected.user_id?))).collect();
        let mut operation_id = OperationId::new(Uuid::now_v7());
        let mut rows: Vec<_> = selection.iter().filter(|selected| selected.user_id.is_none()).map(not_an_id).collect();
        // A dry run holds no locks, so it needs no parts, and its rows see all others.
        for part in users.chunks(if call.dry_run { users.len().max(1) } else { PART }) {
            let part = Part {
                action: Arc::clone(&action),
                rows: part.to_vec(),
                frees: self.addresses_that_may_become_free(call, part).await?,
                selection: Arc::clone(&selection),
                operation_id,
                request: call.request.clone().filter(|_| !call.dry_run),
                dry_run: call.dry_run,
            };
            match self.run_part(call.permit, part).await? {
                PartAnswer::OtherSelection => return Ok(None),
                PartAnswer::Rows(id, decided) => {
                    operation_id = id;
                    rows.extend(decided);
                }
            }
        }
        rows.sort_unstable_by_key(|row| row.index);
        Ok(Some(BulkAnswer { operation_id: (!call.dry_run).then_some(operation_id), rows }))
    }

    async fn run_part(&self, permit: &Permit, part: Part) -> Result<PartAnswer, Error> {
        loop {
            match self.run(part.claims(permit), part.clone()).await {
                // The rows fitted under the limit, and others have sent invitations meanwhile: decided again, they see how many are left.
                Err(Error::Refused { refusal: Refusal::InvitationLimitReached, .. }) => {}
                result => return result,
            }
        }
    }

    /// The addresses of users who are deleted. An address of a user never changes.
    async fn addresses_that_may_become_free(&self, call: &Call<'_>, part: &[(usize, UserId)]) -> Result<Vec<EmailAddress>, Error> {
        if call.dry_run || !matches!(call.action, Action::Delete) {
            return Ok(vec![]);
        }
        let ids: Vec<_> = part.iter().map(|(_, user_id)| *user_id).collect();
        let users = find_users(&self.pool, call.permit.account_id(), &ids).await?;
        // An erased user has no address.
        Ok(users.iter().filter_map(|user| EmailAddress::parse(&user.email).ok()).collect())
    }
}

fn not_an_id(selected: &Selected) -> UserRow {
    UserRow { index: selected.index, user_id: None, outcome: Outcome::Refused(Refusal::NotFound) }
}
