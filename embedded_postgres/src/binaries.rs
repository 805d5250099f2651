//! Finds the Postgres programs of this machine: the newest, unless existing data fixes the major version.

use std::{
    collections::BTreeSet,
    env,
    ffi::OsStr,
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::error::Error;

/// The oldest major version that Roster's SQL is tested with.
const OLDEST_MAJOR: u32 = 15;

/// A folder with `postgres` and `initdb` of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Binaries {
    pub(crate) folder: PathBuf,
    pub(crate) version: Version,
}

impl Binaries {
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// A Postgres version, as in 15.18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Data folders of different majors are incompatible.
    pub major: u32,
    /// The patch level within the major.
    pub minor: u32,
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

/// Finds the programs. `configured` is the only folder looked at when given; `major` is that of existing data.
/// `None` when nothing fits; a configured folder that does not fit is an error.
pub(crate) fn find(configured: Option<&Path>, major: Option<u32>) -> Result<Option<Binaries>, Error> {
    let fits = |binaries: &Binaries| major.map_or(binaries.version.major >= OLDEST_MAJOR, |major| binaries.version.major == major);
    if let Some(folder) = configured {
        return match inspect(folder).filter(fits) {
            Some(binaries) => Ok(Some(binaries)),
            None => Err(Error::NotInFolder { folder: folder.to_owned(), wanted: wanted(major) }),
        };
    }
    let folders: BTreeSet<PathBuf> = candidates().iter().filter_map(|folder| real_folder(folder)).collect();
    Ok(folders.iter().filter_map(|folder| inspect(folder)).filter(fits).max_by_key(|binaries| binaries.version))
}

/// How to call what was looked for.
pub(crate) fn wanted(major: Option<u32>) -> String {
    major.map_or_else(|| format!("{OLDEST_MAJOR} or newer"), |major| major.to_string())
}

/// Every folder where a distribution, Homebrew or the search path may have put the programs.
fn candidates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    for (parent, prefix, below) in [
        ("/usr/lib/postgresql", "", "bin"), // Debian, Ubuntu
        ("/usr", "pgsql-", "bin"),          // Fedora, Red Hat (PGDG)
        ("/usr/libexec", "postgresql", ""), // Alpine
        ("/opt/homebrew/opt", "postgresql@", "bin"),
        ("/usr/local/opt", "postgresql@", "bin"),
    ] {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        folders.extend(entries.filter(|entry| starts_with(&entry.file_name(), prefix)).map(|entry| entry.path().join(below)));
    }
    folders
}

fn starts_with(name: &OsStr, prefix: &str) -> bool {
    name.to_string_lossy().starts_with(prefix)
}

/// A search path often holds links: the folder that counts is the one of the program itself, with `initdb` in it.
fn real_folder(folder: &Path) -> Option<PathBuf> {
    fs::canonicalize(folder.join("postgres")).ok()?.parent().map(Path::to_owned)
}

fn inspect(folder: &Path) -> Option<Binaries> {
    if !folder.join("initdb").is_file() {
        return None;
    }
    let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
    let version = parse_version(&String::from_utf8_lossy(&output.stdout))?;
    Some(Binaries { folder: folder.to_owned(), version })
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, and `18beta1` as 18.0.
fn parse_version(text: &str) -> Option<Version> {
    let number = text.split_whitespace().find(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))?;
    let mut parts = number.split('.').map(|part| part.chars().take_while(char::is_ascii_digit).collect::<String>());
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0);
    Some(Version { major, minor })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_distributions_print_them() {
        for (text, major, minor) in [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15, 18),
            ("postgres (PostgreSQL) 18beta1", 18, 0),
            ("postgres (PostgreSQL) 17.2 (Homebrew)", 17, 2),
        ] {
            assert_eq!(parse_version(text), Some(Version { major, minor }), "{text}");
        }
        assert_eq!(parse_version("command not found"), None);
    }

    #[test]
    fn existing_data_fixes_the_major_version() {
        assert_eq!(find(None, Some(9)).unwrap(), None);
    }
}
