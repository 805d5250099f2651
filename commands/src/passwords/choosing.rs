//! Choosing a password: what an attacker would try first.

use projections::accounts::AccountView;
use projections::users::UserView;

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

    /// The texts whose words an attacker would try first.
    pub(crate) fn known(&self) -> Vec<String> {
        [self.email, self.name.unwrap_or_default(), self.account_name, self.account_slug].map(str::to_owned).into()
    }
}
