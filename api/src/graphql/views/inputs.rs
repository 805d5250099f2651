//! What mutations of saved views take.

use async_graphql::ID;

use crate::graphql::input::input;

input!(
    /// The input of `saveView`.
    SaveViewInput => commands::SaveView {
        /// The name of the view: 1 to 100 characters. It differs from the names of your other views or, if it is shared, of the other shared ones,
        /// also in more than upper and lower case of A to Z.
        name: String,
        /// What the list shows, as the query of an address without the question mark: at most 2,000 characters, everything else
        /// percent-encoded.
        query: String,
        /// Whether all admins of the account see the view. The audit log shows the name of a shared view, and erasing a user removes neither its
        /// name nor its query, so do not use the name or the address of a person.
        shared: bool,
    }
);

input!(
    /// The input of `updateView`. Fields that are absent or null stay unchanged.
    UpdateViewInput {
        /// The id of the view: one of your own, or a shared one.
        id: ID,
        /// The new name.
        name: Option<String>,
        /// The new query.
        query: Option<String>,
        /// `true` shares one of your own views with all admins. A shared view stays shared.
        shared: Option<bool>,
        /// The version that you saw. If the view has changed since, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
    }
);

impl From<UpdateViewInput> for commands::ChangeView {
    fn from(UpdateViewInput { id, name, query, shared, expected_version }: UpdateViewInput) -> Self {
        Self { id: id.into(), name, query, share: shared.unwrap_or_default(), expected_version }
    }
}

input!(
    /// The input of `deleteView`.
    DeleteViewInput {
        /// The id of the view: one of your own, or a shared one.
        id: ID,
        /// The version that you saw. If the view has changed since, the mutation is refused with `VERSION_CONFLICT`.
        expected_version: Option<u64>,
    }
);
