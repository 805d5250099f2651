//! Several writes as one statement, so that they need one round trip and one plan.

use std::fmt::Write;

use sqlx::error::BoxDynError;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, Encode, PgConnection, Postgres, Type};

/// Inserts, updates and deletes that are run as one statement. They do not see each other's rows, and Postgres chooses their order, unless one
/// reads what another returns.
#[derive(Default)]
pub struct Writes {
    parts: Vec<(&'static str, String)>,
    arguments: PgArguments,
    /// Why a value could not be encoded.
    failed: Option<BoxDynError>,
}

/// Adds a part to [`Writes`]: its name, its statement, which is checked at compile time, and its values.
#[macro_export]
macro_rules! add_write {
    ($writes:expr, $name:literal, $statement:literal $(, $value:expr)* $(,)?) => {{
        let _checked = || sqlx::query!($statement $(, $value)*);
        let _: &mut $crate::Writes = $writes.add($name, $statement)$(.bind($value))*;
    }};
}

impl Writes {
    /// Adds a statement; its parameters count from `$1`, and [`bind`](Self::bind) gives them. What it returns is a table with this name for later
    /// parts, so no table of the database may have it.
    pub fn add(&mut self, name: &'static str, statement: &str) -> &mut Self {
        self.parts.push((name, renumbered(statement, self.arguments.len())));
        self
    }

    /// Gives the next parameter of the last part.
    pub fn bind<'q, T: Encode<'q, Postgres> + Type<Postgres> + 'q>(&mut self, value: T) -> &mut Self {
        if let Err(error) = self.arguments.add(value) {
            self.failed = Some(error);
        }
        self
    }

    /// Whether there is a part with this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.parts.iter().any(|(part, _)| *part == name)
    }

    /// Runs all parts, if there are any. None is left.
    ///
    /// # Errors
    /// When the database is lost, or a constraint says no: its name is in the error.
    pub async fn execute(&mut self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        match self.parts.as_slice() {
            [] => Ok(()),
            [(_, only)] => {
                let statement = only.clone();
                self.run(&statement, connection).await.map(drop)
            }
            _ => self.select("", connection).await.map(drop),
        }
    }

    /// Runs all parts, and then `select …` with this rest, which may read what parts have returned. None is left.
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    pub async fn select(&mut self, rest: &str, connection: &mut PgConnection) -> Result<Vec<PgRow>, sqlx::Error> {
        let parts: Vec<_> = self.parts.iter().map(|(name, part)| format!("{name} as ({part})")).collect();
        self.run(&format!("with {} select {rest}", parts.join(", ")), connection).await
    }

    async fn run(&mut self, statement: &str, connection: &mut PgConnection) -> Result<Vec<PgRow>, sqlx::Error> {
        let Self { arguments, failed, .. } = std::mem::take(self);
        if let Some(error) = failed {
            return Err(sqlx::Error::Encode(error));
        }
        sqlx::query_with(statement, arguments).fetch_all(connection).await
    }
}

/// A statement whose parameters come after others.
fn renumbered(statement: &str, others: usize) -> String {
    let mut parts = statement.split('$');
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        let number: usize = number.parse().expect("a dollar stands only before the number of a parameter");
        write!(all, "${}{rest}", number + others).expect("a string takes everything");
    }
    all
}

#[cfg(test)]
mod tests {
    use sqlx::Row;
    use test_support::TestDatabase;

    use super::*;

    #[test]
    fn parameters_are_numbered_on() {
        assert_eq!(renumbered("select $1::text, $12, '$2'", 0), "select $1::text, $12, '$2'");
        assert_eq!(renumbered("values ($1), ($2::uuid[])", 10), "values ($11), ($12::uuid[])");
    }

    #[tokio::test]
    async fn parts_are_written_together_and_may_read_what_others_return() {
        let database = TestDatabase::create().await;
        let mut connection = database.pool().acquire().await.expect("connects").detach();
        sqlx::query("create table numbers (number bigint)").execute(&mut connection).await.expect("creates");
        let mut writes = Writes::default();
        writes.execute(&mut connection).await.expect("nothing is to be done");
        writes.add("first", "insert into numbers select unnest($1::bigint[]) returning number").bind(vec![1_i64, 2]);
        writes.add("second", "insert into numbers select $1 + sum(number) from first having $2").bind(10_i64).bind(true);
        let rows = writes.select("max(number) from first", &mut connection).await.expect("writes");
        assert_eq!(rows[0].get::<i64, _>(0), 2);
        assert!(!writes.has("first"), "none is left");
        writes.add("alone", "delete from numbers where number = $1").bind(1_i64);
        writes.execute(&mut connection).await.expect("deletes");
        let left: Vec<i64> = sqlx::query_scalar("select number from numbers order by 1").fetch_all(&mut connection).await.expect("answers");
        assert_eq!(left, [2, 13]);
    }
}
