//! The kinds of mails, and what their texts can contain.

use crate::language::Language;

/// A kind of mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Invitation,
    PasswordReset,
    AccessRemoved,
    AccessRestored,
    Test,
}

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholder {
    /// Words, always.
    Words,
    /// Words that may be absent, for `{% if … %}`.
    MayBeAbsent,
    /// Nothing to print, only for `{% if … %}`.
    Flag,
    /// The button. A text must contain it, as a paragraph of its own.
    Link,
}

/// The texts that Roster comes with.
macro_rules! built_in {
    ($self:ident, $language:ident, $($kind:ident = $file:literal),+) => {
        match ($self, $language) {
            $(
                (Kind::$kind, Language::English) => include_str!(concat!("../../texts/en/", $file)),
                (Kind::$kind, Language::German) => include_str!(concat!("../../texts/de/", $file)),
            )+
        }
    };
}

macro_rules! paths {
    ($self:ident, $language:ident, $($kind:ident = $file:literal),+) => {
        match ($self, $language) {
            $(
                (Kind::$kind, Language::English) => concat!("en/", $file),
                (Kind::$kind, Language::German) => concat!("de/", $file),
            )+
        }
    };
}

macro_rules! of_kinds {
    ($then:ident!($self:ident, $language:ident)) => {
        $then!(
            $self,
            $language,
            Invitation = "invitation.txt",
            PasswordReset = "password-reset.txt",
            AccessRemoved = "access-removed.txt",
            AccessRestored = "access-restored.txt",
            Test = "test.txt"
        )
    };
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Invitation, Self::PasswordReset, Self::AccessRemoved, Self::AccessRestored, Self::Test];

    /// The file in a folder of texts: `en/invitation.txt`.
    pub(super) const fn path(self, language: Language) -> &'static str {
        of_kinds!(paths!(self, language))
    }

    pub(super) const fn built_in(self, language: Language) -> &'static str {
        of_kinds!(built_in!(self, language))
    }

    /// The names of the files, for people.
    pub(super) fn names() -> String {
        Self::ALL.map(|kind| kind.path(Language::English).trim_start_matches("en/")).join(", ")
    }

    /// What its texts can contain.
    pub(crate) const fn placeholders(self) -> &'static [(&'static str, Placeholder)] {
        use Placeholder::{Flag, Link, MayBeAbsent, Words};
        match self {
            Self::Invitation => &[
                ("account", Words),
                ("inviter", MayBeAbsent),
                ("recipient", Words),
                ("role", Words),
                ("link", Link),
                ("works_for", Words),
                ("expires_at", Words),
                ("resent", Flag),
            ],
            Self::PasswordReset => &[("account", Words), ("recipient", Words), ("link", Link), ("works_for", Words), ("expires_at", Words)],
            Self::AccessRemoved => &[("account", Words), ("recipient", Words)],
            Self::AccessRestored => &[("account", Words), ("recipient", Words), ("link", Link)],
            Self::Test => &[("recipient", Words), ("server", Words)],
        }
    }
}
