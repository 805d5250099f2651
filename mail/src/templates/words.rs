//! What a mail says, and the one page that says it: as text and as HTML from the same words.

use askama::Template;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::brand::Brand;
use crate::language::Language;
use crate::message::{Mail, MailError, MailField, line};

/// Longest name that is printed in a body, in characters.
const MAX_NAME: usize = 120;

/// The words of one mail, from the top to the bottom.
pub(crate) struct Words {
    pub(crate) language: Language,
    pub(crate) subject: String,
    /// What lists of mails show after the subject. It is hidden in the HTML, and no part of the text.
    pub(crate) preview: String,
    pub(crate) heading: Paragraph,
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) button: Option<Button>,
    /// What is to know about the button.
    pub(crate) after: Vec<Paragraph>,
    /// The small print: what it means for those who did not expect the mail.
    pub(crate) footer: Paragraph,
}

/// One paragraph. Text has it on one line, which the reader's program breaks as its window is wide.
pub(crate) type Paragraph = Vec<Span>;

/// Words with the same style.
pub(crate) struct Span {
    words: String,
    /// Whether a user chose these words: their text direction must not affect the words around them.
    is_name: bool,
    strong: bool,
}

/// The one thing to do.
pub(crate) struct Button {
    pub(crate) label: String,
    pub(crate) link: String,
}

/// Our own words.
pub(crate) fn ours(words: impl Into<String>) -> Span {
    Span { words: words.into(), is_name: false, strong: false }
}

impl Span {
    /// Words that a user chose, such as a name. They went through [`name`].
    pub(crate) fn name(words: &str) -> Self {
        Self { words: words.to_owned(), is_name: true, strong: false }
    }

    /// The same words in bold letters, where there are some.
    pub(crate) fn strong(self) -> Self {
        Self { strong: true, ..self }
    }
}

impl Words {
    /// Writes the mail of delivery `delivery_id`, dated `written_at`, to this bare address.
    ///
    /// # Errors
    /// When the link is no web address, or the recipient no e-mail address.
    pub(super) fn compose(&self, brand: &Brand, delivery_id: Uuid, written_at: DateTime<Utc>, recipient: &str) -> Result<Mail, MailError> {
        if self.button.as_ref().is_some_and(|button| !is_web_address(&button.link)) {
            return Err(MailError::Link);
        }
        let text = LetterText { words: self }.render().map_err(|_| MailError::Template)?;
        let html = LetterHtml { words: self, brand, account: &name(&brand.account_name, MailField::AccountName)? }
            .render()
            .map_err(|_| MailError::Template)?;
        Ok(Mail::new(delivery_id, written_at, recipient, None, &self.subject, text, html)?.with_logo(brand.logo.clone()))
    }
}

/// Lets a mail with `values` and a `recipient` be written.
macro_rules! composed {
    ($mail:ident as $kind:ident) => {
        impl $mail {
            pub(crate) const KIND: crate::texts::Kind = crate::texts::Kind::$kind;

            /// Writes the mail of delivery `delivery_id` in a language, dated `written_at`.
            ///
            /// # Errors
            /// When a name contains a control character, the link is no web address, or the recipient is no e-mail address.
            pub fn compose(
                &self,
                texts: &crate::MailTexts,
                language: crate::Language,
                delivery_id: uuid::Uuid,
                written_at: chrono::DateTime<chrono::Utc>,
            ) -> Result<crate::Mail, crate::MailError> {
                self.compose_branded(texts, language, &crate::Brand::default(), delivery_id, written_at)
            }

            /// The same, with the band of an account.
            ///
            /// # Errors
            /// Those of `compose`.
            pub fn compose_branded(
                &self,
                texts: &crate::MailTexts,
                language: crate::Language,
                brand: &crate::Brand,
                delivery_id: uuid::Uuid,
                written_at: chrono::DateTime<chrono::Utc>,
            ) -> Result<crate::Mail, crate::MailError> {
                let values = self.values(language)?.plain("recipient", &self.recipient);
                texts.words(Self::KIND, language, values)?.compose(brand, delivery_id, written_at, &self.recipient)
            }
        }
    };
}
pub(super) use composed;

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct LetterText<'a> {
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterHtml<'a> {
    words: &'a Words,
    brand: &'a Brand,
    /// The name of the account.
    account: &'a str,
}

/// A name that a user chose, made safe for printing.
///
/// # Errors
/// When it contains a control character.
pub(super) fn name(value: &str, field: MailField) -> Result<String, MailError> {
    line(value, field, MAX_NAME)
}

/// Whether mail programs will see one link in `link`, from its first to its last character.
fn is_web_address(link: &str) -> bool {
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>`".contains(&byte)))
}
