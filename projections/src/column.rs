//! Types of columns: how the values of many rows go to Postgres, as one array for each column.

use chrono::{DateTime, Utc};
use event_store::Writes;
use uuid::Uuid;

/// A type of columns.
pub(crate) trait Column: Sized + 'static {
    /// The type of a parameter with the values of many rows, and what turns one of them into that of the column.
    const PARAMETER: (&'static str, &'static str);

    /// Gives such a parameter.
    fn bind<'a>(values: impl Iterator<Item = &'a Self>, writes: &mut Writes);
}

macro_rules! columns {
    ($($type:ty: $array:literal $(and $conversion:literal)?, |$value:ident| $given:expr;)+) => {
        $(
            impl Column for $type {
                const PARAMETER: (&'static str, &'static str) = ($array, concat!($($conversion)?));

                fn bind<'a>(values: impl Iterator<Item = &'a Self>, writes: &mut Writes) {
                    writes.bind(values.map(|$value| $given).collect::<Vec<_>>());
                }
            }
        )+
    };
}
columns! {
    bool: "boolean[]", |value| *value;
    Uuid: "uuid[]", |value| *value;
    Option<Uuid>: "uuid[]", |value| *value;
    i32: "integer[]", |value| *value;
    i64: "bigint[]", |value| *value;
    Option<i64>: "bigint[]", |value| *value;
    DateTime<Utc>: "timestamptz[]", |value| *value;
    Option<DateTime<Utc>>: "timestamptz[]", |value| *value;
    String: "text[]", |value| value.as_str();
    Option<String>: "text[]", |value| value.as_deref();
    // Arrays of arrays must have one length in Postgres, so each is a text.
    Vec<String>: "text[]" and "::text[]", |value| list(value);
    Option<Vec<String>>: "text[]" and "::text[]", |value| value.as_deref().map(list);
}

/// Texts as Postgres reads an array of them.
fn list(values: &[String]) -> String {
    let mut text = String::from("{");
    for value in values {
        text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
        for character in value.chars() {
            if matches!(character, '"' | '\\') {
                text.push('\\');
            }
            text.push(character);
        }
        text.push('"');
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use test_support::TestDatabase;

    use super::*;

    #[tokio::test]
    async fn postgres_reads_a_list_as_it_was() {
        let database = TestDatabase::create().await;
        let pool = database.pool();
        for texts in [&[][..], &["password"], &["a b", "", "null", "{}", "\"\\,'☁"]] {
            let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
            let read: Vec<String> = sqlx::query_scalar("select $1::text::text[]").bind(list(&texts)).fetch_one(&pool).await.expect("reads");
            assert_eq!(read, texts);
        }
    }
}
