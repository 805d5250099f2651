//! A table as comma-separated values (RFC 4180), that is also harmless in a spreadsheet.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};

/// Rows of a table, in memory until they are taken.
pub(super) struct Table(Writer<Vec<u8>>);

impl Table {
    /// No rows.
    pub(super) fn new() -> Self {
        Self(WriterBuilder::new().terminator(Terminator::CRLF).from_writer(vec![]))
    }

    /// Adds a row. Every row of a table has the same number of cells.
    pub(super) fn row<const CELLS: usize>(&mut self, cells: [&str; CELLS]) {
        self.0.write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes())).expect("rows are written into memory");
    }

    /// The rows as bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner().expect("rows are written into memory")
    }
}

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before what could begin one (OWASP, "CSV Injection").
fn harmless(cell: &str) -> Cow<'_, str> {
    const BEGINNINGS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠'];
    if cell.starts_with(BEGINNINGS) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_survive_quotes_commas_lines_and_letters_of_all_kinds() {
        let cells = ["plain", "a,b", "say \"hi\"", "two\r\nlines", "Zoë 名 \u{202e}", ""];
        let mut table = Table::new();
        table.row(cells);
        let bytes = table.into_bytes();
        let text = String::from_utf8(bytes.clone()).expect("text");
        assert_eq!(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",Zoë 名 \u{202e},\r\n");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let row = reader.records().next().expect("one row").expect("it reads");
        assert_eq!(row.iter().collect::<Vec<_>>(), cells);
    }

    #[test]
    fn no_cell_is_taken_for_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=HYPERLINK(\"https://evil.example\")"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["a=b", "1-1", "", "'=1", "eve@acme.example", "[{\"field\":\"role\"}]"] {
            assert_eq!(harmless(text), text);
        }
    }
}
