//! The files of logos: one for each account that has a logo.

use domain::{AccountId, Logo};
use sqlx::PgConnection;

/// Stores the file of the logo of an account, in the place of the one before.
pub(crate) async fn write_logo(
    connection: &mut PgConnection,
    account_id: AccountId,
    logo: &Logo,
    content: &[u8],
) -> Result<(), sqlx::Error> {
    let insert = sqlx::query!(
        r#"
        insert into account_logos (account_id, digest, media_type, content)
        values ($1, $2, $3, $4)
        on conflict (account_id) do update
        set digest = excluded.digest, media_type = excluded.media_type, content = excluded.content
        "#,
        account_id.uuid(),
        logo.digest.as_str(),
        logo.media_type.as_str(),
        content,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// Deletes the file of the logo of an account.
pub(crate) async fn delete_logo(connection: &mut PgConnection, account_id: AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from account_logos where account_id = $1", account_id.uuid()).execute(connection).await?;
    Ok(())
}
