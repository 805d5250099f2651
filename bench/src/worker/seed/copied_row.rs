//! One row of a user, as SQL that writes it again for each copy.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// The transaction id of the events of copies: lower than any that Roster has written with.
const XID: u32 = 10;
/// Positions of the events of one copy.
const POSITIONS: u32 = 64;

/// A column of a table.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) is_generated: bool,
    pub(super) is_identity: bool,
}

/// The user who is copied.
pub(super) struct Original<'a> {
    /// What stands in their texts and addresses.
    pub(super) name: &'a str,
    /// Every id that is theirs alone.
    pub(super) ids: Vec<Uuid>,
    /// The places of their events in the feed, in order.
    pub(super) places: Vec<Vec<u8>>,
    /// Times before this one are moved into the past.
    pub(super) now: DateTime<Utc>,
}

/// The ids in a text.
pub(super) fn ids_in(text: &str) -> Vec<Uuid> {
    let bytes = text.as_bytes();
    let at = |start: usize| std::str::from_utf8(bytes.get(start..start + 36)?).ok().and_then(|text| Uuid::parse_str(text).ok());
    let starts = (0..bytes.len().saturating_sub(35)).filter(|start| bytes[start + 8] == b'-' && bytes[start + 23] == b'-');
    starts.filter_map(at).collect()
}

impl Original<'_> {
    /// The statement that writes a row again for each copy of this user. `number` counts the events of the user.
    pub(super) fn copy(&self, table: &str, columns: &[Column], row: &Value, number: usize, share: &str, users: u64) -> String {
        let written = columns.iter().filter(|column| !column.is_generated && (!column.is_identity || table == "events"));
        let (names, values): (Vec<_>, Vec<_>) =
            written.map(|column| (column.name.as_str(), self.value(table, column, &row[&column.name], number))).unzip();
        let overriding = if table == "events" { "overriding system value" } else { "" };
        format!(
            "with copies as materialized (
                select n, ago{} from (select n, ({users} - n) * interval '30 seconds' as ago from generate_series(1::bigint, {users}) n) n
                where n % 20 in ({share})
            )
            insert into {table} ({}) {overriding} select {} from copies",
            self.id_columns(users),
            names.join(", "),
            values.join(", "),
        )
    }

    /// A new id for each of the user's, with its time in front as version 7 has it.
    fn id_columns(&self, users: u64) -> String {
        let now = self.now.timestamp_millis();
        let column = |(number, id): (usize, &Uuid)| {
            let random = format!("md5('{id}' || n)");
            format!(
                ", (lpad(to_hex({now} - ({users} - n) * 30000), 12, '0') || '7' || substr({random}, 1, 3) || '8' || substr({random}, 4, 15))::uuid \
                 as id_{number}"
            )
        };
        self.ids.iter().enumerate().map(column).collect()
    }

    fn value(&self, table: &str, column: &Column, value: &Value, number: usize) -> String {
        let kind = column.kind.as_str();
        if table == "events" && kind == "xid8" {
            return format!("'{XID}'::xid8");
        }
        if table == "events" && column.is_identity {
            return format!("n * {POSITIONS} + {number}");
        }
        let text = match value {
            Value::Null => return format!("null::{kind}"),
            Value::String(text) => text.clone(),
            Value::Array(_) if kind.starts_with('_') => return array(value, kind),
            other => other.to_string(),
        };
        match kind {
            "uuid" => self.id(&text).unwrap_or_else(|| format!("{}::uuid", quoted(&text))),
            "text" => self.replaced(&text),
            "jsonb" | "json" => format!("({})::{kind}", self.replaced(&value.to_string())),
            "timestamptz" if text.parse::<DateTime<Utc>>().is_ok_and(|time| time <= self.now) => {
                format!("{}::timestamptz - ago", quoted(&text))
            }
            "bytea" => self.place(&text).unwrap_or_else(|| format!("{}::bytea", quoted(&text))),
            _ => format!("{}::{kind}", quoted(&text)),
        }
    }

    fn id(&self, text: &str) -> Option<String> {
        let id = Uuid::parse_str(text).ok()?;
        self.ids.iter().position(|other| *other == id).map(|number| format!("id_{number}"))
    }

    /// A text with the ids and the name of the copy.
    fn replaced(&self, text: &str) -> String {
        if let Some(id) = self.id(text) {
            return format!("{id}::text");
        }
        let mut sql = quoted(text);
        for (number, id) in self.ids.iter().enumerate().filter(|(_, id)| text.contains(&id.to_string())) {
            sql = format!("replace({sql}, '{id}', id_{number}::text)");
        }
        if text.contains(self.name) { format!("replace({sql}, '{}', 'copy-' || n)", self.name) } else { sql }
    }

    /// A place in the feed, where it is that of one of the user's events.
    fn place(&self, text: &str) -> Option<String> {
        let hex = |bytes: &[u8]| bytes.iter().fold("\\x".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        let number = self.places.iter().position(|place| hex(place) == text)?;
        Some(format!("int4send(1) || int8send({XID}) || int8send(n * {POSITIONS} + {number})"))
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// An array of texts, such as `{password,google}`.
fn array(value: &Value, kind: &str) -> String {
    let parts = value.as_array().into_iter().flatten().map(|part| part.as_str().map_or_else(|| part.to_string(), quoted));
    format!("array[{}]::{}[]", parts.collect::<Vec<_>>().join(", "), kind.trim_start_matches('_'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_found_in_any_text() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(ids_in(&format!("user:{one} and {{\"id\":\"{two}\"}}")), [one, two]);
        assert!(ids_in("no ids, but - many - hyphens - in - a - long - text - of - words").is_empty());
    }

    #[test]
    fn a_copy_has_ids_names_and_times_of_its_own_and_keeps_the_rest() {
        let id = Uuid::from_u128(7);
        let original = Original {
            name: "proto-0",
            ids: vec![id],
            places: vec![vec![0; 20]],
            now: DateTime::from_timestamp(1_800_000_000, 0).expect("in range"),
        };
        let column =
            |name: &str, kind: &str| Column { name: name.to_owned(), kind: kind.to_owned(), is_generated: false, is_identity: false };
        let columns = [
            column("id", "uuid"),
            column("email", "text"),
            column("born", "timestamptz"),
            column("until", "timestamptz"),
            column("place", "bytea"),
        ];
        let row = json!({ "id": id, "email": "proto-0@bench.example", "born": "2026-01-01T00:00:00+00:00", "until": "2030-01-01T00:00:00+00:00", "place": format!("\\x{}", "00".repeat(20)) });
        let insert = original.copy("users", &columns, &row, 0, "0", 100);
        for part in [
            "select id_0, replace('proto-0@bench.example', 'proto-0', 'copy-' || n)",
            "'2026-01-01T00:00:00+00:00'::timestamptz - ago, '2030-01-01T00:00:00+00:00'::timestamptz",
            "int8send(10) || int8send(n * 64 + 0) from copies",
        ] {
            assert!(insert.contains(part), "{part}: {insert}");
        }
    }
}
