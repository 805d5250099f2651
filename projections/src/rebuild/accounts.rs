//! Accounts, and how many active admins each has.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::AccountId;
use domain::account::AccountEvent;
use event_store::{EventStore, Lock, RecordedEvent, UnreadableEvent};
use sqlx::{PgConnection, PgExecutor, PgPool};
use uuid::Uuid;

use super::{Difference, What, one_moment};
use crate::{AnyEvent, Error, Reason, decided_at, unreadable};

/// A row of `accounts`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    name: String,
    slug: String,
    created_at: DateTime<Utc>,
    version: i64,
    invitation_hours: i32,
    auth_methods: Option<Vec<String>>,
}

/// How many accounts are looked at together.
const CHUNK: u32 = 500;

/// Which accounts are not as the events have them.
pub(super) async fn compare(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let (mut differences, mut after) = (vec![], String::new());
    loop {
        let mut moment = one_moment(pool).await?;
        let streams = store.list_streams(&mut moment, "account", &after, CHUNK).await?;
        let Some((_, last)) = streams.last() else { break };
        after.clone_from(last);
        for (account_id, _) in streams {
            differences.extend(compare_one(&mut moment, store, account_id).await?);
        }
    }
    let invented = sqlx::query_scalar!(
        r#"
        select id
        from accounts
        where not exists (select from events where aggregate_type = 'account' and aggregate_id = accounts.id::text)
        "#
    );
    let invented = invented.fetch_all(pool).await?.into_iter().map(AccountId::new);
    // What hangs on it would have to go as well: this is for a person to look at.
    differences.extend(invented.map(|id| Difference { cannot_be_repaired: true, ..of_account(id, What::Invented) }));
    Ok(differences)
}

/// Makes accounts what the events say.
pub(super) async fn repair(pool: &PgPool, store: &EventStore) -> Result<Vec<Difference>, Error> {
    let differences = compare(pool, store).await?;
    for difference in differences.iter().filter(|difference| !difference.cannot_be_repaired) {
        let mut transaction = pool.begin().await?;
        Lock::AccountSettings { account_id: difference.account_id }.take(&mut transaction).await?;
        let expected = fold(&store.read_stream(&mut transaction, "account", &difference.account_id.to_string()).await?);
        if let Ok(Some(account)) = expected {
            write(&mut transaction, difference.account_id, &account).await?;
        }
        transaction.commit().await?;
    }
    Ok(differences)
}

fn of_account(account_id: AccountId, what: What) -> Difference {
    Difference { table: "accounts", account_id, user_id: None, row: account_id.to_string(), what, cannot_be_repaired: false }
}

async fn compare_one(connection: &mut PgConnection, store: &EventStore, account_id: AccountId) -> Result<Option<Difference>, Error> {
    let expected = match fold(&store.read_stream(connection, "account", &account_id.to_string()).await?) {
        Ok(expected) => expected,
        Err(UnreadableEvent { event, reason, .. }) => {
            let row = format!("{account_id} ({event}: {reason})");
            return Ok(Some(Difference { row, cannot_be_repaired: true, ..of_account(account_id, What::Unreadable) }));
        }
    };
    let stored = sqlx::query_as!(
        Account,
        "select name, slug, created_at, version, invitation_hours, auth_methods from accounts where id = $1",
        account_id.uuid()
    );
    let stored = stored.fetch_optional(connection).await?;
    if stored == expected {
        return Ok(None);
    }
    Ok(Some(of_account(account_id, if stored.is_none() { What::Missing } else { What::Differing })))
}

/// What the events of an account say.
///
/// # Errors
/// The first event that cannot be read.
fn fold(events: &[RecordedEvent]) -> Result<Option<Account>, UnreadableEvent> {
    let mut account: Option<Account> = None;
    for event in events {
        hear(&mut account, event).map_err(|reason| unreadable(event, reason))?;
    }
    Ok(account)
}

fn hear(account: &mut Option<Account>, event: &RecordedEvent) -> Result<(), Reason> {
    let AnyEvent::Account(happened) = AnyEvent::read(event)? else { return Err(Reason::Damaged) };
    match (&mut *account, happened) {
        (begun, AccountEvent::Opened { name, slug }) => {
            *begun = Some(Account {
                name: name.as_str().to_owned(),
                slug: slug.as_str().to_owned(),
                created_at: decided_at(event),
                version: 1,
                invitation_hours: i32::from(domain::InvitationHours::default().get()),
                auth_methods: None,
            });
        }
        (None, _) => return Err(Reason::OutOfOrder),
        (Some(account), AccountEvent::Renamed { to, .. }) => to.as_str().clone_into(&mut account.name),
        (Some(account), AccountEvent::InvitationHoursChanged { to, .. }) => account.invitation_hours = i32::from(to.get()),
        (Some(account), AccountEvent::AuthMethodsChanged { to, .. }) => {
            account.auth_methods = Some(to.iter().map(|id| id.as_str().to_owned()).collect());
        }
    }
    if let Some(account) = account {
        account.version = event.sequence;
    }
    Ok(())
}

async fn write(connection: &mut PgConnection, id: AccountId, account: &Account) -> Result<(), sqlx::Error> {
    let write = sqlx::query!(
        r#"
        insert into accounts (id, name, slug, created_at, version, invitation_hours, auth_methods)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (id) do update set
            name = $2, slug = $3, created_at = $4, version = $5, invitation_hours = $6, auth_methods = $7
        "#,
        id.uuid(),
        account.name,
        account.slug,
        account.created_at,
        account.version,
        account.invitation_hours,
        account.auth_methods.as_deref(),
    );
    write.execute(connection).await?;
    Ok(())
}

/// From here on in this transaction, admins are counted afterwards.
pub(super) async fn count_admins_afterwards(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query!("select set_config('roster.counts_admins', 'afterwards', true)").fetch_one(connection).await?;
    Ok(())
}

/// Lets guards count that an account has so many more active admins, or fewer, than before: the last thing that a transaction does, because
/// from then on others wait for the guards' rows. These are locked by a statement of its own, so that whoever counts sees what those have
/// written who were waited for. A guard that would stand at none, because its admins are yet to be repaired, stands at one: where one stands
/// or has stood, all are counted.
pub(super) async fn count_admins(connection: &mut PgConnection, more: &BTreeMap<AccountId, i64>) -> Result<(), sqlx::Error> {
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
pub(super) async fn compare_guards(database: impl PgExecutor<'_>) -> Result<Vec<Difference>, sqlx::Error> {
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
        Difference { table: "admin_guards", ..of_account(AccountId::new(id), what) }
    };
    Ok(rows.map(|row| difference(row.account_id, row.is_missing)).collect())
}

/// Lets guards count what there is; where that is none, they stand at one, until somebody is repaired who is one.
pub(super) async fn repair_guards(pool: &PgPool) -> Result<Vec<Difference>, Error> {
    let differences = compare_guards(pool).await?;
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
