//! Which users a call is about.

use std::collections::HashSet;

use domain::{AccountId, Refusal, UserId};
use event_store::CountTo;
use projections::users::{Moment, UserFilter, count_users, list_matching_ids};
use serde::Serialize;

use super::super::MAX_ROWS;
use crate::{Commands, Context, Error};

/// Which users a call is about.
#[derive(Clone, Debug, Serialize)]
pub enum UserSelection {
    /// The users with these ids. An id that is given twice counts once.
    Ids(Vec<String>),
    /// The users who match a filter, if they are as many as the caller saw.
    Matching {
        /// As for the list of users.
        filter: UserFilter,
        /// How many of them the caller saw.
        expected_count: u64,
    },
}

/// A selected user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selected {
    pub(super) index: usize,
    /// `None` when what was given is not an id.
    pub(super) user_id: Option<UserId>,
}

impl UserSelection {
    /// # Errors
    /// Refusals: `NoRows`, `TooManyRows`.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        let most = u64::try_from(MAX_ROWS).unwrap_or(u64::MAX);
        match self {
            Self::Ids(ids) if ids.is_empty() => Err(Refusal::NoRows),
            Self::Ids(ids) if ids.len() > MAX_ROWS => Err(Refusal::TooManyRows),
            Self::Matching { expected_count, .. } if *expected_count > most => Err(Refusal::TooManyRows),
            _ => Ok(()),
        }
    }
}

impl Commands {
    /// The users whom a selection means now.
    ///
    /// # Errors
    /// Refusal: `CountChanged`.
    pub(super) async fn select(&self, ctx: &Context, account_id: AccountId, selection: &UserSelection) -> Result<Vec<Selected>, Error> {
        match selection {
            UserSelection::Ids(ids) => Ok(by_id(ids)),
            UserSelection::Matching { filter, expected_count } => {
                let ids = list_matching_ids(&self.pool, account_id, filter, ctx.at, MAX_ROWS + 1).await?;
                let mut current = u64::try_from(ids.len()).unwrap_or(u64::MAX);
                if ids.len() > MAX_ROWS {
                    current = count_users(&self.pool, account_id, filter, Moment::Now(ctx.at), CountTo::End).await?.count;
                }
                if current != *expected_count {
                    return Err(Refusal::CountChanged { expected: *expected_count, current }.into());
                }
                Ok(ids.into_iter().enumerate().map(|(index, id)| Selected { index, user_id: Some(id) }).collect())
            }
        }
    }
}

/// Each user once, at the first place where they are named.
fn by_id(ids: &[String]) -> Vec<Selected> {
    let (mut seen, mut malformed) = (HashSet::new(), HashSet::new());
    let selected = ids.iter().enumerate().map(|(index, id)| (id, Selected { index, user_id: id.parse().ok() }));
    let is_new = |(id, selected): &(&String, Selected)| match selected.user_id {
        Some(user_id) => seen.insert(user_id),
        None => malformed.insert((*id).clone()),
    };
    selected.filter(is_new).map(|(_, selected)| selected).collect()
}
