//! Where the master keys come from.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use event_store::{MasterKey, MasterKeys};

use super::Failure;

/// The key that encrypts the keys of all users. Someone who has it and the database can read everything; without it the personal data in
/// the history cannot be read. Keep it apart from the database and its backups. Give two keys only during a rotation (see `roster keys`).
#[derive(Args, Clone)]
pub(super) struct MasterKeyArgs {
    /// The master key: 32 bytes in base64, from `roster keys generate`. During a rotation, two keys separated by a comma, the current one
    /// first (see `roster keys`)
    #[arg(long, env = "ROSTER_MASTER_KEY", hide_env_values = true, value_name = "BASE64", conflicts_with = "master_key_file")]
    master_key: Option<String>,
    /// A file that contains the master key. During a rotation, one key per line, the current one first
    #[arg(long, env = "ROSTER_MASTER_KEY_FILE", value_name = "FILE")]
    master_key_file: Option<PathBuf>,
}

impl MasterKeyArgs {
    /// Reads the configured keys, or those in the data folder. With `may_make`, creates one there at the first start.
    pub(super) fn read(&self, data_dir: Option<&Path>, may_make: bool) -> Result<MasterKeys, Failure> {
        if let Some(text) = &self.master_key {
            return Ok(MasterKeys::parse(text)?);
        }
        let in_folder = data_dir.map(|folder| folder.join("master.key"));
        let (file, ours) = match (&self.master_key_file, in_folder) {
            (Some(file), _) => (file.clone(), false),
            (None, Some(file)) => (file, true),
            (None, None) => {
                return Err("set ROSTER_MASTER_KEY or ROSTER_MASTER_KEY_FILE: generate a key with `roster keys generate`".into());
            }
        };
        match fs::read_to_string(&file) {
            Ok(text) => MasterKeys::parse(&text).map_err(|error| format!("{}: {error}", file.display()).into()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound && ours && may_make => Ok(make(&file)?.into()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound && ours => Err(format!(
                "{} is missing, but the database contains a history that was encrypted with it: put the file back, or delete the data folder to start over",
                file.display()
            )
            .into()),
            Err(error) => Err(format!("{} cannot be read: {error}", file.display()).into()),
        }
    }
}

/// Writes a new key atomically: after a crash the file is complete or missing.
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
