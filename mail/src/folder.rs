//! Keeping mail in a folder instead of sending it, one `.eml` file a mail, as mail programs open them.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use lettre::message::Mailbox;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    failure::{Accepted, FailureKind, SendFailure},
    message::Mail,
};

/// A folder of mails, readable by its owner only: the mails hold links that grant access.
#[derive(Debug, Clone)]
pub struct MailFolder {
    path: PathBuf,
    from: Mailbox,
}

/// A mail in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) path: PathBuf,
}

impl MailFolder {
    /// Opens the folder, making it where it does not exist, and closes it to others.
    ///
    /// # Errors
    /// When it cannot be made or closed.
    pub fn start(path: PathBuf, from: Mailbox) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o700))?;
        Ok(Self { path, from })
    }

    pub(super) async fn send(&self, mail: &Mail) -> Result<Accepted, SendFailure> {
        let message = mail.to_message(&self.from).map_err(|error| SendFailure::unwritable(&error.to_string()))?;
        let name = format!("{}-{}.eml", mail.written_at().format("%Y%m%dT%H%M%S%3fZ"), mail.delivery_id());
        let (folder, id) = (self.clone(), mail.delivery_id());
        on_disk(move || match folder.find(id)? {
            Some(entry) => Ok(Accepted { reply: format!("already kept as {}", entry.path.display()) }),
            None => folder.write(&name, &message.formatted()).map(|path| Accepted { reply: format!("kept as {}", path.display()) }),
        })
        .await
    }

    pub(super) async fn check(&self) -> Result<(), SendFailure> {
        let folder = self.clone();
        on_disk(move || {
            let path = folder.write(&format!(".check-{}", Uuid::now_v7()), b"")?;
            fs::remove_file(path)
        })
        .await
    }

    /// The mails, newest first.
    pub(super) fn list(&self) -> io::Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = fs::read_dir(&self.path)?
            .filter_map(|entry| entry.map(|entry| entry_of(entry.path())).transpose())
            .collect::<io::Result<_>>()?;
        entries.sort_unstable_by(|one, other| other.path.cmp(&one.path));
        Ok(entries)
    }

    /// The mail of delivery `id`.
    pub(super) fn find(&self, id: Uuid) -> io::Result<Option<Entry>> {
        Ok(self.list()?.into_iter().find(|entry| entry.id == id))
    }

    /// Writes a file completely or not at all, whenever the machine stops.
    fn write(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let unfinished = self.path.join(format!(".{}.part", Uuid::now_v7()));
        let finished = self.path.join(name);
        let written = write_new(&unfinished, content).and_then(|()| fs::rename(&unfinished, &finished));
        if written.is_err() {
            // What is left of it is hidden from readers, and the error that matters is the first.
            let _ = fs::remove_file(&unfinished);
        }
        written?;
        File::open(&self.path)?.sync_all()?;
        Ok(finished)
    }
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Reads `<timestamp>-<delivery id>.eml`; other files are not ours to show.
fn entry_of(path: PathBuf) -> Option<Entry> {
    let (_, id) = path.file_name()?.to_str()?.strip_suffix(".eml")?.split_once('-')?;
    Some(Entry { id: Uuid::try_parse(id).ok()?, path })
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, SendFailure> {
    let done = spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)));
    done.map_err(|error| SendFailure::transient(FailureKind::Folder, &error.to_string()).of_server())
}
