//! Where the master keys come from.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use event_store::{MasterKey, MasterKeys};

use super::Failure;

/// The key that wraps every person's key. Whoever has it and the database can read everything; without it nobody can read what
/// is personal in the history. Keep it apart from the database and its backups. Two keys are given only while one takes the other's place.
#[derive(Args, Clone)]
pub(super) struct MasterKeyArgs {
    /// 32 bytes in base64, as `roster keys generate` makes them; behind a comma, further keys that still open (see `roster keys`)
    #[arg(long, env = "ROSTER_MASTER_KEY", hide_env_values = true, value_name = "BASE64", conflicts_with = "master_key_file")]
    master_key: Option<String>,
    /// A file that holds the master key; in further lines, further keys that still open
    #[arg(long, env = "ROSTER_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,
}

impl MasterKeyArgs {
    /// The configured keys, else those in the data folder; when `may_make`, one is made there at the first start.
    pub(super) fn read(&self, data_dir: Option<&Path>, may_make: bool) -> Result<MasterKeys, Failure> {
        if let Some(text) = &self.master_key {
            return Ok(MasterKeys::parse(text)?);
        }
        let in_folder = data_dir.map(|folder| folder.join("master.key"));
        let (file, ours) = match (&self.master_key_file, in_folder) {
            (Some(file), _) => (file.clone(), false),
            (None, Some(file)) => (file, true),
            (None, None) => return Err("set ROSTER_MASTER_KEY or ROSTER_MASTER_KEY_FILE: make a key with `roster keys generate`".into()),
        };
        match fs::read_to_string(&file) {
            Ok(text) => MasterKeys::parse(&text).map_err(|error| format!("{}: {error}", file.display()).into()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound && ours && may_make => Ok(make(&file)?.into()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound && ours => Err(format!(
                "{} is missing, but the database holds a history that was sealed with it: put the file back, or delete the data folder to start over",
                file.display()
            )
            .into()),
            Err(error) => Err(format!("{} cannot be read: {error}", file.display()).into()),
        }
    }
}

/// Writes a new key so that a crash leaves a whole one or none.
fn make(file: &Path) -> Result<MasterKey, Failure> {
    let key = MasterKey::generate()?;
    let unfinished = file.with_extension("unfinished");
    let mut options = OpenOptions::new();
    let mut written = options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    writeln!(written, "{}", key.to_text().as_str())?;
    written.sync_all()?;
    fs::rename(&unfinished, file)?;
    Ok(key)
}
