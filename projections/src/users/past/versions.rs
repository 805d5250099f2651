//! The rows of `user_versions`.

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use event_store::Cursor;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::AsOf;
use crate::Error;
use crate::users::fold::FoldedUser;
use crate::users::row::{UserRow, select_users};
use crate::users::view::{UserView, status_text};

/// A place after all others, until which the newest version is in force.
const FOR_NOW: &[u8] = &[0xff];

/// A version of a user: from the event at `from` on, until the one at `until` if another has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) from: Cursor,
    pub(crate) until: Option<Cursor>,
    pub(crate) user: FoldedUser,
}

/// A row of `user_versions`.
pub(crate) struct VersionRow {
    pub(crate) from_place: Vec<u8>,
    pub(crate) until_place: Vec<u8>,
    pub(crate) sessions_valid_from: DateTime<Utc>,
    pub(crate) account_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) email: String,
    pub(crate) email_normalised: String,
    pub(crate) name: Option<String>,
    pub(crate) role: String,
    pub(crate) status: String,
    pub(crate) auth_methods: Vec<String>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) last_active_at: Option<DateTime<Utc>>,
    pub(crate) invitation_id: Uuid,
    pub(crate) invitation_sent_at: DateTime<Utc>,
    pub(crate) invitation_expires_at: DateTime<Utc>,
    pub(crate) delivery_state: String,
    pub(crate) delivery_at: Option<DateTime<Utc>>,
    pub(crate) delivery_attempts: i32,
    pub(crate) delivery_detail: Option<String>,
    pub(crate) erased_at: Option<DateTime<Utc>>,
}

impl TryFrom<VersionRow> for Version {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        let user = UserRow {
            account_id: row.account_id,
            id: row.id,
            version: row.version,
            email: row.email,
            email_normalised: row.email_normalised,
            name: row.name,
            role: row.role,
            status: row.status,
            auth_methods: row.auth_methods,
            created_at: row.created_at,
            last_active_at: row.last_active_at,
            invitation_id: row.invitation_id,
            invitation_sent_at: row.invitation_sent_at,
            invitation_expires_at: row.invitation_expires_at,
            sessions_valid_from: row.sessions_valid_from,
            delivery_state: row.delivery_state,
            delivery_at: row.delivery_at,
            delivery_attempts: row.delivery_attempts,
            delivery_detail: row.delivery_detail,
            erased_at: row.erased_at,
        };
        let until = if row.until_place == FOR_NOW { None } else { Some(place_of(&row.until_place)?) };
        Ok(Self { from: place_of(&row.from_place)?, until, user: user.try_into()? })
    }
}

/// Reads a stored place.
pub(crate) fn place_of(bytes: &[u8]) -> Result<Cursor, Error> {
    Ok(Cursor::from_bytes(bytes)?)
}

/// Writes versions, in one statement.
pub(crate) async fn insert_versions(connection: &mut PgConnection, versions: &[Version]) -> Result<(), sqlx::Error> {
    let columns = Columns::of(versions);
    let insert = sqlx::query!(
        r#"
        insert into user_versions (
            account_id, id, from_place, until_place, version, email, email_normalised, name, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at,
            delivery_attempts, delivery_detail, erased_at
        )
        select
            v.account_id, v.id, v.from_place, v.until_place, v.version, v.email, v.email_normalised, v.name, v.role, v.status,
            string_to_array(v.auth_methods, ','), v.created_at, v.last_active_at, v.invitation_id, v.invitation_sent_at,
            v.invitation_expires_at, v.sessions_valid_from, v.delivery_state, v.delivery_at, v.delivery_attempts, v.delivery_detail,
            v.erased_at
        from unnest(
            $1::uuid[], $2::uuid[], $3::bytea[], $4::bytea[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::timestamptz[], $13::timestamptz[], $14::uuid[], $15::timestamptz[], $16::timestamptz[],
            $17::timestamptz[], $18::text[], $19::timestamptz[], $20::integer[], $21::text[], $22::timestamptz[]
        ) as v (
            account_id, id, from_place, until_place, version, email, email_normalised, name, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from, delivery_state, delivery_at,
            delivery_attempts, delivery_detail, erased_at
        )
        "#,
        &columns.users.account_ids,
        &columns.users.ids,
        &columns.from_places,
        &columns.until_places,
        &columns.users.versions,
        &columns.users.emails,
        &columns.users.normalised,
        &columns.users.names as &[Option<String>],
        &columns.users.roles,
        &columns.users.statuses,
        &columns.users.auth_methods,
        &columns.users.created_at,
        &columns.users.last_active_at as &[Option<DateTime<Utc>>],
        &columns.users.invitation_ids,
        &columns.users.invitation_sent_at,
        &columns.users.invitation_expires_at,
        &columns.users.sessions_valid_from,
        &columns.users.delivery_states,
        &columns.users.delivery_at as &[Option<DateTime<Utc>>],
        &columns.users.delivery_attempts,
        &columns.users.delivery_details as &[Option<String>],
        &columns.users.erased_at as &[Option<DateTime<Utc>>],
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Versions column by column.
struct Columns {
    from_places: Vec<Vec<u8>>,
    until_places: Vec<Vec<u8>>,
    users: UserColumns,
}

impl Columns {
    fn of(versions: &[Version]) -> Self {
        Self {
            from_places: versions.iter().map(|version| version.from.to_bytes().to_vec()).collect(),
            until_places: versions
                .iter()
                .map(|version| version.until.map_or_else(|| FOR_NOW.to_vec(), |until| until.to_bytes().to_vec()))
                .collect(),
            users: UserColumns::of(versions.iter().map(|version| &version.user)),
        }
    }
}

/// Users column by column, as one statement takes them.
#[derive(Default)]
pub(crate) struct UserColumns {
    pub(crate) account_ids: Vec<Uuid>,
    pub(crate) ids: Vec<Uuid>,
    pub(crate) versions: Vec<i64>,
    pub(crate) emails: Vec<String>,
    pub(crate) normalised: Vec<String>,
    pub(crate) names: Vec<Option<String>>,
    pub(crate) roles: Vec<String>,
    pub(crate) statuses: Vec<String>,
    /// Of each user, with commas between: an array of arrays would need equal lengths, and no id holds a comma.
    pub(crate) auth_methods: Vec<String>,
    pub(crate) created_at: Vec<DateTime<Utc>>,
    pub(crate) last_active_at: Vec<Option<DateTime<Utc>>>,
    pub(crate) invitation_ids: Vec<Uuid>,
    pub(crate) invitation_sent_at: Vec<DateTime<Utc>>,
    pub(crate) invitation_expires_at: Vec<DateTime<Utc>>,
    pub(crate) sessions_valid_from: Vec<DateTime<Utc>>,
    pub(crate) delivery_states: Vec<String>,
    pub(crate) delivery_at: Vec<Option<DateTime<Utc>>>,
    pub(crate) delivery_attempts: Vec<i32>,
    pub(crate) delivery_details: Vec<Option<String>>,
    pub(crate) erased_at: Vec<Option<DateTime<Utc>>>,
}

impl UserColumns {
    pub(crate) fn of<'a>(users: impl Iterator<Item = &'a FoldedUser>) -> Self {
        let mut columns = Self::default();
        for FoldedUser { view, sessions_valid_from } in users {
            columns.account_ids.push(view.account_id.uuid());
            columns.ids.push(view.id.uuid());
            columns.versions.push(view.version.cast_signed());
            columns.emails.push(view.email.clone());
            columns.normalised.push(view.email_normalised.clone());
            columns.names.push(view.name.clone());
            columns.roles.push(view.role.as_str().to_owned());
            columns.statuses.push(status_text(view.status).to_owned());
            columns.auth_methods.push(view.auth_methods.iter().map(domain::AuthMethodId::as_str).collect::<Vec<_>>().join(","));
            columns.created_at.push(view.created_at);
            columns.last_active_at.push(view.last_active_at);
            columns.invitation_ids.push(view.invitation_id.uuid());
            columns.invitation_sent_at.push(view.invitation_sent_at);
            columns.invitation_expires_at.push(view.invitation_expires_at);
            columns.sessions_valid_from.push(*sessions_valid_from);
            columns.delivery_states.push(view.delivery.state.as_str().to_owned());
            columns.delivery_at.push(view.delivery.at);
            columns.delivery_attempts.push(i32::try_from(view.delivery.attempts).unwrap_or(i32::MAX));
            columns.delivery_details.push(view.delivery.detail.clone());
            columns.erased_at.push(view.erased_at);
        }
        columns
    }
}

/// A user of an account as they were; `None` when they were not yet.
///
/// # Errors
/// When the database is lost.
pub async fn find_user_as_of(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: UserId,
    as_of: AsOf,
) -> Result<Option<UserView>, sqlx::Error> {
    let place = as_of.place.to_bytes();
    let row = select_users!(
        in "user_versions",
        ("where account_id = $1 and id = $2 and from_place <= $3 and until_place > $3"),
        account_id.uuid(),
        id.uuid(),
        place.as_slice(),
    );
    row.fetch_optional(database).await?.map(UserView::try_from).transpose()
}
