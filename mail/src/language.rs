//! The languages of mails, and what a language says without a text: times, and what stands below a button.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

const MONTHS: [[&str; 12]; 2] = [
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
];

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// The code of the language (BCP 47), which is also the name of its folder of texts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// A time in words, to the nearest hour: `1 hour`, `24 hours`.
    pub(super) fn hours(self, time: TimeDelta) -> String {
        let (less, one, many) = match self {
            Self::English => ("less than an hour", "hour", "hours"),
            Self::German => ("weniger als eine Stunde", "Stunde", "Stunden"),
        };
        match (time + TimeDelta::minutes(30)).num_hours() {
            ..=0 => less.to_owned(),
            1 => format!("1 {one}"),
            hours => format!("{hours} {many}"),
        }
    }

    /// An instant in words: `24 November 2026, 14:05 UTC`.
    pub(super) fn instant(self, at: DateTime<Utc>) -> String {
        let (day, month, year, time) = (at.day(), at.month0() as usize, at.year(), at.format("%H:%M"));
        match self {
            Self::English => format!("{day} {} {year}, {time} UTC", MONTHS[0][month]),
            Self::German => format!("{day}. {} {year}, {time} Uhr (UTC)", MONTHS[1][month]),
        }
    }

    /// What stands before the link below a button.
    pub(super) const fn below_a_button(self) -> &'static str {
        match self {
            Self::English => "Does the button not work? Copy this address into your browser:",
            Self::German => "Funktioniert die Schaltfläche nicht? Kopieren Sie diese Adresse in Ihren Browser:",
        }
    }
}
