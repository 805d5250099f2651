//! What happened to an account.

use serde::{Deserialize, Serialize};

use crate::{AuthMethods, InvitationHours, Language, Name, Slug};

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountEvent {
    /// It was opened.
    Opened {
        /// What people read.
        name: Name,
        /// Its part of every link.
        slug: Slug,
    },
    /// Its name changed; its part of links stays.
    Renamed {
        /// Before.
        from: Name,
        /// After.
        to: Name,
    },
    /// Invitations that are sent from now on work for another time.
    InvitationHoursChanged {
        /// Before.
        from: InvitationHours,
        /// After.
        to: InvitationHours,
    },
    /// It chose which ways to sign in it offers.
    AuthMethodsChanged {
        /// Before; `None` when it had not chosen and offered all that were configured.
        from: Option<AuthMethods>,
        /// After.
        to: AuthMethods,
    },
    /// Mails to its users are written in another language.
    LanguageChanged {
        /// Before.
        from: Language,
        /// After.
        to: Language,
    },
}
