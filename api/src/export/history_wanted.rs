//! Which part of the history is wanted, and in which form.

use chrono::{DateTime, Utc};
use commands::{Commands, Context, Error};
use domain::export::{ExportFilter, ExportFormat, Exported, RequestExport};
use domain::{AccountId, UserId};
use event_store::{LogFilter, Pool};

use super::Export;
use super::cloud_event::written;
use super::history::{Form, HistoryExport};
use super::parameters::{InvalidParameter, Parameters};
use super::table::TableForm;
use crate::wire::{EventType, names_of_actor, narrow_to_types, spelled};

/// Which part of the history is wanted, and in which form.
#[derive(Debug)]
pub(crate) struct HistoryWanted {
    format: ExportFormat,
    table: TableForm,
    /// Whether what is personal stays sealed.
    sealed: bool,
    from: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
    actor: Option<UserId>,
    subject: Option<UserId>,
    types: Vec<EventType>,
}

impl HistoryWanted {
    /// Reads `format`, `separator`, `bom`, `sealed`, `from`, `before`, `actor`, `subject`, and `type`, which may be repeated.
    pub(crate) fn parse(mut parameters: Parameters) -> Result<Self, InvalidParameter> {
        let format = parameters.format(&[ExportFormat::Ndjson, ExportFormat::Csv])?;
        let wanted = Self {
            format,
            table: parameters.table_form(format)?,
            sealed: parameters.flag("sealed")?.unwrap_or_default(),
            from: parameters.instant("from")?,
            before: parameters.instant("before")?,
            actor: parameters.user("actor")?,
            subject: parameters.user("subject")?,
            types: parameters.choices("type")?,
        };
        parameters.finish()?;
        // A table is made of what is opened.
        if wanted.sealed && wanted.format == ExportFormat::Csv {
            return Err(InvalidParameter::Lonely { name: "sealed", with: "format=ndjson" });
        }
        Ok(wanted)
    }

    /// Whether it is a table that is wanted.
    pub(super) fn is_table(&self) -> bool {
        self.format == ExportFormat::Csv
    }

    /// Begins the export for who may read the audit log, and remembers that it was asked for. It ends where the history ended a
    /// moment before, so the event that says so is not part of it, and it ends however busy the account is.
    ///
    /// # Errors
    /// As [`Commands::request_export`].
    pub(crate) async fn begin(self, ctx: &Context, commands: &Commands, database: &Pool, account_id: AccountId) -> Result<Export, Error> {
        let horizon = commands.event_store().find_horizon(database).await?;
        let filter = self.filter(database, account_id).await?;
        let id = commands.request_export(ctx, &self.request(account_id)).await?;
        let form = match self.format {
            ExportFormat::Ndjson => Form::Ndjson { stays_sealed: self.sealed },
            ExportFormat::Csv => Form::Csv { reader: ctx.actor, table: self.table },
        };
        Ok(Export::History(Box::new(HistoryExport::new(id, account_id, filter, horizon, form, ctx.at))))
    }

    async fn filter(&self, database: &Pool, account_id: AccountId) -> Result<LogFilter, event_store::DatabaseError> {
        let actors = match self.actor {
            Some(id) => Some(names_of_actor(database, account_id, id).await?),
            None => None,
        };
        let filter = LogFilter { from: self.from, before: self.before, actors, subject: self.subject, ..LogFilter::default() };
        Ok(narrow_to_types(filter, &self.types))
    }

    fn request(&self, account_id: AccountId) -> RequestExport {
        let filter = ExportFilter::default()
            .narrowed("from", self.from.map(written))
            .narrowed("before", self.before.map(written))
            .narrowed("actor", self.actor.map(|id| id.to_string()))
            .narrowed("subject", self.subject.map(|id| id.to_string()))
            .narrowed("type", self.types.iter().map(|kind| spelled(*kind).to_owned()));
        RequestExport { account_id, what: Exported::History, format: self.format, filter, sealed: self.sealed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &[(&str, &str)]) -> Result<HistoryWanted, InvalidParameter> {
        HistoryWanted::parse(Parameters::new(given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()))
    }

    #[test]
    fn nothing_asked_is_everything_as_ndjson() {
        let wanted = parse(&[]).expect("nothing is wrong");
        assert_eq!((wanted.format, wanted.sealed, wanted.types.len()), (ExportFormat::Ndjson, false, 0));
        let types = parse(&[("type", "INVITED"), ("type", "EXPORT_REQUESTED"), ("format", "csv")]).expect("nothing is wrong").types;
        assert_eq!(types, [EventType::Invited, EventType::ExportRequested]);
    }

    #[test]
    fn every_instant_has_bounds() {
        let known = |refused: InvalidParameter| if let InvalidParameter::Unknown { known } = refused { known } else { vec![] };
        let history = |given: &[(&str, &str)]| parse(given).err();
        let users = |given: &[(&str, &str)]| {
            let given = given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            super::super::UsersWanted::parse(Parameters::new(given), true).err()
        };
        for (parse, expected) in [
            (&history as &dyn Fn(&[(&str, &str)]) -> Option<InvalidParameter>, &["from", "before"][..]),
            (&users, &["createdFrom", "createdBefore", "lastActiveFrom", "lastActiveBefore", "asOf"]),
        ] {
            let names = known(parse(&[("no such", "")]).expect("it is refused"));
            let takes = |name: &&str, text: &str| *name != "search" && parse(&[(name, text)]).is_none();
            let instants: Vec<_> = names.into_iter().filter(|name| takes(name, "2026-11-24T09:30:00Z")).collect();
            assert_eq!(instants, expected);
            for name in instants {
                for text in ["-4714-11-23T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"] {
                    assert_eq!(parse(&[(name, text)]), Some(InvalidParameter::NoInstant(name)), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_parameter() {
        for (given, said) in [
            (
                &[("form", "csv")][..],
                "there is no such parameter; there are: format, separator, bom, sealed, from, before, actor, subject, type",
            ),
            (&[("format", "xml")], "`format` must be one of: ndjson, csv"),
            (&[("format", "csv"), ("format", "csv")], "`format` is given more than once"),
            (&[("from", "yesterday")], "`from` must be an instant such as 2026-11-24T09:30:00Z, within the years 1 to 9999"),
            (
                &[("from", "2026-11-24T09:30:00 01:00")],
                "`from` contains a space: in a URL, write + as %2B, such as 2026-11-24T09:30:00%2B01:00",
            ),
            (&[("before", "2026-11-24")], "`before` must be an instant such as 2026-11-24T09:30:00Z, within the years 1 to 9999"),
            (&[("actor", "eve")], "`actor` must be the id of a user"),
            (&[("subject", "")], "`subject` must be the id of a user"),
            (&[("sealed", "yes")], "`sealed` must be true or false"),
            (&[("sealed", "true"), ("format", "csv")], "`sealed` goes with format=ndjson only"),
            (&[("bom", "true")], "`bom` goes with format=csv only"),
        ] {
            assert_eq!(parse(given).expect_err("it is refused").to_string(), said, "{given:?}");
        }
        let types = parse(&[("type", "invited")]).expect_err("it is refused").to_string();
        assert!(types.starts_with("`type` must be one of: INVITED, INVITATION_RESENT, "), "{types}");
    }
}
