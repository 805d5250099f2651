//! The versions of users: rows of `user_versions`.

use domain::{AccountId, UserId};
use event_store::Cursor;
use sqlx::{PgConnection, PgExecutor};

use super::AsOf;
use crate::Error;
use crate::rows::Upserts;
use crate::users::row::{UserRow, VersionRow, select_users};
use crate::users::view::UserView;

/// The end of a version that is still in force: a position after all others.
const OPEN_ENDED: &[u8] = &[0xff];

/// A version of a user: in force from the event at `from` on, until the one at `until` if another has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) from: Cursor,
    pub(crate) until: Option<Cursor>,
    pub(crate) user: UserRow,
}

impl TryFrom<VersionRow> for Version {
    type Error = Error;

    fn try_from(row: VersionRow) -> Result<Self, Error> {
        let until = if row.until_place == OPEN_ENDED { None } else { Some(position_of(&row.until_place)?) };
        Ok(Self { from: position_of(&row.from_place)?, until, user: row.into_user() })
    }
}

impl From<&Version> for VersionRow {
    fn from(version: &Version) -> Self {
        let until = version.until.map_or_else(|| OPEN_ENDED.to_vec(), |until| until.to_bytes().to_vec());
        Self::new(version.from.to_bytes().to_vec(), until, version.user.clone())
    }
}

/// Reads a stored position.
pub(crate) fn position_of(bytes: &[u8]) -> Result<Cursor, Error> {
    Ok(Cursor::from_bytes(bytes)?)
}

/// Writes versions, in one statement.
pub(crate) async fn write_versions<'a>(
    connection: &mut PgConnection,
    versions: impl IntoIterator<Item = &'a Version>,
) -> Result<(), sqlx::Error> {
    let mut upserts = Upserts::default();
    upserts.add::<VersionRow, _>(&versions.into_iter().map(VersionRow::from).collect::<Vec<_>>());
    upserts.execute(connection).await
}

/// Deletes all versions of some users.
pub(crate) async fn delete_versions(connection: &mut PgConnection, users: &[(AccountId, UserId)]) -> Result<(), sqlx::Error> {
    let (accounts, ids): (Vec<_>, Vec<_>) = users.iter().map(|(account, id)| (account.uuid(), id.uuid())).unzip();
    let delete = sqlx::query!(
        r#"
        delete from user_versions v
        using unnest($1::uuid[], $2::uuid[]) as u (account_id, id)
        where v.account_id = u.account_id and v.id = u.id
        "#,
        &accounts,
        &ids,
    );
    delete.execute(connection).await?;
    Ok(())
}

/// A user of an account as they were; `None` when they were not invited yet.
pub async fn find_user_as_of(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    id: UserId,
    as_of: AsOf,
) -> Result<Option<UserView>, sqlx::Error> {
    let position = as_of.position.to_bytes();
    let row = select_users!(
        in "user_versions",
        ("where account_id = $1 and id = $2 and from_place <= $3 and until_place > $3"),
        account_id.uuid(),
        id.uuid(),
        position.as_slice(),
    );
    row.fetch_optional(database).await?.map(UserView::try_from).transpose()
}
