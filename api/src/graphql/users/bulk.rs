//! Mutations of many users at once.

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use commands::{BulkAnswer, Error, Outcome};
use domain::{AccountId, UserId};

use crate::graphql::context::{app, own_account, request};
use crate::graphql::cost;
use crate::graphql::error::UserError;
use crate::graphql::payload::outcome;
use crate::graphql::users::bulk_inputs::{DeleteUsersInput, ResendInvitationsInput, UndoInput, UpdateUsersInput};
use crate::graphql::users::connection::UserFilter;
use crate::graphql::users::invite_many::users_by_id;
use crate::graphql::users::user::User;

/// The users that a mutation is about.
#[derive(Clone, Debug, OneofObject)]
pub(in crate::graphql) enum UserSelection {
    /// The ids of users: 1 to 1,000. An id that is given twice counts once.
    Ids(Vec<ID>),
    /// All users who match a filter: at most 1,000.
    Matching(MatchingUsers),
}

/// All users who match a filter.
#[derive(Clone, Debug, InputObject)]
pub(in crate::graphql) struct MatchingUsers {
    /// Which users: the filter of `users`. `{}` selects all who are not deleted.
    filter: UserFilter,
    /// The number of users that you last read with this filter. If it is no longer current, the mutation is refused with `COUNT_CHANGED`.
    expected_count: u64,
}

impl UserSelection {
    pub(in crate::graphql) fn parse(self, ctx: &Context<'_>) -> Result<commands::UserSelection> {
        Ok(match self {
            Self::Ids(ids) => commands::UserSelection::Ids(ids.into_iter().map(Into::into).collect()),
            Self::Matching(MatchingUsers { filter, expected_count }) => {
                commands::UserSelection::Matching { filter: filter.parse(app(ctx))?, expected_count }
            }
        })
    }
}

/// What a mutation of many users did to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(in crate::graphql) enum UserOutcome {
    /// The user changed or, with `dryRun`, would change.
    Changed,
    /// There is nothing to change.
    Unchanged,
    /// A rule refuses it. `userErrors` says why.
    Refused,
}

/// The result of a mutation of many users for one of them.
#[derive(SimpleObject)]
pub(in crate::graphql) struct UserResult {
    /// The index of the user in `ids`, or in the order of ids for users who were selected by a filter, from 0.
    index: usize,
    /// The id of the user, as given.
    user_id: ID,
    /// The user after the mutation, or unchanged with `dryRun`. Null for an id that the account does not have, and for a key that may not
    /// read users.
    user: Option<User>,
    /// What became of the user.
    outcome: UserOutcome,
    /// Why the user was not changed, with the codes of the mutation for one user. Empty unless the outcome is `REFUSED`.
    user_errors: Vec<UserError>,
}

macro_rules! bulk_payload {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(SimpleObject)]
        pub(in crate::graphql) struct $name {
            /// The result for each selected user. Empty if the whole request was refused.
            #[graphql(complexity = "cost::rows(child_complexity)")]
            results: Vec<UserResult>,
            /// The number of users with the outcome `CHANGED`.
            changed: usize,
            /// The number of users with the outcome `UNCHANGED`.
            unchanged: usize,
            /// The number of users with the outcome `REFUSED`.
            refused: usize,
            /// The id of this operation, which all of its events have: `Event.operationId`. A repeated request has the id of the first one. Null
            /// with `dryRun`, and if the whole request was refused.
            operation_id: Option<ID>,
            /// Why the whole request was refused. Errors of a single user are in its result.
            user_errors: Vec<UserError>,
        }

        impl From<Answered> for $name {
            fn from(Answered { results, changed, unchanged, refused, operation_id, user_errors }: Answered) -> Self {
                Self { results, changed, unchanged, refused, operation_id, user_errors }
            }
        }
    };
}

bulk_payload!(
    /// The result of `updateUsers`.
    UpdateUsersPayload
);
bulk_payload!(
    /// The result of `resendInvitations`.
    ResendInvitationsPayload
);
bulk_payload!(
    /// The result of `deleteUsers`.
    DeleteUsersPayload
);

bulk_payload!(
    /// The result of `undo`.
    UndoPayload
);

/// What all of these payloads contain.
struct Answered {
    results: Vec<UserResult>,
    changed: usize,
    unchanged: usize,
    refused: usize,
    operation_id: Option<ID>,
    user_errors: Vec<UserError>,
}

/// Mutations of many users.
#[derive(Default)]
pub(in crate::graphql) struct ManyUsersMutation;

#[Object]
impl ManyUsersMutation {
    /// Changes the role, sign-in methods and access of up to 1,000 users. Each user has their own result, by the rules of `updateUser`; a
    /// refused one does not affect the others. Admins only.
    async fn update_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The users and the new values.")] input: UpdateUsersInput,
    ) -> Result<UpdateUsersPayload> {
        let account_id = own_account(ctx)?;
        let (input, given) = input.parse(ctx)?;
        let result = app(ctx).commands.update_users(request(ctx), account_id, &input).await;
        Ok(results(ctx, account_id, &given, result).await?.into())
    }

    /// Sends up to 1,000 pending and expired invitations again, each with a new link and a new expiry. The previous links stop working. Each
    /// user has their own result, by the rules of `resendInvitation`; a refused one does not affect the others. Admins only.
    async fn resend_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invited users.")] input: ResendInvitationsInput,
    ) -> Result<ResendInvitationsPayload> {
        let account_id = own_account(ctx)?;
        let (input, given) = input.parse(ctx)?;
        let result = app(ctx).commands.resend_invitations(request(ctx), account_id, &input).await;
        Ok(results(ctx, account_id, &given, result).await?.into())
    }

    /// Permanently deletes up to 1,000 users, or revokes their invitations. Each user has their own result, by the rules of `deleteUser`; a
    /// refused one does not affect the others. Admins only.
    async fn delete_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The users and the confirmation.")] input: DeleteUsersInput,
    ) -> Result<DeleteUsersPayload> {
        let account_id = own_account(ctx)?;
        let (input, given) = input.parse(ctx)?;
        let result = app(ctx).commands.delete_users(request(ctx), account_id, &input).await;
        Ok(results(ctx, account_id, &given, result).await?.into())
    }
}

/// Undoes changes of users.
#[derive(Default)]
pub(in crate::graphql) struct UndoMutation;

#[Object]
impl UndoMutation {
    /// Undoes an event, or all events of an operation: restores the role, the sign-in methods, the access and the name that users had before.
    /// Each user has their own result, by the rules of `updateUser`. A user is refused with `CHANGED_SINCE` if a later event changed the same
    /// field, and with `NOT_UNDOABLE` if the event changed none. Sessions, passwords and API keys that ended are not restored. The events of
    /// an undo are ordinary changes, which can be undone too. Admins only.
    async fn undo(&self, ctx: &Context<'_>, #[graphql(desc = "What to undo.")] input: UndoInput) -> Result<UndoPayload> {
        let account_id = own_account(ctx)?;
        let result = app(ctx).commands.undo(request(ctx), account_id, &input.into()).await;
        let mut results = results(ctx, account_id, &[], result).await?;
        // What is not found is the event or the operation.
        results.user_errors =
            results.user_errors.into_iter().map(|error| if error.is_about("id") { within(error, &["target"]) } else { error }).collect();
        Ok(results.into())
    }
}

/// The result for each user. The users are looked up together. `given` are the ids in the input.
async fn results(ctx: &Context<'_>, account_id: AccountId, given: &[String], result: Result<BulkAnswer, Error>) -> Result<Answered> {
    let (answer, user_errors) = outcome(ctx, result)?;
    let BulkAnswer { operation_id, rows } = answer.unwrap_or_default();
    let ids: Vec<UserId> = rows.iter().filter_map(|row| row.user_id).collect();
    let users = users_by_id(ctx, account_id, &ids).await?;
    let results: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let (outcome, user_errors) = match &row.outcome {
                Outcome::Changed => (UserOutcome::Changed, vec![]),
                Outcome::Unchanged => (UserOutcome::Unchanged, vec![]),
                Outcome::Refused(refusal) => (UserOutcome::Refused, vec![of_row(row.index, refusal.into())]),
            };
            let id = given.get(row.index).cloned().or_else(|| row.user_id.map(|id| id.to_string()));
            let user = row.user_id.and_then(|id| users.get(&id)).cloned().map(User::now);
            UserResult { index: row.index, user_id: id.unwrap_or_default().into(), user, outcome, user_errors }
        })
        .collect();
    let count = |wanted: UserOutcome| results.iter().filter(|result| result.outcome == wanted).count();
    Ok(Answered {
        changed: count(UserOutcome::Changed),
        unchanged: count(UserOutcome::Unchanged),
        refused: count(UserOutcome::Refused),
        operation_id: operation_id.map(|id| id.to_string().into()),
        user_errors: user_errors.into_iter().map(of_selection).collect(),
        results,
    })
}

/// An error of the whole request, in the words of its input.
fn of_selection(error: UserError) -> UserError {
    if error.is_about("rows") {
        return error.about(Some("users"));
    }
    if error.is_about("expectedCount") { within(error, &["users", "matching", "expectedCount"]) } else { error }
}

/// An error of a row. One about its id names the index.
fn of_row(index: usize, error: UserError) -> UserError {
    if error.is_about("id") { within(error, &["users", "ids", &index.to_string()]) } else { error }
}

fn within(error: UserError, path: &[&str]) -> UserError {
    let path = std::iter::once(&"input").chain(path).map(ToString::to_string);
    UserError { field: Some(path.collect()), ..error }
}
