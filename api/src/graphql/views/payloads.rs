//! What mutations of saved views answer.

use async_graphql::ID;

use crate::graphql::payload::payload;
use crate::graphql::views::saved_view::SavedView;

payload!(
    /// The result of `saveView`.
    SaveViewPayload {
        /// The new view. Null if the mutation was refused.
        view: Option<SavedView>,
    }
);

payload!(
    /// The result of `updateView`.
    UpdateViewPayload {
        /// The view after the change. Null if the mutation was refused.
        view: Option<SavedView>,
    }
);

payload!(
    /// The result of `deleteView`.
    DeleteViewPayload {
        /// The id of the deleted view. Null if the mutation was refused.
        view_id: Option<ID>,
    }
);
