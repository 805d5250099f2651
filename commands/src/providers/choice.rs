//! One address in several accounts: the person who has proven it chooses.

use chrono::{DateTime, TimeDelta, Utc};
use domain::user::Status;
use domain::{AccountId, AuthMethodId, EmailAddress, ProviderIdentity, Refusal, UserId};
use projections::accounts::{AccountView, find_account};
use projections::memberships::{Membership, list_memberships};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::attempt::hash;
use crate::{Commands, Context, Error, SignedIn};

/// How long a choice is open, in minutes.
const MINUTES: i64 = 10;

/// An account that can be chosen.
#[derive(Clone, Debug)]
pub struct AccountChoice {
    /// The account.
    pub account: AccountView,
    /// What chooses it, for ten minutes and for the browser that was at the provider.
    pub token: SecretString,
}

/// The contents of the token of a choice: signed, so that only Roster can make it. The person whom it names holds it.
#[derive(Serialize, Deserialize)]
struct Chosen {
    /// The same for all accounts that may be chosen from; no two choices are the same text.
    choice: Uuid,
    account: Uuid,
    browser: [u8; 32],
    until: DateTime<Utc>,
    auth_method: AuthMethodId,
    issuer: String,
    subject: String,
    email: Option<String>,
}

impl Commands {
    /// Starts a session in the account that was chosen, with a token of [`AccountChoice`] and what the browser keeps. One of the choices
    /// works, once, and only until the sessions of its user are ended.
    ///
    /// # Errors
    /// Refusals: `ProviderSignInFailed` for another browser, another token or a late one, and those of
    /// [`sign_in_with_provider`](Self::sign_in_with_provider).
    pub async fn sign_in_to_choice(&self, ctx: &Context, token: &str, browser: &str) -> Result<SignedIn, Error> {
        let chosen = self.tokens.read_choice(token).and_then(|bytes| serde_json::from_slice::<Chosen>(&bytes).ok());
        let chosen = chosen.filter(|chosen| chosen.browser == hash(browser) && ctx.at < chosen.until);
        let Chosen { account, auth_method, issuer, subject, email, .. } = chosen.ok_or(Refusal::ProviderSignInFailed)?;
        let email = email.and_then(|email| EmailAddress::parse(&email).ok());
        let identity = ProviderIdentity { auth_method, issuer, subject, email_verified: email.is_some(), email };
        let account = find_account(&self.pool, AccountId::new(account)).await?.ok_or(Refusal::ProviderSignInFailed)?;
        self.sign_in_to(ctx, &account, &identity, Some(&hash(token))).await
    }

    /// The accounts where a person could sign in, and who they are there.
    pub(super) async fn accounts_to_choose_from(&self, ctx: &Context, identity: &ProviderIdentity) -> Result<Vec<Membership>, Error> {
        let ProviderIdentity { auth_method, issuer, subject, .. } = identity;
        let memberships = list_memberships(&self.pool, auth_method, issuer, subject, identity.verified_email()).await?;
        let is_open =
            |m: &Membership| m.status == Status::Active && m.allows && !m.is_other && self.offered_by(&m.account).contains(auth_method);
        let (open, closed): (Vec<_>, Vec<_>) = memberships.into_iter().partition(is_open);
        if !open.is_empty() {
            return Ok(open);
        }
        // Only who has proven the address is told why.
        let Some(membership) = closed.iter().min_by_key(|membership| membership.status != Status::Invited) else {
            return Err(unknown(identity).into());
        };
        let refused = Err(match membership {
            Membership { status: Status::Invited, .. } => Refusal::InvitationNotAccepted,
            Membership { status: Status::Inactive | Status::Deleted, .. } => Refusal::AccessDeactivated,
            Membership { is_other: true, .. } => Refusal::ProviderAccountDiffers,
            _ => Refusal::AuthMethodNotAllowed,
        }
        .into());
        self.note_provider_refusal(ctx, &membership.account, identity, &refused).await;
        refused
    }

    /// A token for each account, and a row for each token.
    pub(super) async fn choices(
        &self,
        ctx: &Context,
        identity: &ProviderIdentity,
        memberships: Vec<Membership>,
        browser: &str,
    ) -> Result<Vec<AccountChoice>, Error> {
        let (choice_id, browser, until) = (Uuid::now_v7(), hash(browser), ctx.at + TimeDelta::minutes(MINUTES));
        let users: Vec<_> = memberships.iter().map(|membership| membership.user_id.uuid()).collect();
        let choice = |membership: Membership| {
            let chosen = Chosen {
                choice: choice_id,
                account: membership.account.id.uuid(),
                browser,
                until,
                auth_method: identity.auth_method.clone(),
                issuer: identity.issuer.clone(),
                subject: identity.subject.clone(),
                email: identity.verified_email().map(|email| email.as_given().to_owned()),
            };
            let bytes = serde_json::to_vec(&chosen).expect("texts and numbers are JSON");
            AccountChoice { account: membership.account, token: self.tokens.choice(&bytes) }
        };
        let choices: Vec<_> = memberships.into_iter().map(choice).collect();
        let tokens: Vec<_> = choices.iter().map(|choice| hash(choice.token.expose_secret()).to_vec()).collect();
        let insert = sqlx::query!(
            r#"
            insert into provider_sign_ins (state_hash, browser_hash, auth_method, user_id, choice_id, expires_at)
            select c.token_hash, $1, $2, c.user_id, $3, $4
            from unnest($5::bytea[], $6::uuid[]) as c (token_hash, user_id)
            "#,
            browser.as_slice(),
            identity.auth_method.as_str(),
            choice_id,
            until,
            &tokens,
            &users,
        );
        insert.execute(&self.pool).await?;
        Ok(choices)
    }
}

/// Uses a choice up, and with it the others of the same person, in the transaction that signs in. A command that ends the sessions of the
/// user holds the same lock: no session begins by an older choice after that.
///
/// # Errors
/// Refusal: `ProviderSignInFailed` where it was used, has ended, or signs in another user; then the transaction must not be committed.
pub(crate) async fn use_choice(
    connection: &mut PgConnection,
    token_hash: &[u8; 32],
    user_id: UserId,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let delete = sqlx::query!(
        r#"
        delete from provider_sign_ins
        where state_hash = any(array(
            select other.state_hash
            from provider_sign_ins chosen
            join provider_sign_ins other on other.choice_id = chosen.choice_id
            where chosen.state_hash = $1 and chosen.user_id = $2 and chosen.expires_at > $3
            order by other.state_hash
            for update of other
        ))
        returning state_hash
        "#,
        token_hash.as_slice(),
        user_id.uuid(),
        at,
    );
    let used = delete.fetch_all(connection).await?;
    if used.iter().any(|row| row.state_hash == token_hash) { Ok(()) } else { Err(Refusal::ProviderSignInFailed.into()) }
}

/// Why an identity belongs to no user.
pub(super) fn unknown(identity: &ProviderIdentity) -> Refusal {
    if identity.verified_email().is_some() { Refusal::NotInvited } else { Refusal::ProviderEmailUnverified }
}

/// Deletes the sign-ins under way and the open choices of a user who is erased.
pub(crate) async fn delete_provider_sign_ins(connection: &mut PgConnection, user_id: UserId) -> Result<(), sqlx::Error> {
    let delete = sqlx::query!("delete from provider_sign_ins where user_id = $1", user_id.uuid());
    delete.execute(connection).await?;
    Ok(())
}

/// Ends the choices that would sign users in, as when their sessions are ended.
pub(crate) async fn end_choices(connection: &mut PgConnection, user_ids: &[UserId]) -> Result<(), sqlx::Error> {
    let ids: Vec<_> = user_ids.iter().map(|id| id.uuid()).collect();
    let delete = sqlx::query!("delete from provider_sign_ins where user_id = any($1) and choice_id is not null", &ids);
    delete.execute(connection).await?;
    Ok(())
}
