//! The cluster's files: made once, whole or not at all, and read for the major version they need.

use std::process::{ExitStatus, Stdio};
use std::{fs, io, path::Path};

use rustix::process::Signal;

use crate::{
    binaries::Binaries,
    confine,
    error::{Doing, Error, tail},
    lock::Layout,
    orphan,
    owner::RunsAs,
};

/// The only role of a fresh cluster. Who reaches the socket is trusted to be it.
pub(crate) const SUPERUSER: &str = "roster";

/// The major version of the existing cluster, if there is one.
pub(crate) fn major(layout: &Layout) -> Result<Option<u32>, Error> {
    let path = layout.cluster().join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => {
            let major = text.trim().parse().map_err(io::Error::other).doing(|| format!("read a version from {}", path.display()))?;
            Ok(Some(major))
        }
        Err(refused) if refused.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(refused) => Err(refused).doing(|| format!("read {}", path.display())),
    }
}

/// Makes the cluster under another name, and renames it when it is complete and on disk. `durable` waits for the disk.
pub(crate) fn initialise(layout: &Layout, binaries: &Binaries, runs_as: &RunsAs, durable: bool) -> Result<(), Error> {
    let unfinished = layout.unfinished_cluster();
    if unfinished.exists() {
        orphan::stop(&unfinished)?;
        fs::remove_dir_all(&unfinished).doing(|| format!("remove {}", unfinished.display()))?;
    }
    let mut command = confine::command(&binaries.program("initdb"), runs_as, Signal::INT);
    command.arg("--pgdata").arg(&unfinished).args(["--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8"]);
    command.args(["--data-checksums", "--no-instructions"]).args(locale());
    if !durable {
        command.arg("--no-sync");
    }
    let output = command.stdin(Stdio::null()).output().map_err(|refused| not_spawned(refused, layout, runs_as, "initdb"))?;
    if !output.status.success() {
        return Err(not_initialised(output.status, tail(&[output.stdout, output.stderr].concat())));
    }
    let cluster = layout.cluster();
    fs::rename(&unfinished, &cluster).doing(|| format!("move the new cluster to {}", cluster.display()))?;
    if durable { sync_folder(&layout.folder) } else { Ok(()) }
}

/// Explains the one failure of `initdb` that containers cause: they run programs as user ids that have no name.
fn not_initialised(status: ExitStatus, said: String) -> Error {
    if said.contains("could not look up effective user ID") { Error::NoUserName { said } } else { Error::Initialise { status, said } }
}

/// Says that no user was found when it was the namespace that the kernel refused.
pub(crate) fn not_spawned(refused: io::Error, layout: &Layout, runs_as: &RunsAs, program: &str) -> Error {
    if *runs_as == RunsAs::Namespace && refused.kind() != io::ErrorKind::NotFound {
        return Error::NoUser { folder: layout.folder.clone(), source: refused };
    }
    Error::Io { doing: format!("run {program}"), source: refused }
}

/// Bytes are compared as bytes, letters are known as Unicode letters, and no installed language matters.
fn locale() -> &'static [&'static str] {
    if cfg!(target_os = "macos") { &["--locale", "C", "--lc-ctype", "UTF-8"] } else { &["--locale", "C.UTF-8"] }
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    fs::File::open(folder).and_then(|open| open.sync_all()).doing(|| format!("sync {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_without_a_name_is_explained() {
        let said = "initdb: could not look up effective user ID 1000730000: user does not exist".to_owned();
        let explained = not_initialised(ExitStatus::default(), said).to_string();
        assert!(explained.contains("/etc/passwd") && explained.contains("1000730000"), "{explained}");
        let other = not_initialised(ExitStatus::default(), "initdb: no space left".to_owned()).to_string();
        assert!(other.starts_with("initdb failed") && other.ends_with("no space left"), "{other}");
    }
}
