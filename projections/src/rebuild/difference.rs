//! A row that is not as the events have it.

use std::fmt;

use domain::{AccountId, UserId};

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The events have it, the table has not.
    Missing,
    /// The table has it, the events have not.
    Invented,
    /// Both have it, and they differ.
    Differing,
    /// An event that it is made of cannot be read, so it is not known what it should be.
    Unreadable,
}

/// A row that is not as the events have it. It names the row, and nothing that the row holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The account.
    pub account_id: AccountId,
    /// The user whom the row speaks of, if it does.
    pub user_id: Option<UserId>,
    /// Which row.
    pub row: String,
    /// What is wrong.
    pub what: What,
    /// Whether it stays so: other tables that are no read models need it.
    pub cannot_be_repaired: bool,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Missing => "is missing",
            What::Invented => "is in no event",
            What::Differing => "is not as the events have it",
            What::Unreadable => "cannot be compared, because an event cannot be read",
        };
        write!(f, "{} {} of account {} {what}", self.table, self.row, self.account_id)
    }
}
