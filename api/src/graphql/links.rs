//! What the holder of a link may read before using it.

use async_graphql::{Context, SimpleObject};
use chrono::{DateTime, Utc};
use commands::Error;

use super::answer::{app, request};
use super::auth_method::{AuthMethod, configured};
use crate::wire::Role;

/// The content of an invitation. Reading it does not use the invitation up.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct InvitationPreview {
    /// The name of the account.
    pub(super) account_name: String,
    /// The short name of the account in links.
    pub(super) account_slug: String,
    /// The invited e-mail address. The invitation works for no other address.
    pub(super) email: String,
    /// The role that the user will have.
    pub(super) role: Role,
    /// The sign-in methods with which the invitation can be accepted.
    pub(super) auth_methods: Vec<AuthMethod>,
    /// When the link stops working.
    pub(super) expires_at: DateTime<Utc>,
}

/// The content of a password-reset link. Reading it does not use the link up.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct PasswordResetPreview {
    /// The name of the user's account.
    pub(super) account_name: String,
    /// The short name of the account in links.
    pub(super) account_slug: String,
    /// The e-mail address of the user.
    pub(super) email: String,
}

pub(super) async fn preview_invitation(ctx: &Context<'_>, token: &str) -> Result<InvitationPreview, Error> {
    let commands = &app(ctx).commands;
    let preview = commands.preview_invitation(request(ctx), token).await?;
    Ok(InvitationPreview {
        account_name: preview.account.name,
        account_slug: preview.account.slug,
        auth_methods: configured(commands.auth_methods(), &preview.user.auth_methods),
        email: preview.user.email,
        role: preview.user.role.into(),
        expires_at: preview.user.invitation_expires_at,
    })
}

pub(super) async fn preview_password_reset(ctx: &Context<'_>, token: &str) -> Result<PasswordResetPreview, Error> {
    let preview = app(ctx).commands.preview_password_reset(request(ctx), token).await?;
    Ok(PasswordResetPreview { account_name: preview.account.name, account_slug: preview.account.slug, email: preview.user.email })
}
