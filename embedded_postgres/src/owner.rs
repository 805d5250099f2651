//! Decides which user the server runs as. Postgres refuses to run as root, so root must find it another one.

use std::{
    fmt, fs, io,
    os::unix::fs::{MetadataExt, chown},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    error::{Doing, Error},
    lock::Layout,
};

/// The user the server runs as, and why that one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunsAs {
    /// We are not root: as ourselves.
    Ourselves {
        /// Our user id.
        uid: u32,
    },
    /// We are root, and the cluster belongs to this user already.
    ClusterOwner {
        /// The owner's user id.
        uid: u32,
        /// The owner's group id.
        gid: u32,
    },
    /// We are root, and this system user can reach the data folder.
    SystemUser {
        /// `postgres` or `nobody`.
        name: String,
        /// Its user id.
        uid: u32,
        /// Its group id.
        gid: u32,
    },
    /// We are root, and no other user can reach the data folder: as root outside, as an ordinary user inside a namespace.
    Namespace,
}

impl fmt::Display for RunsAs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ourselves { uid } => write!(formatter, "user id {uid}, as this process does"),
            Self::ClusterOwner { uid, .. } => write!(formatter, "user id {uid}, which owns the cluster, because Postgres refuses root"),
            Self::SystemUser { name, .. } => write!(formatter, "user {name}, because Postgres refuses root"),
            Self::Namespace => {
                formatter.write_str("root inside a user namespace, because Postgres refuses root and no other user can reach its folder")
            }
        }
    }
}

impl RunsAs {
    /// The user and group to change to before the server starts, if any.
    pub(crate) fn ids(&self) -> Option<(u32, u32)> {
        match self {
            Self::Ourselves { .. } | Self::Namespace => None,
            Self::ClusterOwner { uid, gid } | Self::SystemUser { uid, gid, .. } => Some((*uid, *gid)),
        }
    }

    /// Gives a folder to the server's user.
    pub(crate) fn give(&self, folder: &Path) -> Result<(), Error> {
        let Some((uid, gid)) = self.ids() else { return Ok(()) };
        chown(folder, Some(uid), Some(gid)).doing(|| format!("give {} to user id {uid}", folder.display()))
    }

    /// The user that owns what the server writes, as the file system sees it.
    pub(crate) fn file_owner(&self) -> u32 {
        self.ids().map_or_else(|| rustix::process::geteuid().as_raw(), |(uid, _)| uid)
    }
}

/// Chooses the user for the cluster of this folder, existing or not.
pub(crate) fn choose(layout: &Layout) -> Result<RunsAs, Error> {
    let ours = rustix::process::geteuid();
    let cluster = layout.cluster();
    let existing = match fs::metadata(&cluster) {
        Ok(metadata) => Some((metadata.uid(), metadata.gid())),
        Err(refused) if refused.kind() == io::ErrorKind::NotFound => None,
        Err(refused) => return Err(refused).doing(|| format!("read {}", cluster.display())),
    };
    if !ours.is_root() {
        return match existing {
            Some((owner, _)) if owner != ours.as_raw() => Err(Error::Owner { folder: cluster, owner, ours: ours.as_raw() }),
            _ => Ok(RunsAs::Ourselves { uid: ours.as_raw() }),
        };
    }
    match existing {
        Some((0, _)) => Ok(RunsAs::Namespace),
        Some((uid, gid)) => match closed_parent(&layout.folder, uid, gid) {
            Some(closed) => Err(Error::Unreachable { folder: cluster, owner: uid, closed }),
            None => Ok(RunsAs::ClusterOwner { uid, gid }),
        },
        None => Ok(["postgres", "nobody"]
            .into_iter()
            .find_map(|name| {
                let (uid, gid) = ids_of(name)?;
                closed_parent(&layout.folder, uid, gid).is_none().then(|| RunsAs::SystemUser { name: name.to_owned(), uid, gid })
            })
            .unwrap_or(RunsAs::Namespace)),
    }
}

/// The first folder above `folder` that this user may not pass through. Access lists are not consulted.
pub(crate) fn closed_parent(folder: &Path, uid: u32, gid: u32) -> Option<PathBuf> {
    folder.ancestors().skip(1).find(|parent| !traversable(parent, uid, gid)).map(Path::to_owned)
}

fn traversable(folder: &Path, uid: u32, gid: u32) -> bool {
    fs::metadata(folder).is_ok_and(|metadata| {
        let bit = if metadata.uid() == uid {
            0o100
        } else if metadata.gid() == gid {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    })
}

/// `id` asks every source of users that the machine has, which reading /etc/passwd would not.
fn ids_of(name: &str) -> Option<(u32, u32)> {
    let ask = |option: &str| -> Option<u32> {
        let output = Command::new("id").args([option, name]).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    ask("-u").zip(ask("-g")).filter(|(uid, _)| *uid != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_closed_to_others_is_named() {
        assert_eq!(closed_parent(Path::new("/usr/lib/anything"), 65534, 65534), None);
        assert_eq!(closed_parent(Path::new("/proc/1/fd/anything"), 65534, 65534), Some(PathBuf::from("/proc/1/fd")));
    }
}
