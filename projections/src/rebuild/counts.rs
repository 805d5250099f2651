//! How many users have each role and status: `user_counts`, which triggers keep.

use domain::AccountId;
use sqlx::{PgExecutor, PgPool};

use super::{Difference, What};
use crate::Error;

/// Counts that are not those of `users`.
pub(super) async fn compare(database: impl PgExecutor<'_>) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select account_id as "account_id!", role_rank as "role_rank!", status as "status!"
        from (
            select account_id, role_rank, status collate "C" as status, count(*) as count from users group by account_id, role_rank, status
            union all
            select account_id, role_rank, status, -count from user_counts
        ) c
        group by account_id, role_rank, status
        having sum(count) <> 0
        "#
    );
    let rows = rows.fetch_all(database).await?.into_iter();
    let difference = |account_id, role_rank, status| Difference {
        table: "user_counts",
        account_id: AccountId::new(account_id),
        user_id: None,
        row: format!("{status} with the role {role_rank}"),
        what: What::Differing,
        cannot_be_repaired: false,
    };
    Ok(rows.map(|row| difference(row.account_id, row.role_rank, row.status)).collect())
}

/// Adds what is missing, while no command changes a count.
pub(super) async fn repair(pool: &PgPool) -> Result<Vec<Difference>, Error> {
    let differences = compare(pool).await?;
    if differences.is_empty() {
        return Ok(differences);
    }
    let mut transaction = pool.begin().await?;
    sqlx::query!("lock table user_counts in share row exclusive mode").execute(&mut *transaction).await?;
    let add = sqlx::query!(
        r#"
        insert into user_counts as k (account_id, role_rank, status, shard, count)
        select account_id, role_rank, status, 0, sum(count)
        from (
            select account_id, role_rank, status collate "C" as status, count(*) as count from users group by account_id, role_rank, status
            union all
            select account_id, role_rank, status, -count from user_counts
        ) c
        group by account_id, role_rank, status
        having sum(count) <> 0
        on conflict (account_id, role_rank, status, shard) do update set count = k.count + excluded.count
        "#
    );
    add.execute(&mut *transaction).await?;
    transaction.commit().await?;
    Ok(differences)
}
