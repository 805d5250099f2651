//! A saved view of the list of users: a name, and what the list shows. It belongs to one admin, or is shared with all admins of the account.

use serde::{Deserialize, Serialize};

use crate::stream::aggregate;
use crate::{AccountId, Name, Personal, Refusal, SavedViewId, UserId, ViewQuery};

/// What happened to a saved view. An event holds all of the view, not what is different.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SavedViewEvent {
    /// An admin saved it for themselves: for the first time, or changed.
    Saved {
        /// Its account.
        account_id: AccountId,
        /// Whose view it is.
        user_id: UserId,
        /// What they call it.
        name: Personal<Name>,
        /// What the list shows.
        query: Personal<ViewQuery>,
    },
    /// It was saved for all admins of the account: for the first time, or changed. Its name and whom it finds are in plain text, as the
    /// names of service keys are.
    Shared {
        /// Its account.
        account_id: AccountId,
        /// What it is called.
        name: Name,
        /// What the list shows.
        query: ViewQuery,
    },
    /// It was deleted.
    Deleted {
        /// What it was called, if it was shared.
        name: Option<Name>,
    },
}

/// A command to one saved view.
#[derive(Clone, Debug)]
pub enum SavedViewCommand {
    /// Creates it.
    Save(SaveView),
    /// Changes what is given. A shared view stays shared.
    Change(ChangeView),
    /// Deletes it.
    Delete,
}

/// A new view.
#[derive(Clone, Debug)]
pub struct SaveView {
    /// Its account.
    pub account_id: AccountId,
    /// Whose view it is; `None` for all admins.
    pub owner: Option<UserId>,
    /// What it is called.
    pub name: Name,
    /// What the list shows.
    pub query: ViewQuery,
}

/// A change of a view.
#[derive(Clone, Debug, Default)]
pub struct ChangeView {
    /// The new name.
    pub name: Option<Name>,
    /// What the list shows from now on.
    pub query: Option<ViewQuery>,
    /// Whether all admins see it from now on.
    pub share: bool,
}

/// A saved view, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SavedView {
    /// There is no such view yet.
    #[default]
    NotSaved,
    /// It exists.
    Exists {
        /// Its account.
        account_id: AccountId,
        /// Whose view it is; `None` for all admins.
        owner: Option<UserId>,
        /// What it is called; `None` after its owner was erased.
        name: Option<Name>,
        /// What the list shows; `None` after its owner was erased.
        query: Option<ViewQuery>,
    },
    /// It was deleted.
    Deleted,
}

aggregate!(SavedView, "saved_view", SavedViewId, SavedViewCommand, SavedViewEvent { Saved, Shared, Deleted });

impl SavedView {
    /// Whose view it is; `None` for one of all admins, and for one that does not exist.
    #[must_use]
    pub const fn owner(&self) -> Option<UserId> {
        match self {
            Self::Exists { owner, .. } => *owner,
            Self::NotSaved | Self::Deleted => None,
        }
    }

    /// Whether it exists and is shared with all admins.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Exists { owner: None, .. })
    }

    pub(crate) fn decide_command(&self, command: SavedViewCommand) -> Result<Vec<SavedViewEvent>, Refusal> {
        match (command, self) {
            (SavedViewCommand::Save(SaveView { account_id, owner, name, query }), Self::NotSaved) => {
                Ok(vec![saved(account_id, owner, name, query)])
            }
            (SavedViewCommand::Change(change), Self::Exists { account_id, owner, name, query }) => {
                let (Some(old_name), Some(old_query)) = (name, query) else { return Err(Refusal::NotFound) };
                let (new_name, new_query) = (change.name.as_ref().unwrap_or(old_name), change.query.as_ref().unwrap_or(old_query));
                let new_owner = owner.filter(|_| !change.share);
                if new_name == old_name && new_query == old_query && new_owner == *owner {
                    return Ok(vec![]);
                }
                Ok(vec![saved(*account_id, new_owner, new_name.clone(), new_query.clone())])
            }
            (SavedViewCommand::Delete, Self::Exists { owner, name, .. }) => {
                Ok(vec![SavedViewEvent::Deleted { name: name.clone().filter(|_| owner.is_none()) }])
            }
            (SavedViewCommand::Save(_), Self::Exists { .. } | Self::Deleted) | (SavedViewCommand::Delete, Self::Deleted) => Ok(vec![]),
            (SavedViewCommand::Change(_), Self::NotSaved | Self::Deleted) | (SavedViewCommand::Delete, Self::NotSaved) => {
                Err(Refusal::NotFound)
            }
        }
    }

    pub(crate) fn apply_event(&mut self, event: SavedViewEvent) {
        *self = match event {
            SavedViewEvent::Saved { account_id, user_id, name, query } => {
                let (name, query) = (name.known().cloned(), query.known().cloned());
                Self::Exists { account_id, owner: Some(user_id), name, query }
            }
            SavedViewEvent::Shared { account_id, name, query } => {
                Self::Exists { account_id, owner: None, name: Some(name), query: Some(query) }
            }
            SavedViewEvent::Deleted { .. } => Self::Deleted,
        };
    }
}

fn saved(account_id: AccountId, owner: Option<UserId>, name: Name, query: ViewQuery) -> SavedViewEvent {
    match owner {
        Some(user_id) => SavedViewEvent::Saved { account_id, user_id, name: Personal::Known(name), query: Personal::Known(query) },
        None => SavedViewEvent::Shared { account_id, name, query },
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::given::given;

    const ACCOUNT: AccountId = AccountId::new(Uuid::from_u128(1));
    const OWNER: UserId = UserId::new(Uuid::from_u128(2));

    fn name(text: &str) -> Name {
        Name::parse(text).expect("a name")
    }

    fn query(text: &str) -> ViewQuery {
        ViewQuery::parse(text).expect("a query")
    }

    fn save(owner: Option<UserId>) -> SavedViewCommand {
        SavedViewCommand::Save(SaveView { account_id: ACCOUNT, owner, name: name("Editors"), query: query("role=EDITOR") })
    }

    fn own(called: &str, shows: &str) -> SavedViewEvent {
        saved(ACCOUNT, Some(OWNER), name(called), query(shows))
    }

    fn shared(called: &str, shows: &str) -> SavedViewEvent {
        saved(ACCOUNT, None, name(called), query(shows))
    }

    fn change(change: ChangeView) -> SavedViewCommand {
        SavedViewCommand::Change(change)
    }

    #[test]
    fn a_view_is_saved_once_for_oneself_or_for_all() {
        given::<SavedView>([]).when(save(Some(OWNER))).then_expect_events(vec![own("Editors", "role=EDITOR")]);
        given::<SavedView>([]).when(save(None)).then_expect_events(vec![shared("Editors", "role=EDITOR")]);
        given::<SavedView>([own("Editors", "")]).when(save(Some(OWNER))).then_expect_events(vec![]);
    }

    #[test]
    fn what_is_given_changes_and_the_rest_stays() {
        let renamed = change(ChangeView { name: Some(name("All editors")), ..ChangeView::default() });
        given::<SavedView>([own("Editors", "role=EDITOR")])
            .when(renamed.clone())
            .then_expect_events(vec![own("All editors", "role=EDITOR")]);
        given::<SavedView>([shared("Editors", "role=EDITOR")]).when(renamed).then_expect_events(vec![shared("All editors", "role=EDITOR")]);
        let same = change(ChangeView { name: Some(name("Editors")), query: Some(query("")), share: false });
        given::<SavedView>([own("Editors", "")]).when(same).then_expect_events(vec![]);
    }

    #[test]
    fn an_own_view_becomes_a_shared_one_and_stays_one() {
        let share = || change(ChangeView { share: true, ..ChangeView::default() });
        given::<SavedView>([own("Editors", "")]).when(share()).then_expect_events(vec![shared("Editors", "")]);
        given::<SavedView>([shared("Editors", "")]).when(share()).then_expect_events(vec![]);
    }

    #[test]
    fn only_the_name_of_a_shared_view_is_repeated_when_it_is_deleted() {
        let deleted = |name| SavedViewEvent::Deleted { name };
        given::<SavedView>([own("Editors", "")]).when(SavedViewCommand::Delete).then_expect_events(vec![deleted(None)]);
        given::<SavedView>([shared("Editors", "")]).when(SavedViewCommand::Delete).then_expect_events(vec![deleted(Some(name("Editors")))]);
        given::<SavedView>([own("Editors", ""), deleted(None)]).when(SavedViewCommand::Delete).then_expect_events(vec![]);
    }

    #[test]
    fn what_does_not_exist_cannot_be_changed() {
        let any = || change(ChangeView { share: true, ..ChangeView::default() });
        given::<SavedView>([]).when(any()).then_expect_error(Refusal::NotFound);
        given::<SavedView>([]).when(SavedViewCommand::Delete).then_expect_error(Refusal::NotFound);
        given::<SavedView>([own("Editors", ""), SavedViewEvent::Deleted { name: None }]).when(any()).then_expect_error(Refusal::NotFound);
        let erased = SavedViewEvent::Saved { account_id: ACCOUNT, user_id: OWNER, name: Personal::Erased, query: Personal::Erased };
        given::<SavedView>([erased.clone()]).when(any()).then_expect_error(Refusal::NotFound);
        given::<SavedView>([erased]).when(SavedViewCommand::Delete).then_expect_events(vec![SavedViewEvent::Deleted { name: None }]);
    }
}
