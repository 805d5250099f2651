//! In which order users are listed.

/// What a list of users is ordered by. The id is always the last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserOrderField {
    /// The address in its normalised form, byte by byte.
    Email,
    /// Active, inactive, invited (the latest expiry first), deleted.
    Status,
    /// Viewer, editor, admin.
    Role,
    /// When they were first invited.
    CreatedAt,
    /// Their last sign-in; whoever never signed in comes last in both directions.
    LastActiveAt,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserOrder {
    /// What it goes by.
    pub field: UserOrderField,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Default for UserOrder {
    /// The newest first.
    fn default() -> Self {
        Self { field: UserOrderField::CreatedAt, descending: true }
    }
}

impl UserOrder {
    /// What a cursor says of its order.
    pub(super) const fn tag(self) -> &'static str {
        match (self.field, self.descending) {
            (UserOrderField::Email, false) => "e",
            (UserOrderField::Email, true) => "E",
            (UserOrderField::Status, false) => "s",
            (UserOrderField::Status, true) => "S",
            (UserOrderField::Role, false) => "r",
            (UserOrderField::Role, true) => "R",
            (UserOrderField::CreatedAt, false) => "c",
            (UserOrderField::CreatedAt, true) => "C",
            (UserOrderField::LastActiveAt, false) => "a",
            (UserOrderField::LastActiveAt, true) => "A",
        }
    }
}
