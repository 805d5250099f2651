//! Which users are listed.

use chrono::{DateTime, Utc};
use domain::{AuthMethodId, Role};
use unicode_normalization::UnicodeNormalization;

use super::{DeliveryState, ListedStatus};

/// Which users are listed. Every part narrows; empty lists do not, but where they are said to.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Users who stand like one of these; when empty, all who are not deleted.
    pub statuses: Vec<ListedStatus>,
    /// Users with one of these roles.
    pub roles: Vec<Role>,
    /// Users who may sign in in one of these ways.
    pub auth_methods: Vec<AuthMethodId>,
    /// Users whose address or name holds each word of this text, in any order and any case.
    pub search: Option<String>,
    /// Users who were first invited in this span.
    pub created: Span,
    /// Users whose last sign-in was in this span.
    pub last_active: Span,
    /// `true`: users who never signed in; `false`: users who did.
    pub never_active: Option<bool>,
    /// Users with an open invitation whose mail is in one of these states; of none, nobody.
    pub deliveries: Option<Vec<DeliveryState>>,
    /// Deleted users as well, when no statuses are given.
    pub includes_deleted: bool,
}

/// A span of time: from an instant on, up to another one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// The filter in the form that the queries take.
pub(super) struct Bound {
    pub(super) statuses: Vec<String>,
    pub(super) pending: bool,
    pub(super) expired: bool,
    pub(super) role_ranks: Vec<i16>,
    pub(super) auth_methods: Option<Vec<String>>,
    /// A pattern of `like` for each word that is searched for, one a line, the longest first: for this one, the index is used.
    pub(super) patterns: Option<String>,
    pub(super) deliveries: Option<Vec<String>>,
}

impl UserFilter {
    pub(super) fn bind(&self) -> Bound {
        let mut statuses = self.statuses.clone();
        if statuses.is_empty() {
            statuses.extend(ListedStatus::LIVE);
            statuses.extend(self.includes_deleted.then_some(ListedStatus::Deleted));
        }
        let mut stored: Vec<_> = statuses.iter().map(|status| status.stored().to_owned()).collect();
        stored.sort_unstable();
        stored.dedup();
        let roles = if self.roles.is_empty() { &Role::ALL[..] } else { &self.roles };
        let methods = || self.auth_methods.iter().map(|id| id.as_str().to_owned()).collect();
        Bound {
            statuses: stored,
            pending: statuses.contains(&ListedStatus::PendingInvitation),
            expired: statuses.contains(&ListedStatus::ExpiredInvitation),
            role_ranks: roles.iter().map(|role| *role as i16).collect(),
            auth_methods: if self.auth_methods.is_empty() { None } else { Some(methods()) },
            patterns: self.search.as_deref().and_then(patterns),
            deliveries: self.deliveries.as_ref().map(|states| states.iter().map(|state| state.as_str().to_owned()).collect()),
        }
    }
}

/// The pattern of each word, one a line; `None` where there are no words.
fn patterns(search: &str) -> Option<String> {
    let mut words: Vec<_> = search.split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    (!words.is_empty()).then(|| words.into_iter().map(pattern).collect::<Vec<_>>().join("\n"))
}

/// The pattern of `like` for a text and nothing but this text, in the form (NFC) that names are kept in.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.nfc() {
        match letter {
            '\\' | '%' | '_' => pattern.extend(['\\', letter]),
            // Postgres takes no NUL. No address and no name holds another control character either, so this finds nobody.
            '\0' => pattern.push('\u{1}'),
            _ => pattern.push(letter),
        }
    }
    pattern.push('%');
    pattern
}
