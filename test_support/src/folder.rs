//! Folders that vanish with their owner.

use std::{
    env, fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process,
};

use uuid::Uuid;

/// Names the folder below which the folders of one test run are made.
pub(crate) const PARENT: &str = "ROSTER_TEST_FOLDER";

/// Begins the name of every folder; the id of the process that made it follows.
pub(crate) const PREFIX: &str = "roster-test_";

/// A new folder, removed with everything in it on drop.
#[derive(Debug)]
pub struct TestFolder(PathBuf);

impl TestFolder {
    /// Makes a folder that every user may pass through, for a Postgres that runs as another user than the tests.
    ///
    /// # Errors
    /// When the folder for temporary files cannot be written.
    pub fn create() -> io::Result<Self> {
        let parent = env::var_os(PARENT).map_or_else(env::temp_dir, PathBuf::from);
        // Short, since the path of a socket below it is limited.
        let unique = &Uuid::new_v4().simple().to_string()[..12];
        let folder = parent.join(format!("{PREFIX}{}_{unique}", process::id()));
        fs::create_dir_all(&folder)?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o711))?;
        Ok(Self(folder))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        // What cannot be removed now is removed with the run's folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}
