//! What the measurements ran on.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono::Utc;
use tokio::time::{Instant, sleep};

use crate::options::RunArgs;
use crate::outcome::Outcome;
use crate::results::Machine;
use crate::tree::output;

/// How long the load is watched at a time.
const WATCHED: Duration = Duration::from_millis(50);
/// For how long a measurement waits, at most.
const MAX_WAIT: Duration = Duration::from_secs(1);
/// From which share of unused time on a machine is at rest.
const UNUSED: f64 = 0.9;

/// Waits until the processors have little to do: what one program does after its callers have stopped is not the load of the next measurement.
pub(crate) async fn rest() -> Outcome<()> {
    let began = Instant::now();
    let mut before = processor_time()?;
    while began.elapsed() < MAX_WAIT {
        sleep(WATCHED).await;
        let now = processor_time()?;
        let (unused, all) = (now.0 - before.0, now.1 - before.1);
        if all > 0.0 && unused / all >= UNUSED {
            break;
        }
        before = now;
    }
    Ok(())
}

/// The time that the processors had nothing to do, and all of their time, in ticks.
fn processor_time() -> Outcome<(f64, f64)> {
    let line = fs::read_to_string("/proc/stat")?;
    let ticks: Vec<f64> = line.lines().next().unwrap_or_default().split_whitespace().skip(1).filter_map(|text| text.parse().ok()).collect();
    // Idle, and waiting for a disk.
    let unused = ticks.get(3..5).ok_or("/proc/stat has another form")?.iter().sum();
    Ok((unused, ticks.iter().sum()))
}

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
