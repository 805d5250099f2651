//! Which users are listed.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use domain::{AuthMethodId, Role};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use super::{DeliveryState, ListedStatus};

/// Which users are listed. A user must match every field. Empty lists match everyone, except where a field says otherwise.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UserFilter {
    /// Users with one of these statuses. When empty, all users who are not deleted.
    pub statuses: Vec<ListedStatus>,
    /// Users with one of these roles.
    pub roles: Vec<Role>,
    /// Users who may sign in with one of these methods.
    pub auth_methods: Vec<AuthMethodId>,
    /// Users whose address or name contains each word of this text, in any order and any case, with or without accents. Words are separated by
    /// white space or dots.
    pub search: Option<String>,
    /// Users who were first invited in this span.
    pub created: Span,
    /// Users whose last sign-in was in this span.
    pub last_active: Span,
    /// `true`: users who never signed in. `false`: users who did.
    pub never_active: Option<bool>,
    /// Users with an open invitation whose mail is in one of these states. An empty list matches no one.
    pub deliveries: Option<Vec<DeliveryState>>,
    /// Includes deleted users when `statuses` is empty.
    pub includes_deleted: bool,
}

/// A span of time. A missing bound is open.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Span {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// The filter as the parameters of `user_filter()`, see `migrations/0220_filters_of_lists.sql`.
pub(super) struct Parameters {
    /// Besides [`status_orders`](UserFilter::status_orders); `None` when these say it all.
    pub(super) statuses: Option<Vec<String>>,
    pub(super) pending: bool,
    pub(super) expired: bool,
    pub(super) role_ranks: Option<Vec<i16>>,
    pub(super) auth_methods: Option<Vec<String>>,
    pub(super) search: Option<String>,
    pub(super) deliveries: Option<Vec<String>>,
}

impl UserFilter {
    /// The statuses that match, in the order of the list, each once.
    pub(super) fn listed_statuses(&self) -> Vec<ListedStatus> {
        let is_listed = |status: &ListedStatus| match self.statuses.as_slice() {
            [] => *status != ListedStatus::Deleted || self.includes_deleted,
            statuses => statuses.contains(status),
        };
        ListedStatus::IN_ORDER.into_iter().filter(is_listed).collect()
    }

    /// The values of `status_order` in which all statuses lie at an instant.
    pub(super) fn status_orders(&self, now: DateTime<Utc>) -> RangeInclusive<i64> {
        let statuses = self.listed_statuses();
        let (first, last) = (statuses[0].orders(now), statuses[statuses.len() - 1].orders(now));
        *first.start()..=*last.end()
    }

    /// Whether it searches for any word.
    pub(super) fn has_words(&self) -> bool {
        self.search.as_ref().is_some_and(|search| !search.trim().is_empty())
    }

    pub(super) fn parameters(&self) -> Parameters {
        let statuses = self.listed_statuses();
        let between = ListedStatus::IN_ORDER.iter().skip_while(|status| **status != statuses[0]).take(statuses.len());
        let has_gap = !between.eq(&statuses);
        let stored = || statuses.iter().map(|status| status.stored().to_owned()).collect();
        let ranks = || self.roles.iter().map(|role| *role as i16).collect();
        let methods = || self.auth_methods.iter().map(|id| id.as_str().to_owned()).collect();
        Parameters {
            statuses: has_gap.then(stored),
            pending: !has_gap || statuses.contains(&ListedStatus::PendingInvitation),
            expired: !has_gap || statuses.contains(&ListedStatus::ExpiredInvitation),
            role_ranks: (!self.roles.is_empty()).then(ranks),
            auth_methods: (!self.auth_methods.is_empty()).then(methods),
            search: self.search.as_deref().and_then(patterns),
            deliveries: self.deliveries.as_ref().map(|states| states.iter().map(|state| state.as_str().to_owned()).collect()),
        }
    }
}

/// A `like` pattern for each word, one per line; `None` without words. The longest word is first, because the index serves the first one.
/// Dots separate words, as in addresses: `ada.lovelace` finds a user whose name is Ada Lovelace.
fn patterns(search: &str) -> Option<String> {
    let mut words: Vec<_> = search.split(|letter: char| letter.is_whitespace() || letter == '.').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        words = search.split_whitespace().collect();
    }
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    (!words.is_empty()).then(|| words.into_iter().map(pattern).collect::<Vec<_>>().join("\n"))
}

/// A `like` pattern for a part of an address or name, in the form (NFC) in which names are stored.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.nfc() {
        match letter {
            '\\' | '%' | '_' => pattern.extend(['\\', letter]),
            // Postgres accepts no NUL. Addresses and names contain no control characters, so this finds no one.
            '\0' => pattern.push('\u{1}'),
            _ => pattern.push(letter),
        }
    }
    pattern.push('%');
    pattern
}
