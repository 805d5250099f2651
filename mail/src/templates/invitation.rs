//! The mail that invites a person into an account.

use chrono::{DateTime, TimeDelta, Utc};

use super::words::{composed, name};
use crate::language::Language;
use crate::message::{MailError, MailField};
use crate::texts::Values;

/// Invites a person into an account.
#[derive(Clone)]
pub struct InvitationMail {
    /// The account's name, as its people know it.
    pub account_name: String,
    /// Who invites, as an e-mail address or a name. `None` when it was the operator of the installation.
    pub inviter: Option<String>,
    /// The invited person's bare address.
    pub recipient: String,
    /// The offered role, as the dashboard calls it.
    pub role_label: String,
    /// The page that accepts the invitation, with its token.
    pub link: String,
    /// How long the link works, from when the mail was asked for; said in whole hours.
    pub works_for: TimeDelta,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
    /// Whether the person was sent an earlier link, which this one replaces.
    pub resent: bool,
}

composed!(InvitationMail as Invitation);

impl InvitationMail {
    pub(crate) fn values(&self, language: Language) -> Result<Values, MailError> {
        let account = name(&self.account_name, MailField::AccountName)?;
        let role = name(&self.role_label, MailField::RoleLabel)?;
        let inviter = self.inviter.as_ref().map(|inviter| name(inviter, MailField::Inviter)).transpose()?;
        Ok(Values::default()
            .name("account", &account)
            .name("inviter", inviter.as_deref().unwrap_or_default())
            .name("role", &role)
            .flag("resent", self.resent)
            .link(&self.link)
            .plain("works_for", &language.hours(self.works_for))
            .plain("expires_at", &language.instant(self.expires_at)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::message::Mail;
    use crate::templates::samples::{WRITTEN_AT, invitation};
    use crate::texts::MailTexts;

    fn compose(invitation: &InvitationMail) -> Mail {
        invitation.compose(&MailTexts::built_in(), Language::English, Uuid::nil(), WRITTEN_AT).unwrap()
    }

    #[test]
    fn an_invitation_says_for_how_long_its_link_works() {
        for (hours, words) in [(1, "works for 1 hour, until"), (72, "works for 72 hours, until")] {
            let mail = compose(&InvitationMail { works_for: TimeDelta::hours(hours), ..invitation() });
            assert!(mail.text().contains(words) && mail.html().contains(words), "{}", mail.text());
        }
    }

    #[test]
    fn an_inviter_without_a_name_is_not_named() {
        for inviter in [None, Some(String::new()), Some(" \u{202e}".to_owned())] {
            let mail = compose(&InvitationMail { inviter, ..invitation() });
            assert_eq!(mail.subject(), "You are invited to Acme Observability");
        }
    }
}
