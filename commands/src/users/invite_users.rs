//! `inviteUsers`: up to a thousand people at once, each answered by itself.
//!
//! Rows are decided in parts of [`PART`], each one transaction with a fixed number of statements. Rows are validated before any write, so an
//! invalid row does not roll back the others. With a key, the outcome of every row is recorded in the transaction of its part. A repeated
//! request continues after the last part that was committed, and gives the same answers. A row that the daily limit refuses is not
//! recorded: the same request invites it on another day.

use std::collections::HashMap;

use domain::user::{self, User, UserCommand};
use domain::{AccountId, AuthMethods, EmailAddress, InvitationId, Operation, Refusal, Role, Stream, UserId};
use serde::Serialize;
use uuid::Uuid;

use super::parse_auth_methods;
use crate::idempotency::{KeyedRequest, RowOutcome, RowResult};
use crate::permission::Permit;
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency, Settings};
use crate::{Commands, Context, Error};

/// How many people can be invited at once.
pub const MAX_ROWS: usize = 1_000;
/// How many rows share a transaction.
const PART: usize = 100;

/// Who are invited, and as what.
#[derive(Clone, Debug, Serialize)]
pub struct InviteUsers {
    /// One person each.
    pub rows: Vec<InviteRow>,
    /// Decides everything and does nothing.
    pub dry_run: bool,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// A person to be invited.
#[derive(Clone, Debug, Serialize)]
pub struct InviteRow {
    /// Their address.
    pub email: String,
    /// Their role.
    pub role: Role,
    /// The ids of the ways in which they may sign in.
    pub auth_methods: Vec<String>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowAnswer {
    /// The user who was invited, or who has the address. `None` when the row itself is refused, and in a dry run.
    pub user: Option<UserId>,
    /// Why no one was invited; `None` when the invitation is sent, or would be.
    pub refusal: Option<Refusal>,
}

/// A row whose values were read.
#[derive(Clone)]
struct Candidate {
    email: EmailAddress,
    role: Role,
    auth_methods: AuthMethods,
}

/// Some rows of a request, with the number of the first.
#[derive(Clone)]
struct Part {
    first: usize,
    rows: Vec<Result<Candidate, Refusal>>,
    request: Option<KeyedRequest>,
    dry_run: bool,
}

impl Commands {
    /// Invites many people; each row has its own answer, in the same order.
    ///
    /// # Errors
    /// [`Error::Forbidden`] also when a row makes an admin and the actor may not. Refusals of the whole: `NoRows`, `TooManyRows`, `InvalidIdempotencyKey`, `IdempotencyKeyReused`. After a fault some rows may
    /// be done: repeated with its key, the request does the others.
    pub async fn invite_users(&self, ctx: &Context, account_id: AccountId, input: &InviteUsers) -> Result<Vec<RowAnswer>, Error> {
        let permit = self.authorize(ctx, "inviteUsers", Operation::InviteUser, account_id, None)?;
        let highest = input.rows.iter().map(|row| row.role).max().unwrap_or_default();
        self.authorize_role(&permit, None, highest)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        match input.rows.len() {
            0 => return Err(Refusal::NoRows.into()),
            1..=MAX_ROWS => {}
            _ => return Err(Refusal::TooManyRows.into()),
        }
        let rows: Vec<_> = input.rows.iter().map(Candidate::parse).collect();
        if input.dry_run {
            return self.invite_part(&permit, Part { first: 0, rows, request: None, dry_run: true }).await;
        }
        let mut answers = Vec::with_capacity(rows.len());
        for (number, rows) in rows.chunks(PART).enumerate() {
            let part = Part { first: number * PART, rows: rows.to_vec(), request: request.clone(), dry_run: false };
            answers.extend(self.invite_part(&permit, part).await?);
        }
        Ok(answers)
    }

    async fn invite_part(&self, permit: &Permit, part: Part) -> Result<Vec<RowAnswer>, Error> {
        loop {
            let addresses = || part.rows.iter().flatten().map(|row| &row.email);
            let claims = Claims::of(permit).settings().holders(addresses());
            let claims = claims.when(!part.dry_run, |claims| claims.addresses(addresses()));
            match self.run(claims, part.clone()).await {
                // The rows fitted under the limit, and others have sent invitations meanwhile: decided again, they see how many are left.
                Err(Error::Refused { refusal: Refusal::InvitationLimitReached, .. }) => {}
                result => return result,
            }
        }
    }
}

impl Handler<Vec<RowAnswer>> for Part {
    /// Each row is recorded by itself, so a repeated request is decided again.
    fn idempotency(&self) -> Option<Idempotency<'_, Vec<RowAnswer>>> {
        Some(Idempotency { request: self.request.as_ref()?, repeat: |_, _| None, record: |_, _| None })
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<Vec<RowAnswer>, Error> {
        let mut answers = self.known_answers(work).await?;
        let open = answers.iter().zip(&self.rows).enumerate();
        let open: Vec<(usize, &Candidate)> =
            open.filter_map(|(index, (answer, row))| if answer.is_none() { Some((index, row.as_ref().ok()?)) } else { None }).collect();
        let mut taken = find_taken_addresses(work, &open)?;
        let left = work.invitations_left().await?;
        let (mut invited, mut outcomes) = (0, vec![]);
        for (index, row) in open {
            let answer = if let Some(holder) = taken.get(row.email.normalised()) {
                holder.clone()
            } else if invited == left {
                answers[index] = Some(RowAnswer::refused(&Refusal::InvitationLimitReached));
                continue;
            } else {
                match self.invite(work, row) {
                    Ok(user) => {
                        invited += 1;
                        let holder = RowAnswer { user, refusal: Some(Refusal::AlreadyInvited) };
                        taken.insert(row.email.normalised().to_owned(), holder);
                        RowAnswer { user, refusal: None }
                    }
                    Err(Error::Refused { refusal, .. }) => RowAnswer::refused(&refusal),
                    Err(fault) => return Err(fault),
                }
            };
            outcomes.push(answer.to_outcome(self.first + index, work.account_id()));
            answers[index] = Some(answer);
        }
        work.record_rows(outcomes);
        work.send_in_bulk();
        Ok(answers.into_iter().map(|answer| answer.expect("every row was recorded, refused or decided")).collect())
    }
}

impl Part {
    /// The answers to rows that cannot be read, and to those that were decided when this request came before.
    async fn known_answers(&self, work: &mut Deciding<'_>) -> Result<Vec<Option<RowAnswer>>, Error> {
        let mut answers: Vec<_> = self.rows.iter().map(|row| row.as_ref().err().map(RowAnswer::refused)).collect();
        for outcome in work.find_rows(self.first, self.rows.len()).await? {
            answers[outcome.index - self.first] = Some(RowAnswer::recorded(&outcome));
        }
        Ok(answers)
    }

    /// Decides one invitation. A dry run decides without writing, and so without an id.
    fn invite(&self, work: &mut Deciding<'_>, row: &Candidate) -> Result<Option<UserId>, Error> {
        let Settings { offered, lifetime } = work.claimed_settings();
        let command = UserCommand::Invite(user::InviteUser {
            account_id: work.account_id(),
            email: row.email.clone(),
            role: row.role,
            auth_methods: row.auth_methods.clone(),
            offered,
            lifetime,
            invitation_id: InvitationId::new(Uuid::now_v7()),
            at: work.ctx().at,
        });
        if self.dry_run {
            User::default().decide(command)?;
            return Ok(None);
        }
        let user_id = UserId::new(Uuid::now_v7());
        work.decide(&mut work.start_user(user_id)?, command)?;
        Ok(Some(user_id))
    }
}

/// The answers to rows whose addresses live users have, by address.
fn find_taken_addresses(work: &mut Deciding<'_>, rows: &[(usize, &Candidate)]) -> Result<HashMap<String, RowAnswer>, Error> {
    let mut taken = HashMap::new();
    for (_, row) in rows {
        if let Some(holder) = work.holder_of(&row.email)? {
            let refusal = if holder.is_invited { Refusal::AlreadyInvited } else { Refusal::AlreadyMember };
            taken.insert(row.email.normalised().to_owned(), RowAnswer { user: Some(holder.id), refusal: Some(refusal) });
        }
    }
    Ok(taken)
}

impl Candidate {
    fn parse(row: &InviteRow) -> Result<Self, Refusal> {
        Ok(Self { email: EmailAddress::parse_new(&row.email)?, role: row.role, auth_methods: parse_auth_methods(&row.auth_methods)? })
    }
}

impl RowAnswer {
    fn refused(refusal: &Refusal) -> Self {
        Self { user: None, refusal: Some(refusal.clone()) }
    }

    fn recorded(outcome: &RowOutcome) -> Self {
        let user = UserId::new(outcome.subject_id);
        match &outcome.result {
            RowResult::Refused(refusal @ Refusal::AuthMethodNotOffered { .. }) => Self::refused(refusal),
            RowResult::Refused(refusal) => Self { user: Some(user), refusal: Some(refusal.clone()) },
            RowResult::Changed | RowResult::Unchanged | RowResult::Pending => Self { user: Some(user), refusal: None },
        }
    }

    fn to_outcome(&self, index: usize, account_id: AccountId) -> RowOutcome {
        let result = self.refusal.clone().map_or(RowResult::Changed, RowResult::Refused);
        RowOutcome { index, subject_id: self.user.map_or(account_id.uuid(), UserId::uuid), result }
    }
}
