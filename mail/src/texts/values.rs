//! The values that a text is rendered with. Each carries marks, so that what it contains is never read as a part of the text.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Kwargs;

/// Begins words that a user chose.
pub(super) const NAME: char = '\u{e000}';
/// Begins other words.
pub(super) const PLAIN: char = '\u{e001}';
/// Ends both.
pub(super) const END: char = '\u{e002}';
/// Stands for the button.
pub(super) const LINK: char = '\u{e003}';

/// The values of one mail.
#[derive(Default)]
pub(crate) struct Values {
    values: BTreeMap<&'static str, Value>,
    link: Option<String>,
}

impl Values {
    /// Words that a user chose, such as a name. Empty words are absent.
    pub(crate) fn name(self, placeholder: &'static str, words: &str) -> Self {
        self.marked(placeholder, NAME, words)
    }

    /// Other words.
    pub(crate) fn plain(self, placeholder: &'static str, words: &str) -> Self {
        self.marked(placeholder, PLAIN, words)
    }

    pub(crate) fn flag(mut self, placeholder: &'static str, flag: bool) -> Self {
        self.values.insert(placeholder, flag.into());
        self
    }

    /// Where the button leads.
    pub(crate) fn link(mut self, link: &str) -> Self {
        self.values.insert("link", LINK.to_string().into());
        self.link = Some(link.to_owned());
        self
    }

    fn marked(mut self, placeholder: &'static str, mark: char, words: &str) -> Self {
        let words: String =
            words.chars().filter(|character| !matches!(*character, NAME | PLAIN | END | LINK) && !character.is_control()).collect();
        let marked = if words.is_empty() { String::new() } else { format!("{mark}{words}{END}") };
        self.values.insert(placeholder, marked.into());
        self
    }

    pub(super) fn context(&self) -> Value {
        self.values.iter().map(|(placeholder, value)| (*placeholder, value.clone())).collect::<Kwargs>().into()
    }

    pub(super) fn into_link(self) -> Option<String> {
        self.link
    }

    #[cfg(test)]
    pub(crate) fn placeholders(&self) -> Vec<&'static str> {
        self.values.keys().copied().collect()
    }
}
