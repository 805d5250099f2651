//! Rows of read models. The columns of a table are listed once, in a macro beside its row, such as `user_columns!`. From that list
//! come the row type ([`row!`]), what a query reads ([`select!`]) and what is written ([`add_rows`]).

use event_store::Writes;

/// A row of a read model, as far as events determine it.
pub(crate) trait Row: 'static {
    /// The table.
    const TABLE: &'static str;
    /// The name of its part in [`Writes`].
    const PART: &'static str;
    /// The columns that identify a row. A row that exists keeps them.
    const KEY: &'static [&'static str];
    /// All columns that events determine.
    const COLUMNS: &'static [&'static str];
    /// Of each, the type of a parameter with the values of many rows, and what turns one of them into that of the column.
    const PARAMETERS: &'static [(&'static str, &'static str)];
    /// The columns with a transaction. [`THIS_TRANSACTION`] in a row stands for the one that writes it.
    const TRANSACTIONS: &'static [&'static str];
    /// The columns that no event determines, and what a new row has there. A row that exists keeps them.
    const KEPT: &'static [(&'static str, &'static str)];

    /// Gives the values of all columns of some rows.
    fn bind(rows: &[&Self], writes: &mut Writes);
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
        #[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
        pub(crate) struct $row {
            $($($(#[$extra_meta])* pub(crate) $extra: $extra_type,)+)?
            $(pub(crate) $field: $type,)+
        }

        impl $crate::rows::Row for $row {
            const TABLE: &'static str = $table;
            const PART: &'static str = concat!("written_", $table);
            const KEY: &'static [&'static str] = &$key;
            const COLUMNS: &'static [&'static str] = &[$($($extra_name,)+)? $($name),+];
            const PARAMETERS: &'static [(&'static str, &'static str)] = &[
                $($(<$extra_type as $crate::column::Column>::PARAMETER,)+)?
                $(<$type as $crate::column::Column>::PARAMETER),+
            ];
            const TRANSACTIONS: &'static [&'static str] = $crate::rows::kept!($($transactions)?);
            const KEPT: &'static [(&'static str, &'static str)] = $crate::rows::kept!($($kept)?);

            fn bind(rows: &[&Self], writes: &mut event_store::Writes) {
                use $crate::column::Column;
                $($(<$extra_type>::bind(rows.iter().map(|row| &row.$extra), writes);)+)?
                $(<$type>::bind(rows.iter().map(|row| &row.$field), writes);)+
            }
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

/// Adds rows of a table to what is written, each with another key, in the order in which they are to be written: rows that are new are inserted,
/// the others changed.
///
/// The statement is not checked at compile time. Its columns are those of the checked `select`s, and a test below compares them with the
/// tables.
pub(crate) fn add_rows<R: Row>(writes: &mut Writes, rows: &[&R]) {
    add_rows_with_tokens(writes, rows, |_| None);
}

/// The same, with the SHA-256 of the tokens of those rows that are new.
pub(crate) fn add_rows_with_tokens<R: Row>(writes: &mut Writes, rows: &[&R], token_hash: impl Fn(&R) -> Option<[u8; 32]>) {
    if rows.is_empty() {
        return;
    }
    writes.add(R::PART, &upsert::<R>());
    R::bind(rows, writes);
    if has_token::<R>() {
        writes.bind(rows.iter().map(|row| token_hash(row).map(|hash| hash.to_vec())).collect::<Vec<_>>());
    }
}

fn has_token<R: Row>() -> bool {
    R::KEPT.iter().any(|(column, _)| *column == TOKEN)
}

fn upsert<R: Row>() -> String {
    let kept = |part: fn(&(&'static str, &'static str)) -> &'static str| R::KEPT.iter().map(part);
    let into = R::COLUMNS.iter().copied().chain(kept(|(column, _)| column)).collect::<Vec<_>>().join(", ");
    let value = |(column, (_, conversion)): (&&'static str, &(&'static str, &'static str))| {
        if R::TRANSACTIONS.contains(column) {
            format!("case {column} when {THIS_TRANSACTION} then (select {CURRENT_TRANSACTION}) else {column} end")
        } else {
            format!("{column}{conversion}")
        }
    };
    let values = R::COLUMNS.iter().zip(R::PARAMETERS).map(value);
    let values = values.chain(R::KEPT.iter().map(|(_, value)| (*value).to_owned())).collect::<Vec<_>>().join(", ");
    let token = has_token::<R>().then_some((&TOKEN, "bytea[]"));
    let (given, types): (Vec<_>, Vec<_>) =
        R::COLUMNS.iter().zip(R::PARAMETERS.iter().map(|(array, _)| *array)).chain(token).map(|(column, array)| (*column, array)).unzip();
    let parameters = (1..).zip(types).map(|(number, array)| format!("${number}::{array}")).collect::<Vec<_>>().join(", ");
    let given = given.join(", ");
    let assigned = R::COLUMNS.iter().filter(|column| !R::KEY.contains(column));
    let changes = assigned.map(|column| format!("{column} = excluded.{column}")).collect::<Vec<_>>().join(", ");
    let (table, key) = (R::TABLE, R::KEY.join(", "));
    format!(
        "insert into {table} ({into}) select {values} from unnest({parameters}) as given ({given}) \
            on conflict ({key}) do update set {changes} returning 1"
    )
}

/// The transaction that writes a row, as long as its number is not known.
pub(crate) const THIS_TRANSACTION: i64 = 0;

/// Its number, as in `Cursor::transaction`.
const CURRENT_TRANSACTION: &str = "transaction_of((select generation from feed_generation), pg_current_xact_id())";

const TOKEN: &str = "token_hash";

/// What a new row has in `token_hash` where its token is not given: the hash of a token that no one knows. No event holds a token.
pub(crate) const UNKNOWN_TOKEN: &str = "coalesce(token_hash, sha256(gen_random_uuid()::text::bytea || gen_random_uuid()::text::bytea))";

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
    use crate::saved_views::SavedViewRow;
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
        assert_eq!(unlisted::<SavedViewRow>(&database).await, none);
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
            language: "de".to_owned(),
            logo_digest: None,
            color: Some("#1864ab".to_owned()),
            shows_account: true,
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
            let mut writes = Writes::default();
            add_rows(&mut writes, &[&nimbus]);
            add_rows(&mut writes, &[&ada]);
            add_rows(&mut writes, &[&session]);
            add_rows(&mut writes, &[&VersionRow::ended(&ada, Mark { transaction: 7, rank: 2 })]);
            add_rows(&mut writes, &[&ActivityRow::ended(&ada, Mark { transaction: 7, rank: 2 })]);
            writes.execute(&mut connection).await.expect("writes");
            let found = find_user(&pool, AccountId::new(account), UserId::new(id)).await.expect("answers").expect("is there");
            assert_eq!((found.name, found.created_at, found.last_active_at), (name, at, None));
        }
        let admins: i64 = sqlx::query_scalar("select active_admins from admin_guards").fetch_one(&pool).await.expect("answers");
        assert_eq!(admins, 1, "a role and a status that stay the same count once");
        let again = crate::accounts::find_account(&pool, AccountId::new(account)).await.expect("answers").expect("is there");
        assert_eq!((again.name, again.auth_methods.map(|methods| methods.iter().count())), (nimbus.name, Some(2)));
    }
}
