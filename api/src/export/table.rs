//! A table as comma-separated values (RFC 4180), that is also harmless in a spreadsheet.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// How a table is written. Spreadsheets guess: what they open by a double click depends on the region and on a byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TableForm {
    pub(super) separator: Separator,
    /// Whether the file begins with a byte order mark, without which spreadsheets do not read it as UTF-8.
    pub(super) bom: bool,
}

/// What is between the cells of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Separator {
    #[default]
    Comma,
    Semicolon,
    Tab,
}

impl Separator {
    pub(super) const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

/// Rows of a table, in memory until they are taken.
pub(super) struct Table(Writer<Vec<u8>>);

impl Table {
    /// The beginning of a table: its first row, with the names of its columns.
    pub(super) fn beginning<const CELLS: usize>(form: TableForm, columns: [&str; CELLS]) -> Self {
        let mark = if form.bom { BYTE_ORDER_MARK.as_bytes().to_vec() } else { vec![] };
        let mut table = Self::into(form, mark);
        table.row(columns);
        table
    }

    /// What comes after the beginning: no rows.
    pub(super) fn continued(form: TableForm) -> Self {
        Self::into(form, vec![])
    }

    fn into(form: TableForm, bytes: Vec<u8>) -> Self {
        Self(WriterBuilder::new().delimiter(form.separator.byte()).terminator(Terminator::CRLF).from_writer(bytes))
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

    const PLAIN: TableForm = TableForm { separator: Separator::Comma, bom: false };

    #[test]
    fn cells_survive_quotes_commas_lines_and_letters_of_all_kinds() {
        let cells = ["plain", "a,b", "say \"hi\"", "two\r\nlines", "Zoë 名 \u{202e}", ""];
        let mut table = Table::continued(PLAIN);
        table.row(cells);
        let bytes = table.into_bytes();
        let text = String::from_utf8(bytes.clone()).expect("text");
        assert_eq!(text, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",Zoë 名 \u{202e},\r\n");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let row = reader.records().next().expect("one row").expect("it reads");
        assert_eq!(row.iter().collect::<Vec<_>>(), cells);
    }

    #[test]
    fn a_table_for_spreadsheets_has_a_mark_once_and_their_separator() {
        let form = TableForm { separator: Separator::Semicolon, bom: true };
        assert_eq!(Table::beginning(form, ["email", "name"]).into_bytes(), "\u{feff}email;name\r\n".as_bytes());
        let mut table = Table::continued(form);
        table.row(["a;b", "c,d"]);
        assert_eq!(table.into_bytes(), b"\"a;b\";c,d\r\n");
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
