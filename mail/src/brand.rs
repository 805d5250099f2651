//! How an account shows itself in the HTML of its mails: a band with its name, its color and its logo.
//!
//! The logo is part of the mail. So reading a mail asks no server for anything, and mail programs that load no pictures show it.

/// The name that the HTML uses for the logo.
pub(crate) const LOGO_ID: &str = "logo";

/// The band at the top of a mail. It is shown if the account has a color or a logo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The name of the account.
    pub account_name: String,
    /// What fills the band.
    pub color: Option<BandColor>,
    /// The logo.
    pub logo: Option<Logo>,
}

/// A color with that of the text on it, both as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BandColor {
    /// Of the band.
    pub fill: String,
    /// Of the text.
    pub text: String,
}

/// The file of a logo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// What it is, such as `image/png`.
    pub media_type: String,
    /// The bytes.
    pub content: Vec<u8>,
}

impl Brand {
    /// Whether there is a band.
    pub(crate) const fn is_shown(&self) -> bool {
        self.color.is_some() || self.logo.is_some()
    }
}
