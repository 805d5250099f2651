//! Asks a database who it is.

use sqlx::PgConnection;

use super::standing::{Identity, Newest, Observed, Stored};

/// Asks for everything that shows whether the database was restored; `None` where there is no Roster yet.
pub(super) async fn observe(connection: &mut PgConnection) -> Result<Option<Observed>, sqlx::Error> {
    // Asked first: a statement that fails because of an older schema would end the transaction that a pooler needs.
    let schema = sqlx::query!(
        r#"
        select
            to_regclass('feed_generation') is not null as "has_generation!",
            exists (
                select from pg_attribute
                where attrelid = to_regclass('feed_generation') and attname = 'restore_unfinished' and not attisdropped
            ) as "has_identity!"
        "#
    );
    let schema = schema.fetch_one(&mut *connection).await?;
    match (schema.has_generation, schema.has_identity) {
        (true, true) => observe_identity(connection).await,
        (true, false) => observe_events(connection).await.map(Some),
        (false, _) => Ok(None),
    }
}

async fn observe_identity(connection: &mut PgConnection) -> Result<Option<Observed>, sqlx::Error> {
    let select = sqlx::query!(
        r#"
        select
            g.generation, g.system_identifier, g.database_oid, g.table_oid, g.timeline, g.identified_by::text, g.restore_unfinished,
            g.xmin::text as "row_xmin!", g.tableoid::bigint as "present_table_oid!",
            (select d.oid::bigint from pg_database d where d.datname = current_database()) as "present_database_oid!",
            c.present_system_identifier, c.present_timeline,
            concat(
                current_setting('recovery_target', true), current_setting('recovery_target_time', true),
                current_setting('recovery_target_xid', true), current_setting('recovery_target_name', true),
                current_setting('recovery_target_lsn', true)
            ) <> '' as "has_recovery_target!",
            current_setting('transaction_read_only') = 'on' as "is_read_only!",
            exists (select from events) as "has_events!",
            pg_snapshot_xmax(pg_current_snapshot())::text as "next_xid!", n.xid::text as "newest_xid?", n.xmin::text as "newest_xmin?"
        from feed_generation g
        cross join present_cluster() c
        left join lateral (
            select e.xid, e.xmin
            from events e
            where e.generation = g.generation
            order by e.generation desc, e.xid desc, e.position desc
            limit 1
        ) n on true
        "#
    );
    let Some(row) = select.fetch_optional(connection).await? else { return Ok(None) };
    let stored = match (row.database_oid, row.table_oid, row.identified_by) {
        (Some(database_oid), Some(table_oid), Some(by)) => {
            let identity = Identity { system_identifier: row.system_identifier, database_oid, table_oid, timeline: row.timeline };
            Some(Stored { identity, is_original: is_written_by(&row.row_xmin, &by)? })
        }
        _ => None,
    };
    Ok(Some(Observed {
        generation: row.generation,
        stored,
        present: Identity {
            system_identifier: row.present_system_identifier,
            database_oid: row.present_database_oid,
            table_oid: row.present_table_oid,
            timeline: row.present_timeline,
        },
        has_events: row.has_events,
        newest: newest(row.newest_xid.zip(row.newest_xmin), &row.next_xid)?,
        is_unfinished: row.restore_unfinished,
        has_recovery_target: row.has_recovery_target,
        is_read_only: row.is_read_only,
        is_old_schema: false,
    }))
}

/// The same of a schema from before there were identities.
async fn observe_events(connection: &mut PgConnection) -> Result<Observed, sqlx::Error> {
    let select = sqlx::query!(
        r#"
        select
            g.generation, exists (select from events) as "has_events!",
            pg_snapshot_xmax(pg_current_snapshot())::text as "next_xid!", n.xid::text as "newest_xid?", n.xmin::text as "newest_xmin?"
        from feed_generation g
        left join lateral (
            select e.xid, e.xmin
            from events e
            where e.generation = g.generation
            order by e.generation desc, e.xid desc, e.position desc
            limit 1
        ) n on true
        "#
    );
    let row = select.fetch_one(connection).await?;
    Ok(Observed {
        generation: row.generation,
        stored: None,
        present: Identity { system_identifier: None, database_oid: 0, table_oid: 0, timeline: None },
        has_events: row.has_events,
        newest: newest(row.newest_xid.zip(row.newest_xmin), &row.next_xid)?,
        is_unfinished: false,
        has_recovery_target: false,
        is_read_only: false,
        is_old_schema: true,
    })
}

fn newest(found: Option<(String, String)>, next_xid: &str) -> Result<Option<Newest>, sqlx::Error> {
    let Some((xid, xmin)) = found else { return Ok(None) };
    Ok(Some(Newest { is_original: is_written_by(&xmin, &xid)?, is_ahead: parse(&xid)? >= parse(next_xid)? }))
}

/// Whether a row's `xmin`, the lower half of a transaction id, is that of a transaction.
fn is_written_by(xmin: &str, xid: &str) -> Result<bool, sqlx::Error> {
    Ok(parse(xmin)? == parse(xid)? & u64::from(u32::MAX))
}

fn parse(xid: &str) -> Result<u64, sqlx::Error> {
    xid.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
