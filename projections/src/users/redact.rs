//! Redacts what tables hold of erased users besides their own rows.

use domain::{AccountId, UserId};
use sqlx::PgConnection;

use super::row::{VersionRow, select_versions};
use crate::rows::Upserts;

/// Redacts the versions of the past of erased users, and the addresses from which something was refused to them.
pub(crate) async fn redact_past(connection: &mut PgConnection, erased: &[(AccountId, UserId)]) -> Result<(), sqlx::Error> {
    if erased.is_empty() {
        return Ok(());
    }
    let (accounts, users): (Vec<_>, Vec<_>) = erased.iter().map(|(account, user)| (account.uuid(), user.uuid())).unzip();
    let versions = select_versions!("from user_versions where account_id = any($1) and id = any($2)", &accounts, &users);
    let versions = versions.fetch_all(&mut *connection).await?.into_iter().map(|version| {
        let (from, until) = (version.from_place.clone(), version.until_place.clone());
        let mut user = version.into_user();
        user.redact();
        VersionRow::new(from, until, user)
    });
    let mut upserts = Upserts::default();
    upserts.add::<VersionRow, _>(&versions.collect::<Vec<_>>());
    upserts.execute(connection).await?;
    let attempts = sqlx::query!(
        r#"
        update refused_attempts r set address = null
        from unnest($1::uuid[], $2::uuid[]) as e (account_id, user_id)
        where r.account_id = e.account_id and (r.user_id = e.user_id or r.actor_user_id = e.user_id)
        "#,
        &accounts,
        &users,
    );
    attempts.execute(connection).await?;
    Ok(())
}
