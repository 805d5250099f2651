//! What happened to an account.

use serde::{Deserialize, Serialize};

use crate::{AuthMethods, BrandColor, InvitationHours, Language, Logo, Name, Slug};

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
    /// Its logo changed. The file is not part of the event.
    LogoChanged {
        /// Before; none if there was none.
        from: Option<Logo>,
        /// After; none if it was removed.
        to: Option<Logo>,
    },
    /// Its color changed.
    ColorChanged {
        /// Before; none if there was none.
        from: Option<BrandColor>,
        /// After; none if it was removed.
        to: Option<BrandColor>,
    },
    /// Its page for signing in shows everyone its name, logo, color and language from now on, or no longer.
    SignInPageChanged {
        /// Whether it shows them.
        shows_account: bool,
    },
}
