//! The programs that are compared: of this tree, and of an earlier commit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::outcome::Outcome;

/// What is added to the manifest of a commit that has no such profile yet. It is the one of this tree.
const PROFILE: &str = "\n[profile.measured]\ninherits = \"release\"\nlto = false\nstrip = \"none\"\ndebug = \"line-tables-only\"\n";

/// The programs of one tree.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// How the report calls it: `now` or `today`.
    pub(crate) name: &'static str,
    pub(crate) bench: PathBuf,
    pub(crate) roster: PathBuf,
}

impl Tree {
    /// The tree that this program was built in.
    pub(crate) fn of_this_program(programs: Option<&Path>) -> Outcome<Self> {
        let bench = std::env::current_exe()?;
        let folder = programs.or(bench.parent()).ok_or("the program is in a folder")?;
        let roster = folder.join("roster");
        if !roster.exists() {
            return Err(format!("there is no {}: build it with `make bench`", roster.display()).into());
        }
        Ok(Self { name: "now", bench, roster })
    }

    /// The tree of a commit: checked out below `target/bench`, with this `bench`, and built with the same profile. A second run finds it
    /// built, unless `bench` has changed.
    pub(crate) fn of_commit(repository: &Path, commit: &str) -> Outcome<Self> {
        let repository = fs::canonicalize(repository)?;
        let commit = output(Command::new("git").current_dir(&repository).args([
            "rev-parse",
            "--short=12",
            "--verify",
            &format!("{commit}^{{commit}}"),
        ]))?;
        let folder = repository.join("target/bench/trees").join(&commit);
        let tree = folder.join("source");
        if !tree.exists() {
            fs::create_dir_all(&folder)?;
            run(Command::new("git").current_dir(&repository).args(["worktree", "prune"]))?;
            run(Command::new("git").current_dir(&repository).args(["worktree", "add", "--force", "--detach"]).arg(&tree).arg(&commit))?;
        }
        add_bench(&repository, &tree)?;
        // Dependencies are compiled once for all trees.
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository.join("target"), PathBuf::from);
        let mut build = Command::new("cargo");
        build.current_dir(&tree).args(["build", "--profile", "measured", "-p", "api", "-p", "bench", "--bin", "roster", "--bin", "bench"]);
        build.args(["--features", "bench/baseline"]).arg("--target-dir").arg(&target);
        eprintln!("building {commit} with this bench …");
        run(&mut build)?;
        let keep = |name: &str| -> Outcome<PathBuf> {
            let kept = folder.join(name);
            fs::copy(target.join("measured").join(name), &kept)?;
            Ok(kept)
        };
        Ok(Self { name: "today", bench: keep("bench")?, roster: keep("roster")? })
    }
}

/// Copies `bench` into another tree, and makes it a member there. Files that are the same stay as they are, so cargo does not build again.
fn add_bench(repository: &Path, tree: &Path) -> Outcome<()> {
    copy_folder(&repository.join("bench"), &tree.join("bench"))?;
    let path = tree.join("Cargo.toml");
    let manifest = fs::read_to_string(&path)?;
    let mut changed = manifest.clone();
    if !changed.contains("\"bench\"") {
        changed = changed.replace("members = [", "members = [\n    \"bench\",");
    }
    if !changed.contains("[profile.measured]") {
        changed.push_str(PROFILE);
    }
    if changed != manifest {
        fs::write(path, changed)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (from, to) = (entry?.path(), to);
        let to = to.join(from.file_name().ok_or("a file has a name")?);
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else if fs::read(&from)? != fs::read(&to).unwrap_or_default() {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Outcome<()> {
    let status = command.stdin(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

/// What a program prints, without the line end.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}
