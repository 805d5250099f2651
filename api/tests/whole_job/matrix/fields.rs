//! Every field of every type that is not a payload: how it is reached, and what it needs.

use super::rights::{LIST_USERS, MANAGE_ACCESS, MANAGE_SERVICE_KEYS, READ_AUDIT_LOG, READ_USER, Right, Upon};

/// What reaching something needs.
#[derive(Clone, Copy)]
pub(super) enum Gate {
    /// Nothing.
    Open,
    /// Somebody who is signed in; for others it is null, and no error.
    Signed,
    /// A service key; for others it is null, and no error.
    Service,
    /// A right, upon somebody.
    Needs(&'static Right, Upon),
    /// A right, upon whom the route leads to.
    UponWhom(&'static Right),
    /// A right, upon somebody; whoever is signed in and lacks it gets null, and no error.
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
    /// Fields that whoever reaches the object sees.
    pub(super) plain: &'static [&'static str],
    /// Fields that need more.
    pub(super) guarded: &'static [Field],
}

const fn route(document: &'static str, gate: Gate, upon: Upon) -> Route {
    Route { document, gate, upon }
}

const fn field(name: &'static str, arguments: &'static str, gate: Gate) -> Field {
    Field { name, arguments, gate }
}

const ROOT: &[Route] = &[route("{ % }", Gate::Open, Upon::Account)];
const VIEWER: Gate = Gate::Signed;
const LIST: Gate = Gate::Needs(&LIST_USERS, Upon::Account);
const AUDIT: Gate = Gate::Needs(&READ_AUDIT_LOG, Upon::Account);
const SERVICE_KEYS: Gate = Gate::Needs(&MANAGE_SERVICE_KEYS, Upon::Account);
const OTHER: Gate = Gate::Needs(&READ_USER, Upon::Another);

/// Types that come with a command or an event, and are tried with it.
pub(super) const WITH_THEIR_DEED: [&str; 6] = ["UserError", "InviteUsersResult", "RefusedResend", "Event", "Actor", "Change"];

pub(super) const TYPES: &[Type] = &[
    Type {
        name: "Query",
        routes: ROOT,
        plain: &[],
        guarded: &[
            field("viewer", "", Gate::Signed),
            field("authMethods", "", Gate::Open),
            field("signInOptions", "(account: \"acme\")", Gate::Open),
            field("invitation", "(token: \"LINK\")", Gate::Open),
            field("passwordReset", "(token: \"RESET\")", Gate::Open),
            field("opensFirstAccount", "(token: \"LINK\")", Gate::Open),
            field("user", "(id: \"OTHER\")", OTHER),
            field("user", "(id: \"SELF\")", Gate::Needs(&READ_USER, Upon::Oneself)),
            field("user", "(id: \"OTHER\", asOf: { at: \"THEN\" })", OTHER),
            field("node", "(id: \"OTHER\")", Gate::Hidden(&READ_USER, Upon::Another)),
            field("node", "(id: \"SELF\")", Gate::Hidden(&READ_USER, Upon::Oneself)),
            field("nodes", "(ids: [\"OTHER\"])", Gate::Hidden(&READ_USER, Upon::Another)),
            field("userByEmail", "(email: \"ivo@acme.example\")", LIST),
            field("users", "(first: 1)", LIST),
            field("users", "(first: 1, asOf: { at: \"2020-01-01T00:00:00Z\" })", LIST),
            field("userChanges", "(first: 1, from: { at: \"2020-01-01T00:00:00Z\" })", LIST),
            field("projectionRebuild", "", AUDIT),
            field("userStats", "", LIST),
            field("eventCursor", "", AUDIT),
            field("auditLog", "(first: 1)", AUDIT),
            field("refusedAttempts", "(first: 1)", AUDIT),
            field("apiKeys", "(first: 1)", Gate::Needs(&MANAGE_ACCESS, Upon::Account)),
            field("serviceKeys", "(first: 1)", SERVICE_KEYS),
            field("serviceViewer", "", Gate::Service),
        ],
    },
    Type {
        name: "Viewer",
        routes: &[route("{ viewer { % } }", VIEWER, Upon::Oneself)],
        plain: &["user", "account", "apiKey", "session", "actingFor"],
        guarded: &[field("sessions", "", Gate::UponWhom(&MANAGE_ACCESS))],
    },
    Type {
        name: "User",
        routes: &[
            route("{ viewer { user { % } } }", VIEWER, Upon::Oneself),
            route("{ user(id: \"OTHER\") { % } }", OTHER, Upon::Another),
            route("{ users(first: 1, filter: { search: \"ivo\" }) { nodes { % } } }", LIST, Upon::Another),
            route("{ users(first: 1, filter: { search: \"ivo\" }) { edges { node { % } } } }", LIST, Upon::Another),
        ],
        plain: &[
            "id",
            "userId",
            "email",
            "name",
            "role",
            "status",
            "authMethods",
            "createdAt",
            "lastActiveAt",
            "invitation",
            "viewerCan",
            "version",
            "erasedAt",
        ],
        guarded: &[
            field("sessions", "", Gate::UponWhom(&MANAGE_ACCESS)),
            field("apiKeys", "", Gate::UponWhom(&MANAGE_ACCESS)),
            field("history", "(first: 1)", AUDIT),
        ],
    },
    Type {
        name: "Account",
        routes: &[route("{ viewer { account { % } } }", VIEWER, Upon::Oneself)],
        plain: &["id", "name", "slug", "createdAt", "version", "invitationHours", "authMethods"],
        guarded: &[],
    },
    Type {
        name: "AuthMethod",
        routes: &[
            route("{ authMethods { % } }", Gate::Open, Upon::Account),
            route("{ user(id: \"OTHER\") { authMethods { % } } }", OTHER, Upon::Another),
        ],
        plain: &["id", "kind", "label"],
        guarded: &[],
    },
    Type {
        name: "SignInOption",
        routes: &[route("{ signInOptions { % } }", Gate::Open, Upon::Account)],
        plain: &["id", "kind", "label", "url"],
        guarded: &[],
    },
    Type {
        name: "Invitation",
        routes: &[route("{ user(id: \"OTHER\") { invitation { % } } }", OTHER, Upon::Another)],
        plain: &["sentAt", "expiresAt", "delivery"],
        guarded: &[],
    },
    Type {
        name: "Delivery",
        routes: &[route("{ user(id: \"OTHER\") { invitation { delivery { % } } } }", OTHER, Upon::Another)],
        plain: &["state", "at", "attempts", "detail"],
        guarded: &[],
    },
    Type {
        name: "PasswordResetPreview",
        routes: &[route("{ passwordReset(token: \"RESET\") { % } }", Gate::Open, Upon::Account)],
        plain: &["accountName", "accountSlug", "email"],
        guarded: &[],
    },
    Type {
        name: "InvitationPreview",
        routes: &[route("{ invitation(token: \"LINK\") { % } }", Gate::Open, Upon::Account)],
        plain: &["accountName", "accountSlug", "email", "role", "authMethods", "expiresAt"],
        guarded: &[],
    },
    Type {
        name: "ViewerCan",
        routes: &[
            route("{ viewer { user { viewerCan { % } } } }", VIEWER, Upon::Oneself),
            route("{ user(id: \"OTHER\") { viewerCan { % } } }", OTHER, Upon::Another),
        ],
        plain: &[
            "changeRole",
            "changeAuthMethods",
            "rename",
            "deactivate",
            "activate",
            "resendInvitation",
            "revealInvitationLink",
            "delete",
            "erase",
            "leave",
        ],
        guarded: &[],
    },
    Type {
        name: "Possibility",
        routes: &[route("{ user(id: \"OTHER\") { viewerCan { delete { % } } } }", OTHER, Upon::Another)],
        plain: &["allowed", "code", "message"],
        guarded: &[],
    },
    Type {
        name: "UserConnection",
        routes: &[route("{ users(first: 1) { % } }", LIST, Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "totalCount", "asOf"],
        guarded: &[],
    },
    Type {
        name: "ResolvedMoment",
        routes: &[route("{ users(first: 1, asOf: { at: \"THEN\" }) { asOf { % } } }", LIST, Upon::Account)],
        plain: &["at", "event"],
        guarded: &[],
    },
    Type {
        name: "UserChangeConnection",
        routes: &[route("{ userChanges(first: 1, from: { at: \"2020-01-01T00:00:00Z\" }) { % } }", LIST, Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "from", "to", "completeUntil"],
        guarded: &[],
    },
    Type {
        name: "UserChangeEdge",
        routes: &[route("{ userChanges(first: 1, from: { at: \"2020-01-01T00:00:00Z\" }) { edges { % } } }", LIST, Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
    Type {
        name: "UserChange",
        routes: &[route("{ userChanges(first: 1, from: { at: \"2020-01-01T00:00:00Z\" }) { nodes { % } } }", LIST, Upon::Account)],
        plain: &["kind", "before", "after"],
        guarded: &[],
    },
    Type {
        name: "ProjectionRebuild",
        routes: &[route("{ projectionRebuild { % } }", AUDIT, Upon::Account)],
        plain: &["startedAt", "finishedAt", "progress"],
        guarded: &[],
    },
    Type {
        name: "UserEdge",
        routes: &[route("{ users(first: 1) { edges { % } } }", LIST, Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
    Type {
        name: "EventConnection",
        routes: &[route("{ auditLog(first: 1) { % } }", AUDIT, Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "totalCount", "completeUntil"],
        guarded: &[],
    },
    Type {
        name: "EventEdge",
        routes: &[route("{ auditLog(first: 1) { edges { % } } }", AUDIT, Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
    Type {
        name: "RefusedAttemptConnection",
        routes: &[route("{ refusedAttempts(first: 1) { % } }", AUDIT, Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "totalCount"],
        guarded: &[],
    },
    Type {
        name: "RefusedAttemptEdge",
        routes: &[route("{ refusedAttempts(first: 1) { edges { % } } }", AUDIT, Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
    Type {
        name: "RefusedAttempt",
        routes: &[route("{ refusedAttempts(first: 1) { nodes { % } } }", AUDIT, Upon::Account)],
        plain: &["id", "at", "operation", "code", "actor", "user", "requestId", "address", "summary"],
        guarded: &[],
    },
    Type {
        name: "PageInfo",
        routes: &[route("{ users(first: 1) { pageInfo { % } } }", LIST, Upon::Account)],
        plain: &["hasPreviousPage", "hasNextPage", "startCursor", "endCursor"],
        guarded: &[],
    },
    Type {
        name: "UserStats",
        routes: &[route("{ userStats { % } }", LIST, Upon::Account)],
        plain: &["total", "byStatus", "byRole", "activeInLast30Days"],
        guarded: &[],
    },
    Type {
        name: "StatusCount",
        routes: &[route("{ userStats { byStatus { % } } }", LIST, Upon::Account)],
        plain: &["status", "count"],
        guarded: &[],
    },
    Type {
        name: "RoleCount",
        routes: &[route("{ userStats { byRole { % } } }", LIST, Upon::Account)],
        plain: &["role", "count"],
        guarded: &[],
    },
    Type {
        name: "Session",
        routes: &[
            route("{ viewer { session { % } } }", VIEWER, Upon::Oneself),
            route("{ user(id: \"MEMBER\") { sessions { % } } }", Gate::Needs(&MANAGE_ACCESS, Upon::Another), Upon::Another),
        ],
        plain: &["id", "startedAt", "lastSeenAt", "expiresAt", "authMethod", "address", "userAgent", "isCurrent"],
        guarded: &[],
    },
    Type {
        name: "ApiKey",
        routes: &[
            route("{ viewer { apiKey { % } } }", VIEWER, Upon::Oneself),
            route("{ apiKeys(first: 1) { nodes { % } } }", Gate::Needs(&MANAGE_ACCESS, Upon::Account), Upon::Account),
        ],
        plain: &["id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt", "revokedAt", "owner"],
        guarded: &[],
    },
    Type {
        name: "ApiKeyConnection",
        routes: &[route("{ apiKeys(first: 1) { % } }", Gate::Needs(&MANAGE_ACCESS, Upon::Account), Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "totalCount"],
        guarded: &[],
    },
    Type {
        name: "ApiKeyEdge",
        routes: &[route("{ apiKeys(first: 1) { edges { % } } }", Gate::Needs(&MANAGE_ACCESS, Upon::Account), Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
    Type {
        name: "ServiceViewer",
        routes: &[route("{ serviceViewer { % } }", Gate::Service, Upon::Account)],
        plain: &["serviceKey", "account"],
        guarded: &[],
    },
    Type {
        name: "ServiceKey",
        routes: &[
            route("{ serviceViewer { serviceKey { % } } }", Gate::Service, Upon::Account),
            route("{ serviceKeys(first: 1) { nodes { % } } }", SERVICE_KEYS, Upon::Account),
        ],
        plain: &["id", "name", "scopes", "createdAt", "expiresAt", "lastUsedAt", "revokedAt"],
        guarded: &[],
    },
    Type {
        name: "ServiceKeyConnection",
        routes: &[route("{ serviceKeys(first: 1) { % } }", SERVICE_KEYS, Upon::Account)],
        plain: &["edges", "nodes", "pageInfo", "totalCount"],
        guarded: &[],
    },
    Type {
        name: "ServiceKeyEdge",
        routes: &[route("{ serviceKeys(first: 1) { edges { % } } }", SERVICE_KEYS, Upon::Account)],
        plain: &["cursor", "node"],
        guarded: &[],
    },
];
