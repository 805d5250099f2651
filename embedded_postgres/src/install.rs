//! Installs Postgres with the system's package manager, where that needs no question: as root on Debian and its relatives.

use std::{fs, path::Path, process::Command};

use crate::error::{Doing, Error, tail};

/// Tells the Debian scripts to install the programs without creating and starting a cluster of the system's own.
const NO_MAIN_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/roster.conf";

/// Can this process install packages without asking anyone?
pub(crate) fn possible() -> bool {
    cfg!(target_os = "linux") && rustix::process::geteuid().is_root() && on_path("apt-get")
}

/// Installs the newest Postgres of the distribution, or the given major version.
pub(crate) fn install(major: Option<u32>) -> Result<(), Error> {
    let package = package(major);
    tracing::info!("installing {package} with apt-get; this happens once and takes about a minute");
    if let Some(folder) = Path::new(NO_MAIN_CLUSTER).parent() {
        fs::create_dir_all(folder).doing(|| format!("create {}", folder.display()))?;
    }
    fs::write(NO_MAIN_CLUSTER, "create_main_cluster = false\n").doing(|| format!("write {NO_MAIN_CLUSTER}"))?;
    apt_get(&["update", "-qq"])?;
    apt_get(&["install", "-y", "-qq", "--no-install-recommends", &package])?;
    tracing::info!("installed {package}");
    Ok(())
}

/// The command a person would type on this machine.
pub(crate) fn command(major: Option<u32>) -> String {
    let sudo = if rustix::process::geteuid().is_root() { "" } else { "sudo " };
    let package = package(major);
    if on_path("apt-get") {
        format!("{sudo}apt-get install --no-install-recommends {package}")
    } else if on_path("dnf") {
        format!("{sudo}dnf install postgresql-server postgresql")
    } else if on_path("apk") {
        format!("{sudo}apk add postgresql")
    } else if cfg!(target_os = "macos") {
        format!("brew install postgresql@{}", major.unwrap_or(17))
    } else {
        format!("{sudo}<your package manager> install {package}")
    }
}

fn package(major: Option<u32>) -> String {
    major.map_or_else(|| "postgresql".to_owned(), |major| format!("postgresql-{major}"))
}

fn apt_get(arguments: &[&str]) -> Result<(), Error> {
    let command = format!("apt-get {}", arguments.join(" "));
    let output =
        Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").output().doing(|| format!("run `{command}`"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Install { command, status: output.status, said: tail(&[output.stdout, output.stderr].concat()) })
}

fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
