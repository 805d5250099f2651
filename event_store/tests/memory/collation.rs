//! Nothing depends on the collation of the database: neither order nor uniqueness, nor the indexes when the collation changes.

use sqlx::Row;
use test_support::TestDatabase;

/// Text in keys of indexes that does not compare byte by byte, and why that is right.
const EXPLAINED: [(&str, &str); 0] = [];

/// The indexes with a key that goes by a collation other than "C".
const BY_COLLATION: &str = "
    select distinct c.relname::text
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
    cross join lateral unnest(i.indcollation) as k (oid)
    join pg_collation l on l.oid = k.oid
    where l.collname <> 'C'
    order by 1";

#[tokio::test]
async fn every_text_in_the_key_of_an_index_compares_byte_by_byte() {
    let database = TestDatabase::create().await;
    let rows = sqlx::query(BY_COLLATION).fetch_all(&database.pool()).await.expect("answers");
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let mut explained: Vec<_> = EXPLAINED.iter().map(|(index, _)| (*index).to_owned()).collect();
    explained.sort_unstable();
    assert_eq!(found, explained, "give the column `collate \"C\"`, or explain here why its collation does not matter");
    let text: i64 = sqlx::query_scalar(
        "select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and 950 = any(i.indcollation::oid[])",
    )
    .fetch_one(&database.pool())
    .await
    .expect("answers");
    assert!(text >= 8, "only {text} indexes with text were found");
}
