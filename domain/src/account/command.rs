//! What can be asked of an account.

use crate::{AuthMethodId, AuthMethods, InvitationHours, Language, Name, Slug};

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
    /// The ways that this Roster is configured for.
    pub configured: AuthMethods,
    /// A way that `auth_methods` would take from a live user who has no other.
    pub only_way_of_someone: Option<AuthMethodId>,
}
