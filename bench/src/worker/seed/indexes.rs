//! Indexes are built after the rows are there, which is far quicker.

use std::collections::BTreeSet;

use sqlx::{Executor, PgConnection};

use crate::outcome::Outcome;

/// Drops the indexes of some tables that belong to no constraint; answers the statements that create them.
pub(super) async fn drop(connection: &mut PgConnection, tables: &BTreeSet<&str>) -> Outcome<Vec<String>> {
    let select = "
        select indexname::text, indexdef
        from pg_indexes
        where schemaname = current_schema() and tablename = any($1) and indexname not in (select conname from pg_constraint)";
    let tables: Vec<&str> = tables.iter().copied().collect();
    let indexes: Vec<(String, String)> = sqlx::query_as(select).bind(tables).fetch_all(&mut *connection).await?;
    for (name, _) in &indexes {
        connection.execute(format!("drop index {name}").as_str()).await?;
    }
    Ok(indexes.into_iter().map(|(_, definition)| definition).collect())
}

pub(super) async fn create(connection: &mut PgConnection, definitions: &[String]) -> Outcome<()> {
    connection.execute("set maintenance_work_mem = '512MB'").await?;
    for definition in definitions {
        connection.execute(definition.as_str()).await?;
    }
    Ok(())
}
