//! Every mutation, with input that changes nothing even for who may do it.

use serde_json::{Value, json};

use super::rights::{
    MANAGE_ACCESS, MANAGE_ACCOUNT, MANAGE_ADMINS, MANAGE_SERVICE_KEYS, MANAGE_USERS, OWN_ONLY, READ_LINKS, READ_LINKS_OF_ADMINS,
    RENAME_USER, Right, SAVE_VIEWS, SHARE_VIEWS, Upon,
};

/// A mutation as it is tried.
pub(super) struct Command {
    pub(super) mutation: &'static str,
    pub(super) input: Option<Value>,
    /// What it needs; nothing when a link, a password or nothing at all is enough.
    pub(super) needs: Option<(&'static Right, Upon)>,
}

const fn command(mutation: &'static str, input: Value, right: &'static Right, upon: Upon) -> Command {
    Command { mutation, input: Some(input), needs: Some((right, upon)) }
}

const fn public(mutation: &'static str, input: Value) -> Command {
    Command { mutation, input: Some(input), needs: None }
}

/// It ends the session that asks, so it is tried last.
pub(super) const SIGN_OUT: Command = Command { mutation: "signOut", input: None, needs: Some((&OWN_ONLY, Upon::Oneself)) };

/// Every other mutation upon `other`, who is pending, and upon oneself.
pub(super) fn commands(other: &str, oneself: &str) -> Vec<Command> {
    let nowhere = "nobody@acme.example";
    let rows_with_an_admin = ["VIEWER", "ADMIN"].map(|role| json!({ "email": "ada@acme.example", "role": role, "authMethods": [] }));
    vec![
        public("openAccount", json!({ "token": "x", "name": "X", "slug": "xx", "email": nowhere, "password": "x", "transport": "TOKEN" })),
        public("signIn", json!({ "account": "acme", "email": nowhere, "password": "x", "transport": "TOKEN" })),
        public("acceptInvitation", json!({ "token": "x", "password": "x", "transport": "TOKEN" })),
        public("requestPasswordReset", json!({ "account": "acme", "email": nowhere })),
        public("resetPassword", json!({ "token": "x", "newPassword": "x", "transport": "TOKEN" })),
        command("inviteUser", json!({ "email": "ada@acme.example", "role": "VIEWER", "authMethods": [] }), &MANAGE_USERS, Upon::Account),
        command("inviteUser", json!({ "email": "ada@acme.example", "role": "ADMIN", "authMethods": [] }), &MANAGE_ADMINS, Upon::Account),
        command("inviteUsers", json!({ "rows": [] }), &MANAGE_USERS, Upon::Account),
        command("inviteUsers", json!({ "rows": rows_with_an_admin }), &MANAGE_ADMINS, Upon::Account),
        command("updateUser", json!({ "id": other, "expectedVersion": 9999, "role": "ADMIN" }), &MANAGE_ADMINS, Upon::Another),
        command("updateUser", json!({ "id": other, "role": "VIEWER" }), &MANAGE_USERS, Upon::Another),
        // Only admins reach themselves with it, so it concerns an admin.
        command("updateUser", json!({ "id": oneself, "authMethods": ["password"] }), &MANAGE_ADMINS, Upon::Oneself),
        command("updateUser", json!({ "id": oneself, "expectedVersion": 9999, "name": "X" }), &RENAME_USER, Upon::Oneself),
        command("updateUser", json!({ "id": other, "expectedVersion": 9999, "name": "X" }), &RENAME_USER, Upon::Another),
        command("resendInvitation", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_USERS, Upon::Another),
        command("resendFailedInvitations", json!({ "expectedCount": 9999 }), &MANAGE_USERS, Upon::Account),
        command("revealInvitationLink", json!({ "id": other, "expectedVersion": 9999 }), &READ_LINKS, Upon::Another),
        command("revealInvitationLink", json!({ "id": oneself }), &READ_LINKS_OF_ADMINS, Upon::Oneself),
        command("deleteUser", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_USERS, Upon::Another),
        command("eraseUser", json!({ "id": other, "confirmEmail": nowhere }), &MANAGE_ACCOUNT, Upon::Another),
        command("deactivateUser", json!({ "id": other }), &MANAGE_USERS, Upon::Another),
        command("activateUser", json!({ "id": other }), &MANAGE_USERS, Upon::Another),
        command("updateUsers", json!({ "users": { "ids": [] } }), &MANAGE_USERS, Upon::Account),
        command("updateUsers", json!({ "users": { "ids": [] }, "role": "ADMIN" }), &MANAGE_ADMINS, Upon::Account),
        command("resendInvitations", json!({ "users": { "ids": [] } }), &MANAGE_USERS, Upon::Account),
        command("deleteUsers", json!({ "users": { "ids": [] }, "confirmCount": 0 }), &MANAGE_USERS, Upon::Account),
        command("undo", json!({ "target": { "operationId": "none" } }), &MANAGE_USERS, Upon::Account),
        command("updateAccount", json!({}), &MANAGE_ACCOUNT, Upon::Account),
        command("leaveAccount", json!({ "confirmEmail": nowhere }), &OWN_ONLY, Upon::Oneself),
        command("changePassword", json!({ "currentPassword": "x", "newPassword": "x", "transport": "TOKEN" }), &OWN_ONLY, Upon::Oneself),
        command("createApiKey", json!({ "name": "X", "scopes": [] }), &OWN_ONLY, Upon::Oneself),
        // The owner decides, and what belongs to another user does not exist for the caller: so every signed-in user may try.
        command("revokeApiKey", json!({ "id": other }), &OWN_ONLY, Upon::Oneself),
        command("createServiceKey", json!({ "name": "X", "scopes": [] }), &MANAGE_SERVICE_KEYS, Upon::Account),
        command("revokeServiceKey", json!({ "id": other }), &MANAGE_SERVICE_KEYS, Upon::Account),
        command("saveView", json!({ "name": "", "query": "", "shared": false }), &SAVE_VIEWS, Upon::Oneself),
        command("saveView", json!({ "name": "", "query": "", "shared": true }), &SHARE_VIEWS, Upon::Account),
        command("updateView", json!({ "id": other }), &SAVE_VIEWS, Upon::Oneself),
        command("deleteView", json!({ "id": other }), &SAVE_VIEWS, Upon::Oneself),
        command("endSession", json!({ "id": other }), &OWN_ONLY, Upon::Oneself),
        command("endSessions", json!({ "userId": other }), &MANAGE_ACCESS, Upon::Another),
    ]
}
