//! What the holder of a link may read before using it.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use commands::Error;

use crate::graphql::accounts::auth_method::{AuthMethod, configured};
use crate::graphql::accounts::brand::Brand;
use crate::graphql::context::{app, request};
use crate::graphql::cost;
use crate::graphql::error::top_level;
use crate::wire::{Language, Role};

/// The content of an invitation. Reading it does not use the invitation up.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct InvitationPreview {
    /// The name of the account.
    pub(in crate::graphql) account_name: String,
    /// The short name of the account in links.
    pub(in crate::graphql) account_slug: String,
    /// The language of the account.
    pub(in crate::graphql) account_language: Language,
    /// How the account shows itself.
    pub(in crate::graphql) account_brand: Brand,
    /// The invited e-mail address. The invitation works for no other address.
    pub(in crate::graphql) email: String,
    /// The role that the user will have.
    pub(in crate::graphql) role: Role,
    /// The sign-in methods with which the invitation can be accepted.
    pub(in crate::graphql) auth_methods: Vec<AuthMethod>,
    /// When the link stops working.
    pub(in crate::graphql) expires_at: DateTime<Utc>,
}

/// The content of a password-reset link. Reading it does not use the link up.
#[derive(Clone, Debug, SimpleObject)]
pub(in crate::graphql) struct PasswordResetPreview {
    /// The name of the user's account.
    pub(in crate::graphql) account_name: String,
    /// The short name of the account in links.
    pub(in crate::graphql) account_slug: String,
    /// The language of the account.
    pub(in crate::graphql) account_language: Language,
    /// How the account shows itself.
    pub(in crate::graphql) account_brand: Brand,
    /// The e-mail address of the user.
    pub(in crate::graphql) email: String,
}

pub(in crate::graphql) async fn preview_invitation(ctx: &Context<'_>, token: &str) -> Result<InvitationPreview, Error> {
    let commands = &app(ctx).commands;
    let preview = commands.preview_invitation(request(ctx), token).await?;
    Ok(InvitationPreview {
        account_brand: Brand::of(app(ctx), &preview.account),
        account_name: preview.account.name,
        account_slug: preview.account.slug,
        account_language: preview.account.language.into(),
        auth_methods: configured(commands.auth_methods(), &preview.user.auth_methods),
        email: preview.user.email,
        role: preview.user.role.into(),
        expires_at: preview.user.invitation_expires_at,
    })
}

pub(in crate::graphql) async fn preview_password_reset(ctx: &Context<'_>, token: &str) -> Result<PasswordResetPreview, Error> {
    let preview = app(ctx).commands.preview_password_reset(request(ctx), token).await?;
    Ok(PasswordResetPreview {
        account_brand: Brand::of(app(ctx), &preview.account),
        account_name: preview.account.name,
        account_slug: preview.account.slug,
        account_language: preview.account.language.into(),
        email: preview.user.email,
    })
}

/// What links are about.
#[derive(Default)]
pub(in crate::graphql) struct LinkQuery;

#[Object]
impl LinkQuery {
    /// The content of an invitation, for the holder of its link. Reading it does not use the invitation up. If it cannot be accepted,
    /// `extensions.code` of the error contains the reason as a `UserErrorCode`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<InvitationPreview>> {
        Some(preview_invitation(ctx, &token).await.map_err(top_level))
    }

    /// The content of a password-reset link, for the holder of the link. Reading it does not use the link up. If the link does not work,
    /// `extensions.code` of the error is `INVALID_RESET_LINK`.
    #[graphql(complexity = "cost::read(child_complexity)")]
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token at the end of the link.")] token: String,
    ) -> Option<Result<PasswordResetPreview>> {
        Some(preview_password_reset(ctx, &token).await.map_err(top_level))
    }
}
