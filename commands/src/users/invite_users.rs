//! `inviteUsers`: up to a thousand people at once, each answered by itself.
//!
//! Rows are decided in parts of [`PART`], each one transaction with a fixed number of statements: what is refused is known before
//! anything is written, so a refused row takes no other down. With a key, the outcome of every row is remembered in the
//! transaction of its part, so that a repeated request goes on where a crash cut it off, and is answered alike. What the limit of
//! the day refuses is not remembered: the same request does it on another day.

use std::collections::HashMap;

use domain::user::{self, User, UserCommand};
use domain::{AccountId, AuthMethods, EmailAddress, InvitationId, Operation, Refusal, Role, UserId};
use event_store::Lock;
use projections::users::find_address_holders;
use serde::Serialize;
use uuid::Uuid;

use super::parse_auth_methods;
use crate::idempotency::{Done, KeyedRequest, RowOutcome};
use crate::mail::outbox::Lane;
use crate::settings::Settings;
use crate::{Commands, Context, Error};

/// How many people can be invited at once.
pub const MAX_ROWS: usize = 1_000;
/// How many rows share a transaction.
const PART: usize = 100;
const OPERATION: &str = "inviteUsers";

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
    /// Who was invited or is in the way; nobody when it is about the row alone, or a dry run would invite them.
    pub user: Option<UserId>,
    /// Why nobody was invited; `None` when somebody was, or would be.
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
struct Part<'a> {
    first: usize,
    rows: &'a [Result<Candidate, Refusal>],
    request: Option<&'a KeyedRequest>,
    dry_run: bool,
}

impl Commands {
    /// Invites many people; every row is answered in its place.
    ///
    /// # Errors
    /// [`Error::Forbidden`] also when a row makes an admin and the actor may not. Refusals of the whole: `NoRows`, `TooManyRows`, `InvalidIdempotencyKey`, `IdempotencyKeyReused`. After a fault some rows may
    /// be done: repeated with its key, the request does the others.
    pub async fn invite_users(&self, ctx: &Context, account_id: AccountId, input: &InviteUsers) -> Result<Vec<RowAnswer>, Error> {
        self.authorize(ctx, OPERATION, Operation::InviteUser, account_id, None)?;
        let highest = input.rows.iter().map(|row| row.role).max().unwrap_or_default();
        self.authorize_role(ctx, OPERATION, account_id, None, highest)?;
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        match input.rows.len() {
            0 => return Err(Refusal::NoRows.into()),
            1..=MAX_ROWS => {}
            _ => return Err(Refusal::TooManyRows.into()),
        }
        let rows: Vec<_> = input.rows.iter().map(Candidate::parse).collect();
        if input.dry_run {
            let whole = Part { first: 0, rows: &rows, request: None, dry_run: true };
            return self.invite_part(ctx, account_id, &whole).await;
        }
        let mut answers = Vec::with_capacity(rows.len());
        for (number, rows) in rows.chunks(PART).enumerate() {
            let part = Part { first: number * PART, rows, request: request.as_ref(), dry_run: false };
            answers.extend(self.invite_part(ctx, account_id, &part).await?);
        }
        Ok(answers)
    }

    async fn invite_part(&self, ctx: &Context, account_id: AccountId, part: &Part<'_>) -> Result<Vec<RowAnswer>, Error> {
        loop {
            match self.retrying(|| self.invite_part_once(ctx, account_id, part)).await {
                // There was room for the rows, and others have taken it meanwhile: decided again, they see how much is left.
                Err(Error::Refused { refusal: Refusal::InvitationLimitReached, .. }) => {}
                result => return result,
            }
        }
    }

    async fn invite_part_once(&self, ctx: &Context, account_id: AccountId, part: &Part<'_>) -> Result<Vec<RowAnswer>, Error> {
        let actor = ctx.actor.to_string();
        let addresses = part.rows.iter().flatten().map(|row| Lock::Address { account_id, email: &row.email }.exclusive());
        let claims = KeyedRequest::claims(part.request, account_id, &actor)
            .chain([Lock::AccountSettings { account_id }.shared()])
            .chain(addresses.filter(|_| !part.dry_run));
        let mut work = self.begin(ctx, OPERATION, account_id, claims).await?;
        let mut answers: Vec<Option<RowAnswer>> = part.rows.iter().map(|row| row.as_ref().err().map(RowAnswer::refused)).collect();
        let mut begun = false;
        if let Some(request) = part.request {
            begun = request.recall(work.connection(), account_id, &actor, OPERATION, ctx.at).await?.is_some();
            for outcome in request.find_rows(work.connection(), account_id, &actor, part.first, part.rows.len(), ctx.at).await? {
                answers[outcome.index - part.first] = Some(RowAnswer::recalled(&outcome));
            }
        }
        let Settings { offered, lifetime } = work.settings(self, account_id).await?;
        let open: Vec<(usize, &Candidate)> = part
            .rows
            .iter()
            .enumerate()
            .filter(|(index, _)| answers[*index].is_none())
            .filter_map(|(i, row)| Some((i, row.as_ref().ok()?)))
            .collect();
        let addresses: Vec<String> = open.iter().map(|(_, row)| row.email.normalised().to_owned()).collect();
        let holders = find_address_holders(work.connection(), account_id, &addresses).await?;
        let mut taken: HashMap<String, RowAnswer> = holders
            .into_iter()
            .map(|holder| {
                let refusal = if holder.is_invited { Refusal::AlreadyInvited } else { Refusal::AlreadyMember };
                (holder.email_normalised, RowAnswer { user: Some(holder.id), refusal: Some(refusal) })
            })
            .collect();

        let left = self.invitations_left(work.connection(), ctx).await?;
        work.changes().send_in(Lane::Bulk);
        let (mut invited, mut outcomes) = (0, vec![]);
        for (index, row) in open {
            let answer = if let Some(in_the_way) = taken.get(row.email.normalised()) {
                in_the_way.clone()
            } else if invited == left {
                answers[index] = Some(RowAnswer::refused(&Refusal::InvitationLimitReached));
                continue;
            } else {
                let (user_id, invitation_id) = (UserId::new(Uuid::now_v7()), InvitationId::new(Uuid::now_v7()));
                let invite = user::InviteUser {
                    account_id,
                    email: row.email.clone(),
                    role: row.role,
                    auth_methods: row.auth_methods.clone(),
                    offered: offered.clone(),
                    lifetime,
                    invitation_id,
                    at: ctx.at,
                };
                let mut stream = self.new_user(account_id, user_id)?;
                match work.decide::<User>(account_id, user_id, &mut stream, UserCommand::Invite(invite)) {
                    Ok(_) => {
                        invited += 1;
                        let user = (!part.dry_run).then_some(user_id);
                        let in_the_way = RowAnswer { user, refusal: Some(Refusal::AlreadyInvited) };
                        taken.insert(row.email.normalised().to_owned(), in_the_way);
                        RowAnswer { user, refusal: None }
                    }
                    Err(Error::Refused { refusal, .. }) => RowAnswer::refused(&refusal),
                    Err(fault) => return Err(fault),
                }
            };
            outcomes.push(answer.to_outcome(part.first + index, account_id));
            answers[index] = Some(answer);
        }
        if !part.dry_run && (invited > 0 || part.request.is_some() && !outcomes.is_empty()) {
            work.append().await?;
            if let Some(request) = part.request {
                if !begun {
                    let done = Done { subject_id: account_id.uuid(), version: 0 };
                    request.remember(work.connection(), account_id, &actor, OPERATION, done, ctx.at).await?;
                }
                request.record_rows(work.connection(), account_id, &actor, &outcomes, ctx.at).await?;
            }
            work.commit().await?;
        }
        Ok(answers.into_iter().map(|answer| answer.expect("every row was recalled, refused or decided")).collect())
    }
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

    fn recalled(outcome: &RowOutcome) -> Self {
        let user = UserId::new(outcome.subject_id);
        match &outcome.refusal {
            Some(refusal @ Refusal::AuthMethodNotOffered { .. }) => Self::refused(refusal),
            refusal => Self { user: Some(user), refusal: refusal.clone() },
        }
    }

    fn to_outcome(&self, index: usize, account_id: AccountId) -> RowOutcome {
        RowOutcome { index, subject_id: self.user.map_or(account_id.uuid(), UserId::uuid), refusal: self.refusal.clone() }
    }
}
