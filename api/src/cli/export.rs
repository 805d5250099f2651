//! Where an export of the command line goes.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use commands::Commands;
use event_store::Pool;
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use super::output::{self, print_line};
use super::shutdown::on_signal;
use crate::export::{Export, Parameters};

#[derive(Args)]
pub(super) struct OutputArgs {
    /// The file to write. It appears under this name only when it is complete. Default: standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a table is written.
#[derive(Args)]
pub(super) struct TableArgs {
    /// The separator of the cells of a CSV. Spreadsheets of regions with a decimal comma expect a semicolon
    #[arg(long, value_parser = ["comma", "semicolon", "tab"])]
    separator: Option<String>,
    /// Begin a CSV with a byte order mark: without it, Excel does not read the file as UTF-8
    #[arg(long)]
    bom: bool,
}

/// The given arguments, under their names in the API.
#[derive(Default)]
pub(super) struct Given(Vec<(String, String)>);

/// The destination of an export.
pub(super) enum Output {
    Standard,
    File(UnfinishedFile),
}

/// A file that gets its name when it is complete. It is removed if it is dropped before.
pub(super) struct UnfinishedFile {
    file: File,
    unfinished: PathBuf,
    name: PathBuf,
}

impl Given {
    pub(super) fn one(mut self, name: &str, text: Option<String>) -> Self {
        self.0.extend(text.map(|text| (name.to_owned(), text)));
        self
    }

    pub(super) fn all(mut self, name: &str, texts: Vec<String>) -> Self {
        self.0.extend(texts.into_iter().map(|text| (name.to_owned(), text)));
        self
    }

    pub(super) fn flag(self, name: &str, is_given: bool) -> Self {
        self.one(name, is_given.then(|| "true".to_owned()))
    }

    pub(super) fn table(self, TableArgs { separator, bom }: TableArgs) -> Self {
        self.one("separator", separator).flag("bom", bom)
    }

    pub(super) fn parameters(self) -> Parameters {
        Parameters::new(self.0)
    }
}

impl OutputArgs {
    /// Opens the destination before the export is recorded: without a writable file there is no export.
    pub(super) fn open(self) -> Result<Output, Failure> {
        let Some(name) = self.output else { return Ok(Output::Standard) };
        let file = UnfinishedFile::create(&name).map_err(|error| format!("{} cannot be written: {error}", name.display()))?;
        Ok(Output::File(file))
    }
}

impl Output {
    /// Writes the whole export, and shows the progress on a terminal.
    ///
    /// # Errors
    /// When the database is lost, the output does not take it all, or the operator interrupts it. Then no file remains.
    pub(super) async fn write(mut self, mut export: Export, commands: &Commands, database: &Pool, things: &str) -> Result<(), Failure> {
        // It draws on standard error, and only where that is a terminal.
        let progress = ProgressBar::new_spinner();
        progress.set_style(ProgressStyle::with_template("{spinner} {human_pos} {msg}, {elapsed}").expect("the template is whole"));
        progress.set_message(things.to_owned());
        let interrupted = on_signal()?;
        let whole = interrupted.run_until_cancelled(async {
            while let Some(part) = export.next_part(commands, database).await? {
                self.write_part(&part)?;
                progress.set_position(export.count());
            }
            Ok::<_, Failure>(())
        });
        whole.await.ok_or("interrupted: the output is incomplete")??;
        progress.finish_and_clear();
        match self {
            Self::Standard => Ok(()),
            Self::File(file) => {
                let name = file.name.display().to_string();
                file.complete().map_err(|error| format!("{name} cannot be written: {error}"))?;
                print_line!("Wrote {} {things} to {name}.", export.count());
                Ok(())
            }
        }
    }

    fn write_part(&mut self, part: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Standard => output::write(part),
            Self::File(file) => {
                file.file.write_all(part).map_err(|error| format!("{} cannot be written: {error}", file.name.display()).into())
            }
        }
    }
}

impl UnfinishedFile {
    /// Only the owner may read the file, because it contains personal data.
    fn create(name: &Path) -> std::io::Result<Self> {
        let mut unfinished = OsString::from(name);
        unfinished.push(format!(".{}.unfinished", uuid::Uuid::now_v7().simple()));
        let unfinished = PathBuf::from(unfinished);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
        Ok(Self { file, unfinished, name: name.to_owned() })
    }

    fn complete(self) -> std::io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.unfinished, &self.name)
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        // After `complete` nothing has this name any more.
        let _ = fs::remove_file(&self.unfinished);
    }
}
