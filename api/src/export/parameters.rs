//! What an export is asked for: names and texts, from a URL or a command line.

use async_graphql::resolver_utils::EnumType;
use chrono::{DateTime, Utc};
use domain::export::ExportFormat;
use domain::{AuthMethodId, UserId};

use super::table::{Separator, TableForm};
use crate::wire::GivenInstant;

/// Names and texts, to be taken one by one. Names that no one has taken are refused at the end.
pub(crate) struct Parameters {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
}

/// Why an export cannot be what is asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidParameter {
    #[error("there is no such parameter; there are: {}", known.join(", "))]
    Unknown { known: Vec<&'static str> },
    #[error("`{0}` is given more than once")]
    Repeated(&'static str),
    #[error("`{0}` contains a space: in a URL, write + as %2B, such as 2026-11-24T09:30:00%2B01:00")]
    LostPlus(&'static str),
    #[error("`{0}` must be an instant such as 2026-11-24T09:30:00Z, within the years 1 to 9999")]
    NoInstant(&'static str),
    #[error("`{0}` must be the id of a user")]
    NoUser(&'static str),
    #[error("`{0}` must be true or false")]
    NoFlag(&'static str),
    #[error("`{name}` must be one of: {}", choices.join(", "))]
    NoChoice { name: &'static str, choices: Vec<&'static str> },
    #[error("`{0}` must be the id of a way to sign in")]
    NoAuthMethod(&'static str),
    #[error("`{name}` has at most {most} characters")]
    TooLong { name: &'static str, most: usize },
    #[error("`{name}` goes with {with} only")]
    Lonely { name: &'static str, with: &'static str },
}

impl Parameters {
    pub(crate) const fn new(given: Vec<(String, String)>) -> Self {
        Self { given, known: vec![] }
    }

    /// Every text with this name.
    pub(super) fn all(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        self.given.extract_if(.., |(given, _)| given == name).map(|(_, text)| text).collect()
    }

    /// The one text with this name.
    pub(super) fn one(&mut self, name: &'static str) -> Result<Option<String>, InvalidParameter> {
        let mut texts = self.all(name);
        let text = texts.pop();
        if texts.is_empty() { Ok(text) } else { Err(InvalidParameter::Repeated(name)) }
    }

    pub(super) fn instant(&mut self, name: &'static str) -> Result<Option<DateTime<Utc>>, InvalidParameter> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let given = text.parse::<GivenInstant>();
        let given =
            given.map_err(|_| if text.contains(' ') { InvalidParameter::LostPlus(name) } else { InvalidParameter::NoInstant(name) })?;
        Ok(Some(given.get()))
    }

    pub(super) fn user(&mut self, name: &'static str) -> Result<Option<UserId>, InvalidParameter> {
        self.one(name)?.map(|text| text.parse()).transpose().map_err(|_| InvalidParameter::NoUser(name))
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, InvalidParameter> {
        self.one(name)?.map(|text| text.parse()).transpose().map_err(|_| InvalidParameter::NoFlag(name))
    }

    /// One value of an enum of the API, as the API spells it.
    pub(super) fn choice<E: EnumType>(&mut self, name: &'static str) -> Result<Option<E>, InvalidParameter> {
        self.one(name)?.map(|text| choose(name, &text)).transpose()
    }

    /// Values of an enum of the API.
    pub(super) fn choices<E: EnumType>(&mut self, name: &'static str) -> Result<Vec<E>, InvalidParameter> {
        self.all(name).iter().map(|text| choose(name, text)).collect()
    }

    pub(super) fn auth_methods(&mut self, name: &'static str) -> Result<Vec<AuthMethodId>, InvalidParameter> {
        let method = |text: &String| AuthMethodId::parse(text).map_err(|_| InvalidParameter::NoAuthMethod(name));
        self.all(name).iter().map(method).collect()
    }

    /// The form of the export: one of these, the first when nothing is said.
    pub(super) fn format(&mut self, formats: &[ExportFormat]) -> Result<ExportFormat, InvalidParameter> {
        let Some(text) = self.one("format")? else { return Ok(formats[0]) };
        let found = formats.iter().find(|format| format.as_str() == text).copied();
        let choices = || formats.iter().map(|format| format.as_str()).collect();
        found.ok_or_else(|| InvalidParameter::NoChoice { name: "format", choices: choices() })
    }

    /// How a table is written: `separator` and `bom`. A table only.
    pub(super) fn table_form(&mut self, format: ExportFormat) -> Result<TableForm, InvalidParameter> {
        let (separator, bom) = (self.one("separator")?, self.flag("bom")?);
        if format != ExportFormat::Csv {
            let given = separator.as_ref().map(|_| "separator").or(bom.map(|_| "bom"));
            if let Some(name) = given {
                return Err(InvalidParameter::Lonely { name, with: "format=csv" });
            }
        }
        let known = |text: String| Separator::ALL.into_iter().find(|one| one.as_str() == text);
        let choices = || Separator::ALL.map(Separator::as_str).to_vec();
        let separator =
            separator.map(|text| known(text).ok_or_else(|| InvalidParameter::NoChoice { name: "separator", choices: choices() }));
        Ok(TableForm { separator: separator.transpose()?.unwrap_or_default(), bom: bom.unwrap_or_default() })
    }

    /// Refuses names that were not taken.
    pub(super) fn finish(self) -> Result<(), InvalidParameter> {
        if self.given.is_empty() { Ok(()) } else { Err(InvalidParameter::Unknown { known: self.known }) }
    }
}

fn choose<E: EnumType>(name: &'static str, text: &str) -> Result<E, InvalidParameter> {
    let found = E::items().iter().find(|item| item.name == text).map(|item| item.value);
    let choices = || E::items().iter().map(|item| item.name).collect();
    found.ok_or_else(|| InvalidParameter::NoChoice { name, choices: choices() })
}
