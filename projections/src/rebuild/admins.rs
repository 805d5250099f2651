//! How many active admins each account has: the guards that keep an account from losing the last one.

use std::collections::BTreeMap;

use domain::AccountId;
use event_store::Lock;
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{Difference, What};
use crate::Error;

/// From here on in this transaction, admins are counted afterwards.
pub(super) async fn count_afterwards(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select set_config('roster.counts_admins', 'afterwards', true)").fetch_one(connection).await?;
    Ok(())
}

/// Changes the counts of guards by how many active admins an account has more or fewer than before. A transaction does this last, because
/// from then on others wait for the guards' rows. A statement of its own locks these, so that the next one sees what others have written
/// meanwhile. A guard never goes below one, because its admins may still have to be repaired. Where it is or becomes one, all admins are
/// counted.
pub(super) async fn count(connection: &mut PgConnection, more: &BTreeMap<AccountId, i64>) -> Result<(), sqlx::Error> {
    let (accounts, more): (Vec<Uuid>, Vec<i64>) = more.iter().filter(|(_, more)| **more != 0).map(|(id, more)| (id.uuid(), *more)).unzip();
    let begin = sqlx::query!(
        r#"
        insert into admin_guards (account_id, active_admins)
        select a.id, 1
        from unnest($1::uuid[], $2::bigint[]) as a (id, more)
        where a.more > 0
        order by a.id
        on conflict (account_id) do nothing
        "#,
        &accounts,
        &more,
    );
    begin.execute(&mut *connection).await?;
    let lock = sqlx::query!("select account_id from admin_guards where account_id = any($1) order by account_id for update", &accounts);
    lock.fetch_all(&mut *connection).await?;
    let count = sqlx::query!(
        r#"
        update admin_guards g set active_admins = case
            when g.active_admins > 1 and g.active_admins + a.more > 1 then g.active_admins + a.more
            -- by rank, as the index has it: an account may have very many others who are active
            else greatest(1, (
                select count(*) filter (where u.status = 'active') from users u where u.account_id = g.account_id and u.role_rank = 2
            ))
        end
        from unnest($1::uuid[], $2::bigint[]) as a (id, more)
        where g.account_id = a.id
        "#,
        &accounts,
        &more,
    );
    count.execute(connection).await?;
    Ok(())
}

/// Accounts whose guard does not count what there is.
pub(super) async fn compare(database: impl PgExecutor<'_>) -> Result<Vec<Difference>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select coalesce(g.account_id, c.account_id) as "account_id!", g.account_id is null as "is_missing!"
        from admin_guards g
        full join (
            select account_id, count(*) as admins from users where role = 'admin' and status = 'active' group by account_id
        ) c on c.account_id = g.account_id
        where g.active_admins is distinct from c.admins
        "#
    );
    let rows = rows.fetch_all(database).await?.into_iter();
    let difference = |id, is_missing| {
        let what = if is_missing { What::Missing } else { What::Differing };
        let account_id = AccountId::new(id);
        Difference { table: "admin_guards", account_id, user_id: None, row: account_id.to_string(), what, cannot_be_repaired: false }
    };
    Ok(rows.map(|row| difference(row.account_id, row.is_missing)).collect())
}

/// Sets guards to the number of admins; where there are none, to one, until an admin is repaired.
pub(super) async fn repair(pool: &PgPool) -> Result<Vec<Difference>, Error> {
    let differences = compare(pool).await?;
    for Difference { account_id, .. } in &differences {
        let mut transaction = pool.begin().await?;
        Lock::Admins { account_id: *account_id }.take(&mut transaction).await?;
        let write = sqlx::query!(
            r#"
            insert into admin_guards (account_id, active_admins)
            select $1, greatest(1, count(*)) from users where account_id = $1 and role = 'admin' and status = 'active'
            on conflict (account_id) do update set active_admins = excluded.active_admins
            "#,
            account_id.uuid(),
        );
        write.execute(&mut *transaction).await?;
        transaction.commit().await?;
    }
    Ok(differences)
}
