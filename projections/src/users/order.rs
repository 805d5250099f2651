//! The orders of the list of users.

/// What a list of users is sorted by. Users with the same value are sorted by id.
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
    /// Their last sign-in. Users who never signed in come last in both directions.
    LastActiveAt,
    /// How well they match [`search`](super::UserFilter::search): first those whose address or name begins with the words, then those with
    /// words that begin so, then all others. Without a search, or when more than [`MAX_COUNTED`](event_store::MAX_COUNTED) match: by address.
    Relevance,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserOrder {
    /// The sort field.
    pub field: UserOrderField,
    /// Whether the largest comes first.
    pub descending: bool,
}

impl Default for UserOrder {
    /// The newest users first.
    fn default() -> Self {
        Self { field: UserOrderField::CreatedAt, descending: true }
    }
}

impl UserOrder {
    /// The order by address in the same direction.
    pub(super) const fn by_address(self) -> Self {
        Self { field: UserOrderField::Email, ..self }
    }

    /// How a cursor names its order.
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
            (UserOrderField::Relevance, false) => "m",
            (UserOrderField::Relevance, true) => "M",
        }
    }
}
