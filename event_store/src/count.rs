//! How many rows a list has.

/// How far a screen counts.
pub const MAX_COUNTED: u32 = 10_000;

/// How far a list is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountTo {
    /// To its end, which takes the longer the more rows it has.
    End,
    /// To [`MAX_COUNTED`] rows.
    Bound,
}

/// The number of rows of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// So many rows were counted.
    pub count: u64,
    /// Whether these are all. Otherwise the list has more.
    pub is_exact: bool,
}

impl CountTo {
    /// A statement that counts the rows of what stands after `from`.
    #[must_use]
    pub fn statement(self, from: &str) -> String {
        match self {
            Self::End => format!("select count(*) from {from}"),
            // One row more shows whether there are more.
            Self::Bound => format!("select count(*) from (select from {from} limit {MAX_COUNTED} + 1) counted"),
        }
    }

    /// What the result of the [`statement`](Self::statement) means.
    #[must_use]
    pub fn count(self, rows: i64) -> Count {
        let (rows, most) = (rows.unsigned_abs(), u64::from(MAX_COUNTED));
        match self {
            Self::Bound if rows > most => Count { count: most, is_exact: false },
            Self::Bound | Self::End => Count::exact(rows),
        }
    }
}

impl Count {
    /// All rows were counted.
    #[must_use]
    pub const fn exact(count: u64) -> Self {
        Self { count, is_exact: true }
    }
}
