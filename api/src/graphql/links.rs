//! What the holder of a link may know before using it.

use async_graphql::{Context, SimpleObject};
use chrono::{DateTime, Utc};
use commands::Error;

use super::answer::{app, request};
use super::auth_method::{AuthMethod, configured};
use crate::wire::Role;

/// What an invitation is about. Looking at it consumes nothing.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct InvitationPreview {
    /// The name of the account to join.
    pub(super) account_name: String,
    /// The account's part of every link.
    pub(super) account_slug: String,
    /// The invited address, the only one that the invitation works for.
    pub(super) email: String,
    /// The role that waits.
    pub(super) role: Role,
    /// The ways in which it can be accepted.
    pub(super) auth_methods: Vec<AuthMethod>,
    /// From this instant on the link is dead.
    pub(super) expires_at: DateTime<Utc>,
}

/// Whose password a link replaces. Looking at it consumes nothing.
#[derive(Clone, Debug, SimpleObject)]
pub(super) struct PasswordResetPreview {
    /// The name of the user's account.
    pub(super) account_name: String,
    /// The account's part of every link.
    pub(super) account_slug: String,
    /// The user's address, with which they sign in.
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
