//! The texts of mails: for each language a folder with a file for each kind of mail. Operators can replace files by their own.
//!
//! A text is a template of the crate `minijinja`. What it renders is read by `rendered.rs`: headings first, then paragraphs. Every text is checked before a mail is
//! written: it is rendered with every combination of what may be absent. `docs/mail-templates.md` describes the form.

mod check;
mod kind;
mod rendered;
mod values;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use minijinja::{Environment, UndefinedBehavior};

pub(crate) use self::kind::Kind;
pub(crate) use self::values::Values;
use crate::language::Language;
use crate::message::MailError;
use crate::templates::Words;

/// The longest file that is read, in bytes.
const MAX_LENGTH: u64 = 64 * 1024;

/// The texts of all mails in all languages.
pub struct MailTexts {
    environment: Environment<'static>,
}

/// What is wrong with the texts of a folder: each problem with its file, and with its line where there is one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct MailTextsError {
    problems: Vec<String>,
}

impl Default for MailTexts {
    fn default() -> Self {
        Self::built_in()
    }
}

impl MailTexts {
    /// The texts that Roster comes with.
    ///
    /// # Panics
    /// Never: a test reads each of them.
    #[must_use]
    pub fn built_in() -> Self {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for language in Language::ALL {
            for kind in Kind::ALL {
                let added = environment.add_template(kind.path(language), kind.built_in(language));
                added.expect("a test reads each text");
            }
        }
        Self { environment }
    }

    /// The same, with the files of a folder in their place: `en/invitation.txt` replaces the English text of invitations. Files that are missing
    /// keep the text that Roster comes with.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn with_folder(folder: &Path) -> Result<Self, MailTextsError> {
        let mut texts = Self::built_in();
        let mut problems = vec![];
        for file in files(folder, &mut problems) {
            let shown = file.display();
            let known = Language::ALL.into_iter().flat_map(|language| Kind::ALL.map(|kind| (language, kind)));
            let named = known.into_iter().find(|(language, kind)| file == folder.join(kind.path(*language)));
            let Some((language, kind)) = named else {
                problems.push(format!("{shown}: there is no such text. Languages are en and de; texts are {}", Kind::names()));
                continue;
            };
            match read(&file) {
                Ok(source) => {
                    let found = texts.replace(kind, language, source);
                    problems.extend(found.into_iter().map(|flaw| match flaw.line {
                        Some(line) => format!("{shown}:{line}: {}", flaw.why),
                        None => format!("{shown}: {}", flaw.why),
                    }));
                }
                Err(why) => problems.push(format!("{shown}: {why}")),
            }
        }
        if problems.is_empty() { Ok(texts) } else { Err(MailTextsError { problems }) }
    }

    fn replace(&mut self, kind: Kind, language: Language, source: String) -> Vec<check::Flaw> {
        if let Err(error) = self.environment.add_template_owned(kind.path(language), source.clone()) {
            return vec![check::Flaw::of(&error)];
        }
        self.check(kind, language, &source)
    }

    /// The words of a mail.
    pub(crate) fn words(&self, kind: Kind, language: Language, values: Values) -> Result<Words, MailError> {
        let template = self.environment.get_template(kind.path(language)).map_err(|_| MailError::Template)?;
        let rendered = template.render(values.context()).map_err(|_| MailError::Template)?;
        rendered::words(&rendered, values.into_link(), language).map_err(|_| MailError::Template)
    }
}

impl fmt::Display for MailTextsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the texts of mails cannot be used:\n{}", self.problems.join("\n"))
    }
}

/// The files of a folder and of the folders in it, by name. Hidden files are left out.
fn files(folder: &Path, problems: &mut Vec<String>) -> Vec<PathBuf> {
    let mut files = vec![];
    let mut entries = |folder: &Path| match fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect()) {
        Ok(paths) => {
            let mut paths: Vec<PathBuf> = paths;
            paths.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
            paths.sort();
            paths
        }
        Err(error) => {
            problems.push(format!("{}: {error}", folder.display()));
            vec![]
        }
    };
    for entry in entries(folder) {
        if entry.is_dir() { files.extend(entries(&entry)) } else { files.push(entry) }
    }
    files
}

fn read(file: &Path) -> Result<String, String> {
    let length = fs::metadata(file).map_err(|error| error.to_string())?.len();
    if length > MAX_LENGTH {
        return Err(format!("it is longer than {MAX_LENGTH} bytes"));
    }
    fs::read_to_string(file).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
