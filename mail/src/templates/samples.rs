//! Every mail there is, with words as they might come: what developers look at, and what the tests of all mails walk.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{AccessRemovedMail, AccessRestoredMail, InvitationMail, PasswordResetMail, TestMail};
use crate::brand::{BandColor, Brand, Logo};
use crate::language::Language;
use crate::message::{Mail, MailError};
use crate::texts::MailTexts;

/// When the samples were written: 23 November 2026, 14:05:09 UTC.
pub(super) const WRITTEN_AT: DateTime<Utc> = DateTime::from_timestamp_secs(1_795_442_709).expect("a year that calendars have");

/// A mail of any kind.
#[derive(Clone)]
pub(crate) enum AnyMail {
    Invitation(InvitationMail),
    PasswordReset(PasswordResetMail),
    AccessRemoved(AccessRemovedMail),
    AccessRestored(AccessRestoredMail),
    Test(TestMail),
}

/// A mail with a name of its own.
pub(crate) struct Sample {
    /// For addresses: `access-removed`.
    pub(crate) name: String,
    /// When such a mail is sent.
    pub(crate) about: &'static str,
    pub(crate) mail: AnyMail,
    pub(crate) language: Language,
    /// The band at its top.
    pub(crate) brand: Brand,
}

/// Does the same for each kind of mail.
macro_rules! each {
    ($any:expr, $mail:ident => $then:expr) => {
        match $any {
            AnyMail::Invitation($mail) => $then,
            AnyMail::PasswordReset($mail) => $then,
            AnyMail::AccessRemoved($mail) => $then,
            AnyMail::AccessRestored($mail) => $then,
            AnyMail::Test($mail) => $then,
        }
    };
}

impl AnyMail {
    /// Writes the mail.
    pub(crate) fn compose(
        &self,
        texts: &MailTexts,
        language: Language,
        brand: &Brand,
        delivery_id: Uuid,
        written_at: DateTime<Utc>,
    ) -> Result<Mail, MailError> {
        each!(self, mail => mail.compose_branded(texts, language, brand, delivery_id, written_at))
    }
}

/// All of them, in the order of a user's life.
pub(crate) fn samples() -> Vec<Sample> {
    let long_name = InvitationMail {
        account_name: "The Nordic Cooperative for Atmospheric Research, Long-Range Forecasting and Public Weather Services".to_owned(),
        inviter: Some("anna-margareta.von-essen-lindqvist@forecasting.nordic-atmosphere.example".to_owned()),
        role_label: "Viewer".to_owned(),
        ..invitation()
    };
    let kinds = [
        ("invitation", "A person is invited", AnyMail::Invitation(invitation())),
        ("invitation-long-name", "A person is invited, and names are long", AnyMail::Invitation(long_name)),
        ("invitation-resent", "An invitation is sent again", AnyMail::Invitation(InvitationMail { resent: true, ..invitation() })),
        ("invitation-branded", "A person is invited, by an account with a color and a logo", AnyMail::Invitation(invitation())),
        ("invitation-by-operator", "The operator invites", AnyMail::Invitation(InvitationMail { inviter: None, ..invitation() })),
        ("password-reset", "A user forgot their password", AnyMail::PasswordReset(password_reset())),
        ("access-removed", "A user is deactivated or deleted", AnyMail::AccessRemoved(access_removed())),
        ("access-restored", "A user is activated again", AnyMail::AccessRestored(access_restored())),
        ("test", "The operator types `roster mail test`", AnyMail::Test(test())),
    ];
    let in_all_languages = kinds.into_iter().flat_map(|(name, about, mail): (&str, _, AnyMail)| {
        Language::ALL.map(|language| {
            let ending = if language == Language::English { String::new() } else { format!("-{}", language.code()) };
            let brand = if name.ends_with("-branded") { brand() } else { Brand::default() };
            Sample { name: format!("{name}{ending}"), about, mail: mail.clone(), language, brand }
        })
    });
    in_all_languages.collect()
}

impl Sample {
    /// Writes the mail, always the same.
    pub(crate) fn compose(&self, texts: &MailTexts) -> Result<Mail, MailError> {
        self.mail.compose(texts, self.language, &self.brand, Uuid::nil(), WRITTEN_AT)
    }
}

/// A color, and a ring as a logo.
fn brand() -> Brand {
    let content = include_bytes!("../../templates/mail/sample_logo.png").to_vec();
    Brand {
        account_name: "Acme Observability".to_owned(),
        color: Some(BandColor { fill: "#0b7285".to_owned(), text: "#ffffff".to_owned() }),
        logo: Some(Logo { media_type: "image/png".to_owned(), content }),
    }
}

pub(super) fn invitation() -> InvitationMail {
    InvitationMail {
        account_name: "Acme Observability".to_owned(),
        inviter: Some("ada@acme.example".to_owned()),
        recipient: "grace@acme.example".to_owned(),
        role_label: "Editor".to_owned(),
        link: "https://roster.acme.example/acme/invitations/aBc_dEf-123?lang=en&x=1".to_owned(),
        works_for: TimeDelta::hours(24),
        expires_at: WRITTEN_AT + TimeDelta::hours(24),
        resent: false,
    }
}

fn password_reset() -> PasswordResetMail {
    PasswordResetMail {
        account_name: "Acme Observability".to_owned(),
        recipient: "grace@acme.example".to_owned(),
        link: "https://roster.acme.example/acme/reset-password/aBc_dEf-123".to_owned(),
        works_for: TimeDelta::hours(1),
        expires_at: WRITTEN_AT + TimeDelta::hours(1),
    }
}

fn access_removed() -> AccessRemovedMail {
    AccessRemovedMail { account_name: "Acme Observability".to_owned(), recipient: "grace@acme.example".to_owned() }
}

fn access_restored() -> AccessRestoredMail {
    AccessRestoredMail {
        account_name: "Acme Observability".to_owned(),
        recipient: "grace@acme.example".to_owned(),
        link: "https://roster.acme.example/acme/sign-in".to_owned(),
    }
}

fn test() -> TestMail {
    TestMail { recipient: "ops@acme.example".to_owned(), server: "smtp.acme.example:587".to_owned() }
}

#[cfg(test)]
impl AnyMail {
    /// The kind of its texts, and what they are rendered with.
    pub(crate) fn values(&self, language: Language) -> Result<(crate::texts::Kind, crate::texts::Values), MailError> {
        fn kind<Mail>(kind: crate::texts::Kind, _: &Mail) -> crate::texts::Kind {
            kind
        }
        match self {
            Self::Invitation(mail) => Ok((kind(InvitationMail::KIND, mail), mail.values(language)?.plain("recipient", &mail.recipient))),
            Self::PasswordReset(mail) => {
                Ok((kind(PasswordResetMail::KIND, mail), mail.values(language)?.plain("recipient", &mail.recipient)))
            }
            Self::AccessRemoved(mail) => {
                Ok((kind(AccessRemovedMail::KIND, mail), mail.values(language)?.plain("recipient", &mail.recipient)))
            }
            Self::AccessRestored(mail) => {
                Ok((kind(AccessRestoredMail::KIND, mail), mail.values(language)?.plain("recipient", &mail.recipient)))
            }
            Self::Test(mail) => Ok((kind(TestMail::KIND, mail), mail.values(language)?.plain("recipient", &mail.recipient))),
        }
    }
}
