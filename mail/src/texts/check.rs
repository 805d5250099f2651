//! Whether a text can be used: it contains only what is known and all that is required, whatever may be absent.

use super::kind::{Kind, Placeholder};
use super::values::Values;
use super::{MailTexts, rendered};
use crate::language::Language;

/// What is wrong with a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// From 1, where there is one.
    pub(super) line: Option<usize>,
    pub(super) why: String,
}

impl Flaw {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self { line: None, why: why.into() }
    }

    pub(super) fn of(error: &minijinja::Error) -> Self {
        let why = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
        Self { line: error.line(), why }
    }
}

impl MailTexts {
    /// What is wrong with a text that was added: what it contains, or else what it renders.
    pub(super) fn check(&self, kind: Kind, language: Language, source: &str) -> Vec<Flaw> {
        let template = self.environment.get_template(kind.path(language)).expect("it was added");
        let known = kind.placeholders();
        let mut unknown: Vec<_> = template.undeclared_variables(false).into_iter().collect();
        unknown.retain(|name| !known.iter().any(|(placeholder, _)| placeholder == name));
        unknown.sort();
        let allowed = known.iter().map(|(placeholder, _)| *placeholder).collect::<Vec<_>>().join(", ");
        let mut flaws: Vec<Flaw> = unknown
            .iter()
            .map(|name| Flaw {
                line: line_of(source, name),
                why: format!("the placeholder `{name}` is unknown: this text can contain {allowed}"),
            })
            .collect();
        if flaws.is_empty() {
            for values in combinations(kind) {
                let rendered = template.render(values.context()).map_err(|error| Flaw::of(&error));
                if let Err(flaw) = rendered.and_then(|rendered| rendered::words(&rendered, values.into_link(), language))
                    && !flaws.contains(&flaw)
                {
                    flaws.push(flaw);
                }
            }
        }
        flaws
    }
}

/// Values of a mail, for each combination of what may be absent.
fn combinations(kind: Kind) -> Vec<Values> {
    let choices = kind.placeholders().iter().filter(|(_, is)| matches!(is, Placeholder::MayBeAbsent | Placeholder::Flag)).count();
    let combination = |number: u32| {
        let mut choice = 0;
        kind.placeholders().iter().fold(Values::default(), |values, (placeholder, is)| {
            let is_present = number >> choice & 1 == 1;
            if matches!(is, Placeholder::MayBeAbsent | Placeholder::Flag) {
                choice += 1;
            }
            match is {
                Placeholder::Words => values.plain(placeholder, "words"),
                Placeholder::MayBeAbsent => values.plain(placeholder, if is_present { "words" } else { "" }),
                Placeholder::Flag => values.flag(placeholder, is_present),
                Placeholder::Link => values.link("https://roster.example"),
            }
        })
    };
    (0..1_u32 << choices).map(combination).collect()
}

/// The first line in which a name stands between braces.
fn line_of(source: &str, name: &str) -> Option<usize> {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let names = |line: &str| {
        let inside = line.split('{').skip(1).filter_map(|part| part.split('}').next());
        inside.flat_map(|part| part.split(|character| !is_part(character))).any(|word| word == name)
    };
    source.lines().position(names).map(|index| index + 1)
}
