//! The state of an account, and its decisions.

use serde::{Deserialize, Serialize};

use super::{AccountCommand, AccountEvent, OpenAccount, Replacement, UpdateAccount};
use crate::stream::aggregate;
use crate::{AccountId, AuthMethods, BrandColor, InvitationHours, Language, Logo, Name, Refusal};

/// An account, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// `None` before it was opened.
    name: Option<Name>,
    invitation_hours: InvitationHours,
    /// Its choice; `None` offers all that are configured.
    auth_methods: Option<AuthMethods>,
    language: Language,
    logo: Option<Logo>,
    color: Option<BrandColor>,
    is_shown: bool,
}

aggregate!(
    Account,
    "account",
    AccountId,
    AccountCommand,
    AccountEvent {
        Opened,
        Renamed,
        InvitationHoursChanged,
        AuthMethodsChanged,
        LanguageChanged,
        LogoChanged,
        ColorChanged,
        SignInPageChanged
    }
);

impl Account {
    pub(crate) fn decide_command(&self, command: AccountCommand) -> Result<Vec<AccountEvent>, Refusal> {
        match (command, &self.name) {
            (AccountCommand::Open(OpenAccount { name, slug }), None) => Ok(vec![AccountEvent::Opened { name, slug }]),
            (AccountCommand::Open(_), Some(_)) => Ok(vec![]),
            (AccountCommand::Update(_), None) => Err(Refusal::NotFound),
            (AccountCommand::Update(update), Some(name)) => self.updated(name, update),
        }
    }

    fn updated(&self, name: &Name, update: UpdateAccount) -> Result<Vec<AccountEvent>, Refusal> {
        let mut events = vec![];
        if let Some(to) = update.name
            && to != *name
        {
            events.push(AccountEvent::Renamed { from: name.clone(), to });
        }
        if let Some(to) = update.invitation_hours
            && to != self.invitation_hours
        {
            events.push(AccountEvent::InvitationHoursChanged { from: self.invitation_hours, to });
        }
        if let Some(to) = update.auth_methods
            && to != update.configured.chosen_by(self.auth_methods.as_ref())
        {
            to.within(&update.configured)?;
            if let Some(id) = update.only_way_of_someone {
                return Err(Refusal::AuthMethodInUse { id });
            }
            events.push(AccountEvent::AuthMethodsChanged { from: self.auth_methods.clone(), to });
        }
        if let Some(to) = update.language
            && to != self.language
        {
            events.push(AccountEvent::LanguageChanged { from: self.language, to });
        }
        if let Some(to) = update.logo.map(Replacement::value)
            && to != self.logo
        {
            events.push(AccountEvent::LogoChanged { from: self.logo.clone(), to });
        }
        if let Some(to) = update.color.map(Replacement::value)
            && to != self.color
        {
            events.push(AccountEvent::ColorChanged { from: self.color.clone(), to });
        }
        if let Some(shows_account) = update.shows_account
            && shows_account != self.is_shown
        {
            events.push(AccountEvent::SignInPageChanged { shows_account });
        }
        Ok(events)
    }

    pub(crate) fn apply_event(&mut self, event: AccountEvent) {
        match event {
            AccountEvent::Opened { name, .. } | AccountEvent::Renamed { to: name, .. } => self.name = Some(name),
            AccountEvent::InvitationHoursChanged { to, .. } => self.invitation_hours = to,
            AccountEvent::AuthMethodsChanged { to, .. } => self.auth_methods = Some(to),
            AccountEvent::LanguageChanged { to, .. } => self.language = to,
            AccountEvent::LogoChanged { to, .. } => self.logo = to,
            AccountEvent::ColorChanged { to, .. } => self.color = to,
            AccountEvent::SignInPageChanged { shows_account } => self.is_shown = shows_account,
        }
    }
}
