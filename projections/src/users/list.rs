//! Pages of the list of users.

use chrono::{DateTime, Utc};
use domain::{AccountId, Role};
use sqlx::PgExecutor;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::row::select_users;
use super::{ListedStatus, UserCursor, UserView};

/// The longest page.
pub const MAX_PAGE: u32 = 100;

/// Which users are listed. Every part narrows; empty parts do not.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Users who stand like one of these; when empty, all who are not deleted.
    pub statuses: Vec<ListedStatus>,
    /// Users with one of these roles.
    pub roles: Vec<Role>,
    /// Users whose address or name holds this text, in any case.
    pub search: Option<String>,
}

/// Which part of the list is wanted, newest first.
#[derive(Clone, Copy, Debug)]
pub enum PageRequest {
    /// The first so many after a place, or from the beginning.
    First(u32, Option<UserCursor>),
    /// The last so many before a place, or up to the end.
    Last(u32, Option<UserCursor>),
}

/// A part of the list, newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The users of this page.
    pub users: Vec<UserView>,
    /// Whether there are more after it. When paging backward: whether a later place was given.
    pub has_next: bool,
    /// Whether there are more before it. When paging forward: whether an earlier place was given.
    pub has_previous: bool,
}

/// The filter in the form that the queries take.
struct Bound {
    statuses: Vec<String>,
    roles: Vec<String>,
    pattern: Option<String>,
}

impl UserFilter {
    fn bind(&self) -> Bound {
        let statuses = if self.statuses.is_empty() { &ListedStatus::LIVE[..] } else { &self.statuses };
        let roles = if self.roles.is_empty() { &Role::ALL[..] } else { &self.roles };
        let search = self.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        Bound {
            statuses: statuses.iter().map(|status| status.as_str().to_owned()).collect(),
            roles: roles.iter().map(|role| role.as_str().to_owned()).collect(),
            pattern: search.map(pattern),
        }
    }
}

/// The pattern of `ilike` for a text and nothing but this text, in the form (NFC) that names are kept in.
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

/// Selects the users whom a filter lets through; what follows gives the place and the direction.
macro_rules! select_matching {
    ($rest:tt, $account_id:expr, $now:expr, $bound:expr $(, $argument:expr)* $(,)?) => {
        select_users!(
            ("where account_id = $1 "
                + "and case when status <> 'invited' then status when invitation_expires_at <= $2 then 'expired' else 'pending' end = any($3) "
                + "and role = any($4) and ($5::text is null or email ilike $5 or name ilike $5) "
                + $rest),
            $account_id.uuid(),
            $now,
            &$bound.statuses,
            &$bound.roles,
            $bound.pattern
            $(, $argument)*
        )
    };
}

/// A page of an account's users, newest first. Pages hold at most [`MAX_PAGE`] users.
///
/// # Errors
/// When the database is lost.
pub async fn list_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    page: PageRequest,
    now: DateTime<Utc>,
) -> Result<Page, sqlx::Error> {
    let bound = filter.bind();
    let (size, place, backward) = match page {
        PageRequest::First(size, place) => (size.min(MAX_PAGE), place, false),
        PageRequest::Last(size, place) => (size.min(MAX_PAGE), place, true),
    };
    let (at, id): (Option<DateTime<Utc>>, Option<Uuid>) = place.map(|place| (place.created_at, place.id.uuid())).unzip();
    let limit = i64::from(size) + 1;
    let rows = if backward {
        select_matching!(
            r#"
                and ($6::timestamptz is null or (created_at, id) > ($6, $7::uuid))
            order by created_at, id
            limit $8
            "#,
            account_id,
            now,
            bound,
            at,
            id,
            limit,
        )
        .fetch_all(database)
        .await?
    } else {
        select_matching!(
            r#"
                and ($6::timestamptz is null or (created_at, id) < ($6, $7::uuid))
            order by created_at desc, id desc
            limit $8
            "#,
            account_id,
            now,
            bound,
            at,
            id,
            limit,
        )
        .fetch_all(database)
        .await?
    };
    let mut users = rows.into_iter().map(UserView::try_from).collect::<Result<Vec<_>, _>>()?;
    let more = users.len() > size as usize;
    users.truncate(size as usize);
    if backward {
        users.reverse();
        Ok(Page { users, has_next: place.is_some(), has_previous: more })
    } else {
        Ok(Page { users, has_next: more, has_previous: place.is_some() })
    }
}

/// How many users of an account the filter lets through.
///
/// # Errors
/// When the database is lost.
pub async fn count_users(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    filter: &UserFilter,
    now: DateTime<Utc>,
) -> Result<u64, sqlx::Error> {
    let bound = filter.bind();
    let count = sqlx::query_scalar!(
        r#"
        select count(*) as "count!"
        from users
        where account_id = $1
            and case when status <> 'invited' then status when invitation_expires_at <= $2 then 'expired' else 'pending' end = any($3)
            and role = any($4)
            and ($5::text is null or email ilike $5 or name ilike $5)
        "#,
        account_id.uuid(),
        now,
        &bound.statuses,
        &bound.roles,
        bound.pattern,
    );
    Ok(count.fetch_one(database).await?.unsigned_abs())
}
