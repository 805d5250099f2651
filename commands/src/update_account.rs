//! `updateAccount`: what an account decides for itself.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::account::{self, Account, AccountCommand, AccountEvent, Replacement};
use domain::{
    AccountId, BrandColor, InvalidLogo, InvitationHours, Language, Logo, LogoDigest, LogoType, MAX_LOGO_BYTES, Name, Operation, Refusal,
};
use event_store::Lock;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::idempotency::{Done, KeyedRequest};
use crate::unit_of_work::{Claims, Deciding, Handler, Idempotency};
use crate::users::parse_auth_methods;
use crate::{Commands, Context, Error};

/// The fields of an account that change. A field that is `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateAccount {
    /// The new name.
    pub name: Option<String>,
    /// How many hours invitations work from now on.
    pub invitation_hours: Option<i32>,
    /// The ids of all ways to sign in that are offered from now on.
    pub auth_methods: Option<Vec<String>>,
    /// The language of mails to its users from now on.
    pub language: Option<Language>,
    /// The file of the logo from now on, in base64; empty for none.
    pub logo: Option<String>,
    /// The color from now on, such as `#1864ab`; empty for none.
    pub color: Option<String>,
    /// Whether the page for signing in shows everyone what the account is called and looks like.
    pub shows_account: Option<bool>,
    /// The version that the caller saw.
    pub expected_version: Option<u64>,
    /// Makes repeating this request harmless.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

impl Commands {
    /// Changes what an account decides for itself, all or nothing. Answers its version.
    ///
    /// # Errors
    /// Refusals: of the values, `VersionConflict`, `AuthMethodNotOffered`, `AuthMethodInUse`, `IdempotencyKeyReused`.
    pub async fn update_account(&self, ctx: &Context, account_id: AccountId, input: &UpdateAccount) -> Result<u64, Error> {
        let permit = self.authorize(ctx, "updateAccount", Operation::UpdateAccount, account_id, None)?;
        let (logo, file) = input.logo.as_deref().map(parse_logo).transpose()?.unzip();
        let update = account::UpdateAccount {
            name: input.name.as_deref().map(Name::parse).transpose().map_err(Refusal::from)?,
            invitation_hours: input.invitation_hours.map(InvitationHours::parse).transpose().map_err(Refusal::from)?,
            auth_methods: input.auth_methods.as_deref().map(parse_auth_methods).transpose()?,
            language: input.language,
            logo,
            color: input.color.as_deref().map(parse_color).transpose()?,
            shows_account: input.shows_account,
            configured: self.offered(),
            only_way_of_someone: None,
        };
        let request = self.keys.request(input.idempotency_key.as_deref(), input)?;
        // Alone: a command that gives a user ways to sign in shares this lock, so that no user is left without one.
        let claims = Claims::of(&permit).lock(Lock::AccountSettings { account_id }.exclusive());
        self.run(claims, Update { account_id, expected_version: input.expected_version, command: update, file: file.flatten(), request })
            .await
    }
}

struct Update {
    account_id: AccountId,
    expected_version: Option<u64>,
    command: account::UpdateAccount,
    /// The bytes of the new logo.
    file: Option<Vec<u8>>,
    request: Option<KeyedRequest>,
}

impl Handler<u64> for Update {
    fn idempotency(&self) -> Option<Idempotency<'_, u64>> {
        let record = |account_id: AccountId, version: &u64| Some(Done { subject_id: account_id.uuid(), version: *version });
        Some(Idempotency { request: self.request.as_ref()?, repeat: |_, done| Some(done.version), record })
    }

    async fn decide(&self, work: &mut Deciding<'_>) -> Result<u64, Error> {
        let mut update = self.command.clone();
        let mut account = work.load::<Account>(self.account_id).await?;
        if self.expected_version.is_some_and(|expected| expected != account.version) {
            return Err(Refusal::VersionConflict { current: account.version }.into());
        }
        if let Some(kept) = &update.auth_methods {
            update.only_way_of_someone = work.reading()?.find_only_way(kept, &update.configured).await?;
        }
        for event in work.decide(&mut account, AccountCommand::Update(update))? {
            if let AccountEvent::LogoChanged { to, .. } = event {
                work.store_logo(to.zip(self.file.clone()));
            }
        }
        Ok(account.version)
    }
}

/// The logo in this base64, and its file; none if the text is empty.
fn parse_logo(text: &str) -> Result<(Replacement<Logo>, Option<Vec<u8>>), Refusal> {
    if text.is_empty() {
        return Ok((Replacement::None, None));
    }
    let file = BASE64_STANDARD.decode(text).map_err(|_| InvalidLogo)?;
    let bytes = u32::try_from(file.len()).ok().filter(|_| file.len() <= MAX_LOGO_BYTES).ok_or(Refusal::LogoTooLarge)?;
    let logo = Logo { digest: LogoDigest::new(Sha256::digest(&file).into()), media_type: LogoType::of(&file)?, bytes };
    Ok((Replacement::By(logo), Some(file)))
}

/// The color in this text; none if it is empty.
fn parse_color(text: &str) -> Result<Replacement<BrandColor>, Refusal> {
    if text.is_empty() { Ok(Replacement::None) } else { Ok(Replacement::By(BrandColor::parse(text)?)) }
}
