//! Every mutation, with input that changes nothing even for who may do it.

use serde_json::{Value, json};

use super::rights::{
    MANAGE_ACCESS, MANAGE_ACCOUNT, MANAGE_ADMINS, MANAGE_SERVICE_KEYS, MANAGE_USERS, OWN_ONLY, READ_LINKS, READ_LINKS_OF_ADMINS,
    RENAME_USER, Right, Upon,
};

/// A mutation as it is tried.
pub(super) struct Deed {
    pub(super) mutation: &'static str,
    pub(super) input: Option<Value>,
    /// What it needs; nothing when whoever holds a link, a password or nothing at all may do it.
    pub(super) needs: Option<(&'static Right, Upon)>,
}

const fn deed(mutation: &'static str, input: Value, right: &'static Right, upon: Upon) -> Deed {
    Deed { mutation, input: Some(input), needs: Some((right, upon)) }
}

const fn public(mutation: &'static str, input: Value) -> Deed {
    Deed { mutation, input: Some(input), needs: None }
}

/// It ends the session that asks, so it is tried last.
pub(super) const SIGN_OUT: Deed = Deed { mutation: "signOut", input: None, needs: Some((&OWN_ONLY, Upon::Oneself)) };

/// Every other mutation upon `other`, who is pending, and upon oneself.
pub(super) fn deeds(other: &str, oneself: &str) -> Vec<Deed> {
    let nowhere = "nobody@acme.example";
    let rows_with_an_admin = ["VIEWER", "ADMIN"].map(|role| json!({ "email": "ada@acme.example", "role": role, "authMethods": [] }));
    vec![
        public("openAccount", json!({ "token": "x", "name": "X", "slug": "xx", "email": nowhere, "password": "x", "transport": "TOKEN" })),
        public("signIn", json!({ "account": "acme", "email": nowhere, "password": "x", "transport": "TOKEN" })),
        public("acceptInvitation", json!({ "token": "x", "password": "x", "transport": "TOKEN" })),
        public("requestPasswordReset", json!({ "account": "acme", "email": nowhere })),
        public("resetPassword", json!({ "token": "x", "newPassword": "x", "transport": "TOKEN" })),
        deed("inviteUser", json!({ "email": "ada@acme.example", "role": "VIEWER", "authMethods": [] }), &MANAGE_USERS, Upon::Account),
        deed("inviteUser", json!({ "email": "ada@acme.example", "role": "ADMIN", "authMethods": [] }), &MANAGE_ADMINS, Upon::Account),
        deed("inviteUsers", json!({ "rows": [] }), &MANAGE_USERS, Upon::Account),
        deed("inviteUsers", json!({ "rows": rows_with_an_admin }), &MANAGE_ADMINS, Upon::Account),
        deed("updateUser", json!({ "id": other, "expectedVersion": 9999, "role": "ADMIN" }), &MANAGE_ADMINS, Upon::Another),
        deed("updateUser", json!({ "id": other, "role": "VIEWER" }), &MANAGE_USERS, Upon::Another),
        // Only admins reach themselves with it, so it concerns an admin.
        deed("updateUser", json!({ "id": oneself, "authMethods": ["password"] }), &MANAGE_ADMINS, Upon::Oneself),
        deed("updateUser", json!({ "id": oneself, "expectedVersion": 9999, "name": "X" }), &RENAME_USER, Upon::Oneself),
        deed("updateUser", json!({ "id": other, "expectedVersion": 9999, "name": "X" }), &RENAME_USER, Upon::Another),
        deed("resendInvitation", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_USERS, Upon::Another),
        deed("resendFailedInvitations", json!({ "expectedCount": 9999 }), &MANAGE_USERS, Upon::Account),
        deed("revealInvitationLink", json!({ "id": other, "expectedVersion": 9999 }), &READ_LINKS, Upon::Another),
        deed("revealInvitationLink", json!({ "id": oneself }), &READ_LINKS_OF_ADMINS, Upon::Oneself),
        deed("deleteUser", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_USERS, Upon::Another),
        deed("eraseUser", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_ACCOUNT, Upon::Another),
        deed("deactivateUser", json!({ "id": other }), &MANAGE_USERS, Upon::Another),
        deed("activateUser", json!({ "id": other }), &MANAGE_USERS, Upon::Another),
        deed("updateAccount", json!({}), &MANAGE_ACCOUNT, Upon::Account),
        deed("leaveAccount", json!({ "confirmEmail": nowhere }), &OWN_ONLY, Upon::Oneself),
        deed("changePassword", json!({ "currentPassword": "x", "newPassword": "x", "transport": "TOKEN" }), &OWN_ONLY, Upon::Oneself),
        deed("createApiKey", json!({ "name": "X", "scopes": [] }), &OWN_ONLY, Upon::Oneself),
        // Whose it is decides, and that of another is as good as one that does not exist: so whoever is signed in may try.
        deed("revokeApiKey", json!({ "id": other }), &OWN_ONLY, Upon::Oneself),
        deed("createServiceKey", json!({ "name": "X", "scopes": [] }), &MANAGE_SERVICE_KEYS, Upon::Account),
        deed("revokeServiceKey", json!({ "id": other }), &MANAGE_SERVICE_KEYS, Upon::Account),
        deed("endSession", json!({ "id": other }), &OWN_ONLY, Upon::Oneself),
        deed("endSessions", json!({ "userId": other }), &MANAGE_ACCESS, Upon::Another),
    ]
}
