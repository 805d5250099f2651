//! What a rule about a field is made of.

use super::rights::{LIST_USERS, MANAGE_SERVICE_KEYS, READ_AUDIT_LOG, READ_USER, Right, SAVE_VIEWS, Upon};

/// What reaching something needs.
#[derive(Clone, Copy)]
pub(super) enum Gate {
    /// Nothing.
    Open,
    /// Someone who is signed in; for others it is null, and no error.
    Signed,
    /// A service key; for others it is null, and no error.
    Service,
    /// A right, upon someone.
    Needs(&'static Right, Upon),
    /// A right, upon whom the route leads to.
    UponWhom(&'static Right),
    /// A right, upon someone; a signed-in caller who lacks it gets null, and no error.
    Hidden(&'static Right, Upon),
}

/// How an object of a type is reached. `%` is where its fields are asked for; `OTHER`, `SELF`, `LINK` and `RESET` are filled in.
pub(super) struct Route {
    pub(super) document: &'static str,
    pub(super) gate: Gate,
    pub(super) upon: Upon,
}

/// A field. What is asked of it besides its name, such as arguments, stands in `arguments`.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) arguments: &'static str,
    pub(super) gate: Gate,
}

/// A type, all routes to it that differ, and all of its fields.
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) routes: &'static [Route],
    /// Fields that every caller who reaches the object sees.
    pub(super) plain: &'static [&'static str],
    /// Fields that need more.
    pub(super) guarded: &'static [Field],
}

pub(super) const fn route(document: &'static str, gate: Gate, upon: Upon) -> Route {
    Route { document, gate, upon }
}

pub(super) const fn field(name: &'static str, arguments: &'static str, gate: Gate) -> Field {
    Field { name, arguments, gate }
}

pub(super) const ROOT: &[Route] = &[route("{ % }", Gate::Open, Upon::Account)];
pub(super) const VIEWER: Gate = Gate::Signed;
pub(super) const LIST: Gate = Gate::Needs(&LIST_USERS, Upon::Account);
pub(super) const AUDIT: Gate = Gate::Needs(&READ_AUDIT_LOG, Upon::Account);
pub(super) const SERVICE_KEYS: Gate = Gate::Needs(&MANAGE_SERVICE_KEYS, Upon::Account);
pub(super) const VIEWS: Gate = Gate::Needs(&SAVE_VIEWS, Upon::Oneself);
pub(super) const OTHER: Gate = Gate::Needs(&READ_USER, Upon::Another);
