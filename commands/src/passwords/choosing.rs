//! Choosing a password: one place knows what an attacker would try first.

use domain::{NewPassword, Refusal};
use projections::accounts::AccountView;
use projections::users::UserView;
use secrecy::{ExposeSecret, SecretString};

/// Who chooses a password, and where: what others know of them is no good one.
pub(crate) struct Chooser<'a> {
    pub(crate) email: &'a str,
    pub(crate) name: Option<&'a str>,
    pub(crate) account_name: &'a str,
    pub(crate) account_slug: &'a str,
}

impl<'a> Chooser<'a> {
    /// A user of an account.
    pub(crate) fn member(user: &'a UserView, account: &'a AccountView) -> Self {
        Self { email: &user.email, name: user.name.as_deref(), account_name: &account.name, account_slug: &account.slug }
    }

    /// Checks the password that they chose.
    pub(crate) fn parse(&self, password: &SecretString) -> Result<NewPassword, Refusal> {
        let known = [self.email, self.name.unwrap_or_default(), self.account_name, self.account_slug];
        Ok(NewPassword::parse(password.expose_secret(), &known)?)
    }
}
