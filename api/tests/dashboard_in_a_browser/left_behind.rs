//! What a test leaves behind that is killed.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use test_support::end_with_test;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::{sleep, timeout};

use crate::program::TIMEOUT;
use crate::script::Script;
use crate::world::World;

/// Set in the process that is to be killed.
const IS_KILLED: &str = "ROSTER_TEST_IS_KILLED";
const EVERYTHING_RUNS: &str = "everything runs";

#[tokio::test(flavor = "multi_thread")]
async fn a_test_that_is_killed_leaves_no_server_and_no_browser_behind() {
    if env::var_os(IS_KILLED).is_some() {
        return wait_to_be_killed().await;
    }
    let this = "left_behind::a_test_that_is_killed_leaves_no_server_and_no_browser_behind";
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", this, "--nocapture"]).env(IS_KILLED, "yes").stdout(Stdio::piped()).kill_on_drop(true);
    end_with_test(command.as_std_mut());
    let mut test = command.spawn().unwrap();
    let mut said = BufReader::new(test.stdout.take().unwrap()).lines();
    let runs = async { while said.next_line().await.unwrap().expect("the test says so") != EVERYTHING_RUNS {} };
    timeout(TIMEOUT, runs).await.expect("everything starts");

    let started = descendants(test.id().unwrap());
    let names: Vec<_> = started.iter().filter_map(Process::name).collect();
    for expected in ["roster", "python", "node", "chrom"] {
        assert!(names.iter().any(|name| name.starts_with(expected)), "{expected} is not among {names:?}");
    }
    test.kill().await.unwrap();
    let all_end = async {
        while started.iter().any(Process::runs) {
            sleep(Duration::from_millis(20)).await;
        }
    };
    let ended = timeout(TIMEOUT, all_end).await;
    ended.unwrap_or_else(|_| panic!("{:?} are left behind", started.iter().filter_map(Process::name).collect::<Vec<_>>()));
}

async fn wait_to_be_killed() {
    let world = World::start().await;
    let mut script = Script::start("stays.mjs", &[], &[("ROSTER_URL", world.roster.url.as_str())]);
    while script.next_line().await.expect("it stays") != "the page is open" {}
    println!("\n{EVERYTHING_RUNS}");
    script.play(&world).await;
}

/// A process; another with the same id began at another time.
struct Process {
    id: u32,
    began: String,
}

impl Process {
    fn find(id: u32) -> Option<Self> {
        let [state, .., began] = stat(id)?;
        (state != "Z").then_some(Self { id, began })
    }

    fn runs(&self) -> bool {
        Self::find(self.id).is_some_and(|now| now.began == self.began)
    }

    fn name(&self) -> Option<String> {
        self.runs().then(|| fs::read_to_string(format!("/proc/{}/comm", self.id)).ok()).flatten()
    }
}

/// State, parent and beginning of a process.
fn stat(id: u32) -> Option<[String; 3]> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before may hold anything, also brackets and blanks.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    Some([fields.first()?, fields.get(1)?, fields.get(19)?].map(|&field| field.to_owned()))
}

/// Every process below one.
fn descendants(ancestor: u32) -> Vec<Process> {
    assert!(Path::new("/proc/self/stat").exists(), "processes are looked up in /proc");
    let all = || fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let (mut found, mut parents) = (vec![], vec![ancestor]);
    while let Some(parent) = parents.pop() {
        let is_child = |id: &u32| stat(*id).is_some_and(|[_, of, _]| of == parent.to_string());
        let children: Vec<_> = all().filter(is_child).collect();
        found.extend(children.iter().filter_map(|&id| Process::find(id)));
        parents.extend(children);
    }
    found
}
