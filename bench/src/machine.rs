//! What the measurements ran on.

use std::fs;
use std::path::Path;
use std::process::Command;

use chrono::Utc;

use crate::options::RunArgs;
use crate::outcome::Outcome;
use crate::results::Machine;
use crate::tree::output;

/// Describes this machine and what is measured on it.
pub(crate) fn describe(args: &RunArgs, postgres: String) -> Outcome<Machine> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = find_line("/proc/cpuinfo", "model name").unwrap_or_else(|| "an unknown processor".to_owned());
    let memory = find_line("/proc/meminfo", "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok()).unwrap_or_default();
    let git = |arguments: &[&str]| output(Command::new("git").current_dir(&args.repository).args(arguments));
    let changed = git(&["status", "--porcelain"]).is_ok_and(|changes| !changes.is_empty());
    Ok(Machine {
        processor: format!("{model}, {cores} cores"),
        memory: format!("{} GB of memory", memory / 1_000_000),
        system: output(Command::new("uname").args(["-s", "-r", "-m"]))?,
        postgres,
        commit: format!("{}{}", git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default(), if changed { " with changes" } else { "" }),
        baseline: args.baseline.clone().filter(|commit| !commit.is_empty()),
        measured: Utc::now().format("%Y-%m-%d %H:%M UTC").to_string(),
        quick: args.quick,
        users: args.users(),
        sizes: args.sizes(),
        subscriptions: args.subscriptions(),
    })
}

/// The value of a line such as `model name : …`.
fn find_line(path: impl AsRef<Path>, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
