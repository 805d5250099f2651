//! Mutations of users: each is one command.

use async_graphql::{Context, Object, Result};
use commands::{Error, RevealedLink};
use domain::AccountId;
use projections::accounts::find_account;

use crate::graphql::context::{app, own_account, request};
use crate::graphql::error::top_level;
use crate::graphql::sessions::payloads::session;
use crate::graphql::users::changed::{ChangedUser, changed};
use crate::graphql::users::inputs::{
    AcceptInvitationInput, ActivateUserInput, DeactivateUserInput, DeleteUserInput, EraseUserInput, InviteUserInput, LeaveAccountInput,
    ResendInvitationInput, RevealInvitationLinkInput, UpdateUserInput,
};
use crate::graphql::users::payloads::{
    AcceptInvitationPayload, ActivateUserPayload, DeactivateUserPayload, DeleteUserPayload, EraseUserPayload, InviteUserPayload,
    LeaveAccountPayload, ResendInvitationPayload, RevealInvitationLinkPayload, UpdateUserPayload,
};
use crate::graphql::users::resend_failed::{ResendFailedInvitationsInput, ResendFailedInvitationsPayload, resend_failed_invitations};
use crate::http::session_cookie::expired_cookie;

/// Mutations for users, their account and sign-in.
#[derive(Default)]
pub(in crate::graphql) struct UserMutation;

#[Object]
impl UserMutation {
    /// Accepts an invitation with a password and signs the user in. An invitation can be accepted once.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token of the invitation and the new credentials.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.accept_invitation(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }

    /// Invites a person by e-mail. The link works for the `invitationHours` of the account. Admins only.
    async fn invite_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to invite.")] input: InviteUserInput,
    ) -> Result<InviteUserPayload> {
        let result = app(ctx).commands.invite_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Changes the role, sign-in methods, access and name of a user in one step. Admins only, except for your own name.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user and the new values.")] input: UpdateUserInput,
    ) -> Result<UpdateUserPayload> {
        let result = app(ctx).commands.update_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Sends a pending or expired invitation again, with a new link and a new expiry. The previous link stops working. Admins only.
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invited user.")] input: ResendInvitationInput,
    ) -> Result<ResendInvitationPayload> {
        let result = app(ctx).commands.resend_invitation(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Sends up to 100 invitations again whose mail failed, each with a new link and a new expiry. If `remaining` is not 0, continue with
    /// `after`. Admins only.
    #[graphql(deprecation = "Use `resendInvitations` with `users: { matching: { filter: { delivery: [FAILED] }, expectedCount } }`.")]
    async fn resend_failed_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which failed invitations to send again.")] input: ResendFailedInvitationsInput,
    ) -> Result<ResendFailedInvitationsPayload> {
        resend_failed_invitations(ctx, own_account(ctx)?, &input.into()).await
    }

    /// Returns the link of a pending invitation, so that you can hand it over yourself. The link and its mail stay unchanged. An event
    /// records who read the link and when. Admins only.
    async fn reveal_invitation_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invited user.")] input: RevealInvitationLinkInput,
    ) -> Result<RevealInvitationLinkPayload> {
        let account_id = own_account(ctx)?;
        let result = app(ctx).commands.reveal_invitation_link(request(ctx), account_id, &input.into()).await;
        revealed(ctx, account_id, result).await
    }

    /// Permanently deletes a user, or revokes a pending invitation. The sessions of the user end. Admins only.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user and the confirmation.")] input: DeleteUserInput,
    ) -> Result<DeleteUserPayload> {
        let result = app(ctx).commands.delete_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Permanently erases the personal data of a deleted user: address, name, IP addresses, and replies of mail servers. The history stays,
    /// and can still be verified, without this data. This cannot be undone; repeating it has no effect. Admins only, not API keys.
    async fn erase_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deleted user and the confirmation.")] input: EraseUserInput,
    ) -> Result<EraseUserPayload> {
        let result = app(ctx).commands.erase_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Deactivates a user. The user's sessions end, and the user cannot sign in until activated again. Admins only.
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user to deactivate.")] input: DeactivateUserInput,
    ) -> Result<DeactivateUserPayload> {
        let result = app(ctx).commands.deactivate_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.without_field("active").into())
    }

    /// Activates a deactivated user. The user can then sign in again. Admins only.
    async fn activate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user to activate.")] input: ActivateUserInput,
    ) -> Result<ActivateUserPayload> {
        let result = app(ctx).commands.activate_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.without_field("active").into())
    }

    /// Deletes your own user. All your sessions end, and your address can be invited again. The last active admin cannot leave.
    async fn leave_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The confirmation.")] input: LeaveAccountInput,
    ) -> Result<LeaveAccountPayload> {
        let result = app(ctx).commands.leave_account(request(ctx), &input.into()).await;
        if result.is_ok() {
            ctx.append_http_header("set-cookie", expired_cookie(&app(ctx).site));
        }
        Ok(changed(ctx, result).await?.into())
    }
}

/// The payload of revealing a link: the link and the user in their current state, or why it was refused.
async fn revealed(ctx: &Context<'_>, account_id: AccountId, result: Result<RevealedLink, Error>) -> Result<RevealInvitationLinkPayload> {
    let (changed_user, token) = match result {
        Ok(RevealedLink { changed, token, .. }) => (Ok(changed), Some(token)),
        Err(error) => (Err(error), None),
    };
    let ChangedUser { user_id, user, user_errors, .. } = changed(ctx, changed_user).await?;
    let account = find_account(&app(ctx).database, account_id).await.map_err(top_level)?;
    let link = token.zip(account).map(|(token, account)| app(ctx).site.invitation_link(&account.slug, &token));
    Ok(RevealInvitationLinkPayload { link, user_id, user, user_errors })
}
