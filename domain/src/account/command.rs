//! What can be asked of an account.

use crate::{AuthMethodId, AuthMethods, BrandColor, InvitationHours, Language, Logo, Name, Slug};

/// A command to one account's stream.
#[derive(Clone, Debug)]
pub enum AccountCommand {
    /// Begins the stream.
    Open(OpenAccount),
    /// Changes what the account decides for itself.
    Update(UpdateAccount),
}

/// Opens an account.
#[derive(Clone, Debug)]
pub struct OpenAccount {
    /// What people read.
    pub name: Name,
    /// Its part of every link.
    pub slug: Slug,
}

/// Changes what is given; what is absent stays.
#[derive(Clone, Debug)]
pub struct UpdateAccount {
    /// The new name.
    pub name: Option<Name>,
    /// How long invitations work from now on.
    pub invitation_hours: Option<InvitationHours>,
    /// All ways to sign in that are offered from now on.
    pub auth_methods: Option<AuthMethods>,
    /// The language of mails to its users from now on.
    pub language: Option<Language>,
    /// The logo from now on.
    pub logo: Option<Replacement<Logo>>,
    /// The color from now on.
    pub color: Option<Replacement<BrandColor>>,
    /// Whether the page for signing in shows everyone what the account is called and looks like.
    pub shows_account: Option<bool>,
    /// The ways that this Roster is configured for.
    pub configured: AuthMethods,
    /// A way that `auth_methods` would take from a live user who has no other.
    pub only_way_of_someone: Option<AuthMethodId>,
}

/// A new value of what may be absent.
#[derive(Clone, Debug)]
pub enum Replacement<T> {
    /// From now on it is absent.
    None,
    /// From now on it is this.
    By(T),
}

impl<T> Replacement<T> {
    /// The new value.
    #[must_use]
    pub fn value(self) -> Option<T> {
        match self {
            Self::None => None,
            Self::By(value) => Some(value),
        }
    }
}
