//! What a waiting mail says, in the words of its template.

use chrono::{DateTime, Utc};
use commands::mail::{WaitingLetter, WaitingMail};
use domain::Role;
use projections::accounts::{LogoFile, find_logo_of};

use crate::app::App;
use crate::outage::report;
use mail::{AccessRemovedMail, AccessRestoredMail, BandColor, Brand, InvitationMail, Language, Logo, Mail, MailError, PasswordResetMail};

/// The logo that a waiting mail shows. A mail is not held back for a logo that cannot be read.
pub(super) async fn logo(app: &App, mail: &WaitingMail) -> Option<Logo> {
    if !mail.has_logo {
        return None;
    }
    match find_logo_of(&app.database, mail.account_id).await {
        Ok(file) => file.map(|LogoFile { media_type, content }| Logo { media_type, content }),
        Err(error) => {
            report(&error, "the logo of a mail could not be read");
            None
        }
    }
}

/// Writes a waiting mail to be sent `now`. Its links begin with the configured address, whatever request has asked for it.
pub(super) fn compose(app: &App, mail: &WaitingMail, logo: Option<Logo>, now: DateTime<Utc>) -> Result<Mail, MailError> {
    let (account_name, recipient, slug) = (mail.account_name.clone(), mail.to.clone(), &mail.account_slug);
    let (site, texts, language) = (&app.site, &*app.mail_texts, written_in(mail.language));
    let color = mail.color.as_ref().map(|color| BandColor { fill: color.as_str().to_owned(), text: color.text_color().to_owned() });
    let brand = Brand { account_name: account_name.clone(), color, logo };
    let delivery_id = mail.delivery_id.uuid();
    // Of a mail that had to wait, the link works no longer than for what is left of its time.
    let (works_for, expires_at) = (mail.expires_at - now, mail.expires_at);
    match &mail.letter {
        WaitingLetter::Invitation { token, role, inviter, resent, .. } => {
            let (link, role_label) = (site.invitation_link(slug, token), role_label(*role, language).to_owned());
            let (inviter, resent) = (inviter.clone(), *resent);
            let invitation = InvitationMail { account_name, inviter, recipient, role_label, link, works_for, expires_at, resent };
            invitation.compose_branded(texts, language, &brand, delivery_id, now)
        }
        WaitingLetter::PasswordReset { token } => {
            let link = site.password_reset_link(slug, token);
            PasswordResetMail { account_name, recipient, link, works_for, expires_at }.compose_branded(
                texts,
                language,
                &brand,
                delivery_id,
                now,
            )
        }
        WaitingLetter::AccessRemoved => {
            AccessRemovedMail { account_name, recipient }.compose_branded(texts, language, &brand, delivery_id, now)
        }
        WaitingLetter::AccessRestored => {
            let link = site.sign_in_link(slug);
            AccessRestoredMail { account_name, recipient, link }.compose_branded(texts, language, &brand, delivery_id, now)
        }
    }
}

const fn written_in(language: domain::Language) -> Language {
    match language {
        domain::Language::En => Language::English,
        domain::Language::De => Language::German,
    }
}

/// The role as the dashboard calls it in this language.
const fn role_label(role: Role, language: Language) -> &'static str {
    match (language, role) {
        (Language::English, role) => role.label(),
        (Language::German, Role::Viewer) => "Betrachter",
        (Language::German, Role::Editor) => "Bearbeiter",
        (Language::German, Role::Admin) => "Admin",
    }
}
