//! Rows of read models. The columns of a table are listed once, in a macro beside its row, such as `user_columns!`. From that list
//! come the row type ([`row!`]), what a query reads ([`select!`]) and what is written ([`Upserts`]).

use serde::Serialize;
use sqlx::PgConnection;

/// A row of a read model, as far as events determine it.
pub(crate) trait Row: Serialize {
    /// The table.
    const TABLE: &'static str;
    /// The columns that identify a row. A row that exists keeps them.
    const KEY: &'static [&'static str];
    /// All columns that events determine.
    const COLUMNS: &'static [&'static str];
    /// The columns with a transaction. [`THIS_TRANSACTION`] in a row stands for the one that writes it.
    const TRANSACTIONS: &'static [&'static str];
    /// The columns that no event determines, and what a new row has there. A row that exists keeps them.
    const KEPT: &'static [(&'static str, &'static str)];
}

/// Defines a row type from a list of columns.
macro_rules! row {
    (
        [$($name:literal $field:ident: $type:ty),+ $(,)?]
        $(#[$meta:meta])*
        $row:ident in $table:literal by $key:tt
        $(keeps $kept:tt)?
        $(dated $transactions:tt)?
        $(and { $($(#[$extra_meta:meta])* $extra_name:literal $extra:ident: $extra_type:ty),+ $(,)? })?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
        pub(crate) struct $row {
            $($($(#[$extra_meta])* pub(crate) $extra: $extra_type,)+)?
            $(pub(crate) $field: $type,)+
        }

        impl $crate::rows::Row for $row {
            const TABLE: &'static str = $table;
            const KEY: &'static [&'static str] = &$key;
            const COLUMNS: &'static [&'static str] = &[$($($extra_name,)+)? $($name),+];
            const TRANSACTIONS: &'static [&'static str] = $crate::rows::kept!($($transactions)?);
            const KEPT: &'static [(&'static str, &'static str)] = $crate::rows::kept!($($kept)?);
        }
    };
}
pub(crate) use row;

/// Some columns of a table; most have none.
macro_rules! kept {
    () => {
        &[]
    };
    ($kept:tt) => {
        &$kept
    };
}
pub(crate) use kept;

/// `select …` with every column of a list, other columns before them, and the rest of the statement.
macro_rules! select {
    (
        [$first:literal $first_field:ident: $first_type:ty $(, $name:literal $field:ident: $type:ty)* $(,)?]
        $row:path, $before:literal, ($($from:tt)+) $(, $argument:expr)* $(,)?
    ) => {
        sqlx::query_as!($row, "select " + $before + $first $(+ ", " + $name)* + " " + $($from)+ $(, $argument)*)
    };
}
pub(crate) use select;

/// A row with the columns of another that has the same, and with others besides.
macro_rules! copy {
    ([$($name:literal $field:ident: $type:ty),+ $(,)?] $from:ident => $row:ident { $($extra:ident: $value:expr),* }) => {
        $row { $($extra: $value,)* $($field: $from.$field),+ }
    };
}
pub(crate) use copy;

/// Rows of one table or of several, written by one statement: rows that are new are inserted, the others changed.
///
/// The statement cannot be checked at compile time, because which tables it writes depends on the events. Its columns are those of the
/// checked `select`s, and a test below compares them with the tables.
#[derive(Default)]
pub(crate) struct Upserts {
    statements: Vec<String>,
    parameters: Vec<String>,
}

impl Upserts {
    /// Adds rows of a table, each with another key, in the order in which they are to be written.
    ///
    /// A row may bring what it has in a column of [`Row::KEPT`] when it is new.
    pub(crate) fn add<R: Row, W: Serialize>(&mut self, rows: &[W]) {
        if rows.is_empty() {
            return;
        }
        self.parameters.push(serde_json::to_string(rows).expect("a row has text keys only, so it is JSON"));
        self.statements.push(upsert::<R>(self.parameters.len()));
    }

    /// Writes them.
    ///
    /// # Errors
    /// When the database is lost, or a constraint over several rows says no: its name is in the error.
    pub(crate) async fn execute(self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let Some((last, first)) = self.statements.split_last() else { return Ok(()) };
        let first: Vec<_> = first.iter().enumerate().map(|(number, statement)| format!("written_{number} as ({statement})")).collect();
        let with = if first.is_empty() { String::new() } else { format!("with {} ", first.join(", ")) };
        let statement = format!("{with}{last}");
        let query = self.parameters.into_iter().fold(sqlx::query(&statement), sqlx::query::Query::bind);
        query.execute(connection).await?;
        Ok(())
    }
}

fn upsert<R: Row>(parameter: usize) -> String {
    let kept = |part: fn(&(&'static str, &'static str)) -> &'static str| R::KEPT.iter().map(part);
    let into = R::COLUMNS.iter().copied().chain(kept(|(column, _)| column)).collect::<Vec<_>>().join(", ");
    let value = |column: &&'static str| {
        if R::TRANSACTIONS.contains(column) {
            format!("case {column} when {THIS_TRANSACTION} then (select {CURRENT_TRANSACTION}) else {column} end")
        } else {
            (*column).to_owned()
        }
    };
    let values = R::COLUMNS.iter().map(value).chain(R::KEPT.iter().map(|(_, value)| (*value).to_owned())).collect::<Vec<_>>().join(", ");
    let assigned = R::COLUMNS.iter().filter(|column| !R::KEY.contains(column));
    let changes = assigned.map(|column| format!("{column} = excluded.{column}")).collect::<Vec<_>>().join(", ");
    let (table, key) = (R::TABLE, R::KEY.join(", "));
    format!(
        "insert into {table} ({into}) select {values} from jsonb_populate_recordset(null::{table}, ${parameter}::jsonb) \
            on conflict ({key}) do update set {changes}"
    )
}

/// The transaction that writes a row, as long as its number is not known.
pub(crate) const THIS_TRANSACTION: i64 = 0;

/// Its number, as in `Cursor::transaction`.
const CURRENT_TRANSACTION: &str = "transaction_of(current_generation(), pg_current_xact_id())";

/// What a new row has in `token_hash` where its token is not given: the hash of a token that no one knows. No event holds a token.
pub(crate) const UNKNOWN_TOKEN: &str = "coalesce(token_hash, sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea))";

/// Bytes as Postgres reads them from text.
pub(crate) fn bytea(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes everything");
        text
    })
}

#[cfg(test)]
mod tests {
    use domain::user::UserEvent;
    use domain::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Personal, Role, UserId};
    use test_support::TestDatabase;
    use uuid::Uuid;

    use super::*;
    use crate::AnyEvent;
    use crate::accounts::AccountRow;
    use crate::api_keys::ApiKeyRow;
    use crate::origin::{Mark, Origin};
    use crate::service_keys::ServiceKeyRow;
    use crate::sessions::SessionRow;
    use crate::users::row::{ActivityRow, VersionRow};
    use crate::users::{LinkRow, Past, UserRow, find_user};

    /// The columns of a table that neither the database computes nor a row lists.
    async fn unlisted<R: Row>(database: &TestDatabase) -> Vec<String> {
        let select = "select column_name::text from information_schema.columns \
            where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position";
        let columns: Vec<String> = sqlx::query_scalar(select).bind(R::TABLE).fetch_all(&database.pool()).await.expect("answers");
        let is_kept = |column: &str| R::KEPT.iter().any(|(kept, _)| *kept == column);
        let listed = R::COLUMNS.iter().filter(|column| columns.iter().any(|there| there == *column)).count();
        assert_eq!(listed, R::COLUMNS.len(), "{} has every column", R::TABLE);
        columns.into_iter().filter(|column| !R::COLUMNS.contains(&column.as_str()) && !is_kept(column)).collect()
    }

    #[tokio::test]
    async fn every_column_of_a_read_model_is_written() {
        let database = TestDatabase::create().await;
        let none: [String; 0] = [];
        assert_eq!(unlisted::<UserRow>(&database).await, none);
        assert_eq!(unlisted::<VersionRow>(&database).await, none);
        assert_eq!(unlisted::<ActivityRow>(&database).await, none);
        assert_eq!(unlisted::<LinkRow>(&database).await, none);
        assert_eq!(unlisted::<SessionRow>(&database).await, none);
        assert_eq!(unlisted::<AccountRow>(&database).await, none);
        // When a key was last used is not an event. A new key was never used.
        assert_eq!(unlisted::<ApiKeyRow>(&database).await, ["last_used_at"]);
        assert_eq!(unlisted::<ServiceKeyRow>(&database).await, ["last_used_at"]);
    }

    #[tokio::test]
    async fn several_tables_are_written_by_one_statement_which_inserts_and_changes() {
        let database = TestDatabase::create().await;
        let pool = database.pool();
        let mut connection = pool.acquire().await.expect("connects");
        let (account, id, at) =
            (Uuid::now_v7(), Uuid::now_v7(), chrono::DateTime::from_timestamp_micros(1_800_000_000_123_456).expect("in range"));
        let nimbus = AccountRow {
            id: account,
            name: "Nimbus \"\\ ☁".to_owned(),
            slug: "nimbus".to_owned(),
            created_at: at,
            version: 1,
            invitation_hours: 24,
            auth_methods: Some(vec!["password".to_owned(), "google".to_owned()]),
        };
        let invited = UserEvent::Invited {
            account_id: AccountId::new(account),
            email: Personal::Known(EmailAddress::parse("Ada@example.com").expect("valid")),
            role: Role::Admin,
            auth_methods: AuthMethods::parse([AuthMethodId::password()]).expect("not empty"),
            invitation_id: InvitationId::new(id),
            expires_at: at,
        };
        let origin = Origin { account_id: AccountId::new(account), stream_id: id, sequence: 1, at, mark: Mark { transaction: 5, rank: 1 } };
        let (mut ada, mut past) = (None, Past::default());
        for event in [invited, UserEvent::Accepted { auth_method: AuthMethodId::password() }] {
            UserRow::apply(&mut ada, &mut past, &origin, &AnyEvent::User(event)).expect("applies");
        }
        let ada = ada.expect("is invited");
        let session = SessionRow {
            id,
            account_id: account,
            user_id: id,
            auth_method: "password".to_owned(),
            started_at: at,
            expires_at: at,
            ended_at: None,
            address: None,
            user_agent: Some("a\u{1F600}".to_owned()),
        };
        for name in [None, Some("Ada".to_owned())] {
            let ada = UserRow { name: name.clone(), ..ada.clone() };
            let mut upserts = Upserts::default();
            upserts.add::<AccountRow, _>(&[&nimbus]);
            upserts.add::<UserRow, _>(&[&ada]);
            upserts.add::<SessionRow, _>(&[&session]);
            upserts.add::<VersionRow, _>(&[VersionRow::ended(&ada, Mark { transaction: 7, rank: 2 })]);
            upserts.add::<ActivityRow, _>(&[ActivityRow::ended(&ada, Mark { transaction: 7, rank: 2 })]);
            upserts.execute(&mut connection).await.expect("writes");
            let found = find_user(&pool, AccountId::new(account), UserId::new(id)).await.expect("answers").expect("is there");
            assert_eq!((found.name, found.created_at, found.last_active_at), (name, at, None));
        }
        let admins: i64 = sqlx::query_scalar("select active_admins from admin_guards").fetch_one(&pool).await.expect("answers");
        assert_eq!(admins, 1, "a role and a status that stay the same count once");
        let again = crate::accounts::find_account(&pool, AccountId::new(account)).await.expect("answers").expect("is there");
        assert_eq!((again.name, again.auth_methods.map(|methods| methods.iter().count())), (nimbus.name, Some(2)));
    }
}
