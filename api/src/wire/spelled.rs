//! Values of enums as text.

use async_graphql::resolver_utils::EnumType;

/// A value of an enum of the API, as the API spells it.
pub(crate) fn spelled<E: EnumType>(value: E) -> &'static str {
    let found = E::items().iter().find(|item| item.value == value);
    found.expect("an enum lists all of its values").name
}
