//! The rights of the role that servers and most commands connect as, where another role owns the database.

use sqlx::{PgConnection, PgPool};

use crate::Lock;

/// What the runtime role may do with each table. `select` is granted on all of them.
const TABLES: [(&str, &[&str]); 29] = [
    ("_sqlx_migrations", &[]),
    ("account_logos", &["insert", "update", "delete"]),
    ("accounts", &["insert", "update"]),
    ("admin_guards", &["insert", "update"]),
    ("api_keys", &["insert", "update", "delete"]),
    ("credentials", &["insert", "update", "delete"]),
    ("erased_persons", &["insert"]),
    // The defaults of the other columns decide the position of an event in the feed.
    ("events", &[EVENT_COLUMNS]),
    ("feed_checkpoints", &["insert", "delete"]),
    // After a failover a server begins a new generation.
    ("feed_generation", &["update"]),
    ("housekeeping", &["insert", "update"]),
    ("idempotency_keys", &["insert", "update", "delete"]),
    ("invitation_counts", &["insert", "update", "delete"]),
    ("mail_outbox", &["insert", "update", "delete"]),
    ("password_resets", &["insert", "update", "delete"]),
    ("past_activity", &["insert", "update", "delete"]),
    ("person_keys", &["insert", "update", "delete"]),
    ("projection_rebuilds", &["insert", "update"]),
    ("provider_links", &["insert", "update", "delete"]),
    ("provider_sign_ins", &["insert", "update", "delete"]),
    ("refused_attempts", &["insert", "update", "delete"]),
    ("saved_views", &["insert", "update", "delete"]),
    ("service_keys", &["insert", "update", "delete"]),
    ("sessions", &["insert", "update", "delete"]),
    ("unreadable_events", &["insert", "delete"]),
    // By triggers on `users`, like `user_counts`.
    ("user_activity", &["insert", "update", "delete"]),
    ("user_counts", &["insert", "update"]),
    ("user_versions", &["insert", "update", "delete"]),
    ("users", &["insert", "update", "delete"]),
];

const EVENT_COLUMNS: &str = "insert (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id, \
                             recorded_at)";

/// Rights on a whole table that Postgres knows, besides `select`.
const RIGHTS: [&str; 6] = ["insert", "update", "delete", "truncate", "references", "trigger"];

/// Why the rights were not granted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeRoleError {
    /// There is no such role.
    #[error("there is no role {0}: create it first, as with `create role {0} login password '…'`")]
    Unknown(String),
    /// Rights do not limit it.
    #[error("{role} cannot be the runtime role: it {reason}, so it may do everything whatever is granted")]
    Unlimited {
        /// The role.
        role: String,
        /// What it is.
        reason: &'static str,
    },
    /// It has rights that were not granted to it by name.
    #[error("{role} has more rights than it needs, by way of PUBLIC or of another role: {rights}. Revoke them, then run this again")]
    Excessive {
        /// The role.
        role: String,
        /// Each right and what it is on.
        rights: String,
    },
    /// The connection's role may not grant, or the database was lost.
    #[error("the rights could not be granted")]
    Database(#[from] sqlx::Error),
}

/// Grants a role what servers need, and revokes everything else that it was granted in this database's schema before.
///
/// # Errors
/// See [`RuntimeRoleError`].
pub async fn grant_runtime_role(pool: &PgPool, role: &str) -> Result<(), RuntimeRoleError> {
    let mut transaction = pool.begin().await?;
    Lock::Migrations.take(&mut transaction).await?;
    require_limited(&mut transaction, role).await?;
    sqlx::raw_sql(&grants(&quoted(role))).execute(&mut *transaction).await?;
    require_no_more(&mut transaction, role).await?;
    Ok(transaction.commit().await?)
}

fn quoted(role: &str) -> String {
    format!("\"{}\"", role.replace('"', "\"\""))
}

fn grants(role: &str) -> String {
    let mut statements = vec![
        format!("revoke all on schema public from {role}"),
        format!("revoke all on all tables in schema public from {role}"),
        format!("revoke all on all sequences in schema public from {role}"),
        format!("revoke all on all functions in schema public from {role}"),
        format!("grant usage on schema public to {role}"),
        format!("grant execute on all functions in schema public to {role}"),
    ];
    for (table, rights) in TABLES {
        let rights: Vec<_> = ["select"].iter().chain(rights).copied().collect();
        statements.push(format!("grant {} on public.{table} to {role}", rights.join(", ")));
    }
    statements.join(";\n")
}

async fn require_limited(connection: &mut PgConnection, role: &str) -> Result<(), RuntimeRoleError> {
    let select = "select rolsuper, pg_has_role(oid, (select relowner from pg_class where oid = 'events'::regclass), 'member') \
                  from pg_roles where rolname = $1";
    let found = sqlx::query_as::<_, (bool, bool)>(select).bind(role).fetch_optional(connection).await?;
    let reason = match found.ok_or_else(|| RuntimeRoleError::Unknown(role.to_owned()))? {
        (true, _) => "is a superuser",
        (_, true) => "owns the tables, or is a member of the role that does",
        _ => return Ok(()),
    };
    Err(RuntimeRoleError::Unlimited { role: role.to_owned(), reason })
}

/// The rights beyond the granted ones belong to a role whose rights it shares.
async fn require_no_more(connection: &mut PgConnection, role: &str) -> Result<(), RuntimeRoleError> {
    let mut excessive = vec![];
    let may_create = "select has_schema_privilege($1, 'public', 'create')";
    if sqlx::query_scalar::<_, bool>(may_create).bind(role).fetch_one(&mut *connection).await? {
        excessive.push("create on schema public".to_owned());
    }
    let select = "select has_table_privilege($1, format('public.%I', $2), $3)";
    for (table, granted) in TABLES {
        for right in RIGHTS.iter().filter(|right| !granted.contains(right)) {
            let has = sqlx::query_scalar::<_, bool>(select).bind(role).bind(table).bind(*right);
            if has.fetch_one(&mut *connection).await? {
                excessive.push(format!("{right} on {table}"));
            }
        }
    }
    if excessive.is_empty() {
        return Ok(());
    }
    Err(RuntimeRoleError::Excessive { role: role.to_owned(), rights: excessive.join(", ") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        assert_eq!(quoted("app"), "\"app\"");
        assert_eq!(quoted("a\"; drop table users; --"), "\"a\"\"; drop table users; --\"");
    }

    #[test]
    fn history_is_only_added_to() {
        let grants = grants("\"app\"");
        assert!(grants.contains("grant select, insert (aggregate_type,"), "{grants}");
        assert!(!grants.contains("truncate") && !grants.contains("trigger"), "{grants}");
    }
}
