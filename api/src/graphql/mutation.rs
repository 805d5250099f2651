//! What changes users and their account, and who is signed in: each one command, all or nothing.

use async_graphql::{Context, Object, Result};

use super::answer::{app, changed, changed_account, own_account, request, revealed, session};
use super::bulk;
use super::error::top_level;
use super::inputs::{
    AcceptInvitationInput, ActivateUserInput, DeactivateUserInput, DeleteUserInput, EraseUserInput, InviteUserInput, InviteUsersInput,
    LeaveAccountInput, OpenAccountInput, ResendInvitationInput, RevealInvitationLinkInput, SignInInput, UpdateAccountInput,
    UpdateUserInput,
};
use super::payloads::{
    AcceptInvitationPayload, ActivateUserPayload, DeactivateUserPayload, DeleteUserPayload, EraseUserPayload, InviteUserPayload,
    InviteUsersPayload, LeaveAccountPayload, OpenAccountPayload, ResendInvitationPayload, RevealInvitationLinkPayload, SignInPayload,
    SignOutPayload, UpdateAccountPayload, UpdateUserPayload,
};
use super::resend_failed::{ResendFailedInvitationsInput, ResendFailedInvitationsPayload, resend_failed_invitations};
use crate::http::session_cookie::expired_cookie;

/// What changes users and their account, and who is signed in.
#[derive(Default)]
pub(super) struct UserMutation;

#[Object]
impl UserMutation {
    /// Opens the first account with the welcome link that `roster account welcome` prints, and
    /// signs its admin in.
    async fn open_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The welcome link, the account, and its first admin.")] input: OpenAccountInput,
    ) -> Result<OpenAccountPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.open_account(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }

    /// Signs in with e-mail and password.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in, and with what.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.sign_in(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }

    /// Ends the session that asks.
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        app(ctx).commands.sign_out(request(ctx)).await.map_err(top_level)?;
        ctx.append_http_header("set-cookie", expired_cookie(&app(ctx).site));
        Ok(SignOutPayload { user_errors: vec![] })
    }

    /// Accepts an invitation with a password, and signs in. An invitation is accepted once.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link, and how they will sign in.")] input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload> {
        let transport = input.transport;
        let result = app(ctx).commands.accept_invitation(request(ctx), &input.into()).await;
        Ok(session(ctx, transport, result).await?.into())
    }

    /// Invites a person by e-mail. The link works for the `invitationHours` of the account. Admins only.
    async fn invite_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is invited, and as what.")] input: InviteUserInput,
    ) -> Result<InviteUserPayload> {
        let result = app(ctx).commands.invite_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Changes role, sign-in methods, access and name of a user together. Admins only, but for one's own name.
    async fn update_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user, and what changes.")] input: UpdateUserInput,
    ) -> Result<UpdateUserPayload> {
        let result = app(ctx).commands.update_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Sends a pending or expired invitation again: a new link, for a new time; the old link stops working. Admins only.
    async fn resend_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose invitation.")] input: ResendInvitationInput,
    ) -> Result<ResendInvitationPayload> {
        let result = app(ctx).commands.resend_invitation(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Sends up to 100 invitations again whose mail failed, each as `resendInvitation` does: a new link, for a new time. `remaining` says how
    /// many are left; go on with `after`. Admins only.
    async fn resend_failed_invitations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them.")] input: ResendFailedInvitationsInput,
    ) -> Result<ResendFailedInvitationsPayload> {
        resend_failed_invitations(ctx, own_account(ctx)?, &input.into()).await
    }

    /// Shows the link of a pending invitation, to hand it over by another way than mail. The mail is not touched, and the link stays the
    /// same. Everybody who reads the history sees who was shown it, and when. Admins only.
    async fn reveal_invitation_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose link.")] input: RevealInvitationLinkInput,
    ) -> Result<RevealInvitationLinkPayload> {
        let account_id = own_account(ctx)?;
        let result = app(ctx).commands.reveal_invitation_link(request(ctx), account_id, &input.into()).await;
        revealed(ctx, account_id, result).await
    }

    /// Deletes a user for good, or revokes a pending invitation. Their sessions end. Admins only.
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which user, with their address typed again.")] input: DeleteUserInput,
    ) -> Result<DeleteUserPayload> {
        let result = app(ctx).commands.delete_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Forgets for ever what is personal of a deleted user: address, name, from where they were signed in, and what mail servers said of
    /// them. Their history stays, and stays provable, without it. Nobody can undo it, and doing it again does nothing. Admins only, not for
    /// API keys.
    async fn erase_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which deleted user, with their address typed again.")] input: EraseUserInput,
    ) -> Result<EraseUserPayload> {
        let result = app(ctx).commands.erase_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.into())
    }

    /// Takes a user's access: their sessions end, and they cannot sign in until they are activated. Admins only.
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose access is taken.")] input: DeactivateUserInput,
    ) -> Result<DeactivateUserPayload> {
        let result = app(ctx).commands.deactivate_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.without_field("active").into())
    }

    /// Gives a user's access back; they sign in anew. Admins only.
    async fn activate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who gets their access back.")] input: ActivateUserInput,
    ) -> Result<ActivateUserPayload> {
        let result = app(ctx).commands.activate_user(request(ctx), own_account(ctx)?, &input.into()).await;
        Ok(changed(ctx, result).await?.without_field("active").into())
    }

    /// Leaves the account for good: whoever asks is deleted, all their sessions end, and their address is free. The last
    /// active admin cannot leave.
    async fn leave_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One's own address, typed again.")] input: LeaveAccountInput,
    ) -> Result<LeaveAccountPayload> {
        let result = app(ctx).commands.leave_account(request(ctx), &input.into()).await;
        if result.is_ok() {
            ctx.append_http_header("set-cookie", expired_cookie(&app(ctx).site));
        }
        Ok(changed(ctx, result).await?.into())
    }

    /// Changes name, life time of invitations and offered sign-in methods of one's account together. Admins only.
    async fn update_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes of one's account.")] input: UpdateAccountInput,
    ) -> Result<UpdateAccountPayload> {
        let account_id = own_account(ctx)?;
        let result = app(ctx).commands.update_account(request(ctx), account_id, &input.into()).await;
        changed_account(ctx, account_id, result).await
    }

    /// Invites up to 1,000 people by e-mail. Every row is answered by itself: one that is refused takes no other down. Admins only.
    async fn invite_users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who are invited, and as what.")] input: InviteUsersInput,
    ) -> Result<InviteUsersPayload> {
        bulk::invite_users(ctx, own_account(ctx)?, &input.into()).await
    }
}
