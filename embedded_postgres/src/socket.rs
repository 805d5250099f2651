//! The folder of the unix socket, and the URL that leads there.

use std::{
    env,
    fmt::Write as _,
    fs,
    fs::DirBuilder,
    hash::{BuildHasher, RandomState},
    io,
    os::unix::{
        ffi::{OsStrExt, OsStringExt},
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use crate::{
    cluster::SUPERUSER,
    error::{Doing, Error},
    lock::Layout,
    owner::{RunsAs, closed_parent},
};

/// Part of the socket's name; nothing listens on it.
pub(crate) const PORT: u16 = 5432;

/// What fits into a socket's address: 108 bytes with the closing NUL on Linux, 104 on macOS.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Makes the folder for the socket: inside the data folder, or, where clients could not name that path, a private one among
/// the temporary files. Removes what a killed predecessor left.
pub(crate) fn prepare(layout: &Layout, runs_as: &RunsAs) -> Result<PathBuf, Error> {
    remove(layout, runs_as)?;
    let inside = layout.socket();
    let folder = if fits(&inside) { create(&inside)? } else { create_elsewhere(layout, runs_as)? };
    runs_as.give(&folder)?;
    Ok(folder)
}

/// Removes the socket's folder. Only for when no server uses it.
pub(crate) fn remove(layout: &Layout, runs_as: &RunsAs) -> Result<(), Error> {
    remove_folder(&layout.socket())?;
    let note = layout.socket_elsewhere();
    if let Ok(bytes) = fs::read(&note) {
        let folder = PathBuf::from(std::ffi::OsString::from_vec(bytes));
        // Every user can write to temporary folders: another one may have put something under that name since.
        if fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir() && found.uid() == runs_as.file_owner()) {
            remove_folder(&folder)?;
        }
        fs::remove_file(&note).doing(|| format!("remove {}", note.display()))?;
    }
    Ok(())
}

/// The URL of a database behind the socket in this folder, as sqlx and libpq read it.
pub(crate) fn url(folder: &Path, database: &str) -> String {
    format!(
        "postgres://{SUPERUSER}@localhost:{PORT}/{}?host={}&sslmode=disable",
        percent_encode(database.as_bytes()),
        percent_encode(folder.as_os_str().as_bytes())
    )
}

/// Can clients name a socket in this folder? To libpq a comma separates hosts.
fn fits(folder: &Path) -> bool {
    folder.to_str().is_some_and(|text| !text.contains(',')) && folder.join(format!(".s.PGSQL.{PORT}")).as_os_str().len() <= MAX_PATH
}

fn create(folder: &Path) -> Result<PathBuf, Error> {
    DirBuilder::new().mode(0o700).create(folder).doing(|| format!("create {}", folder.display()))?;
    Ok(folder.to_owned())
}

fn create_elsewhere(layout: &Layout, runs_as: &RunsAs) -> Result<PathBuf, Error> {
    let name = format!("roster-{:016x}", RandomState::new().hash_one(std::process::id()));
    let reachable = |folder: &PathBuf| runs_as.ids().is_none_or(|(uid, gid)| closed_parent(folder, uid, gid).is_none());
    let folder = [env::temp_dir(), PathBuf::from("/tmp")]
        .into_iter()
        .map(|parent| parent.join(&name))
        .find(|folder| fits(folder) && reachable(folder))
        .unwrap_or_else(|| Path::new("/tmp").join(&name));
    // The note comes first: a folder without a note would stay forever.
    let note = layout.socket_elsewhere();
    fs::write(&note, folder.as_os_str().as_bytes()).doing(|| format!("write {}", note.display()))?;
    // Fails if another process was faster with the name, so the folder is ours and closed from its first moment.
    create(&folder)
}

fn remove_folder(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(refused) if refused.kind() != io::ErrorKind::NotFound => Err(refused).doing(|| format!("remove {}", folder.display())),
        _ => Ok(()),
    }
}

/// Closes a folder to everybody but its owner.
pub(crate) fn close(folder: &Path) -> Result<(), Error> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).doing(|| format!("close {} to others", folder.display()))
}

fn percent_encode(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_carries_any_folder_and_any_name() {
        assert_eq!(
            url(Path::new("/tmp/a b/ü"), "my db"),
            "postgres://roster@localhost:5432/my%20db?host=%2Ftmp%2Fa%20b%2F%C3%BC&sslmode=disable"
        );
    }

    #[test]
    fn a_path_that_no_socket_address_holds_does_not_fit() {
        assert!(fits(Path::new("/tmp/roster")));
        assert!(!fits(&Path::new("/tmp").join("x".repeat(100))));
    }

    #[test]
    fn a_path_that_libpq_would_split_does_not_fit() {
        assert!(!fits(Path::new("/tmp/one,two")));
    }
}
