//! A script of `dashboard/tests/browser`, run by node. A line of its output that is a wish is granted, and answered by a line; the
//! others say what it does.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::hands::Wish;
use crate::world::World;

pub(crate) struct Script {
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    said: Arc<Mutex<String>>,
}

impl Script {
    pub(crate) fn start(name: &str, variables: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace");
        let dashboard = root.join("dashboard");
        let is_installed = dashboard.join("node_modules/playwright-core").exists();
        assert!(is_installed, "the dashboard's packages are missing: run scripts/install-test-tools");
        let mut command = Command::new("node");
        command.arg(dashboard.join("tests/browser").join(name)).envs(variables.iter().copied()).env("SCREENSHOTS", pictures(root));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap_or_else(|error| panic!("the browser is driven with node 20: {error}"));
        let input = child.stdin.take().expect("it is piped");
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let said = Arc::default();
        tokio::spawn(collect(child.stderr.take().expect("it is piped"), Arc::clone(&said)));
        Self { child, input, lines, said }
    }

    /// Grants its wishes until it has ended.
    ///
    /// # Panics
    /// When it ends with a failure.
    pub(crate) async fn play(mut self, world: &World) {
        while let Ok(Some(line)) = self.lines.next_line().await {
            match serde_json::from_str::<Wish>(&line) {
                Ok(wish) => {
                    let answer = wish.grant(world).await;
                    // A script that has failed meanwhile says so at its end.
                    let _ = self.input.write_all(format!("{answer}\n").as_bytes()).await;
                }
                Err(_) => append(&self.said, &line),
            }
        }
        let status = self.child.wait().await.expect("it can be waited for");
        let said = self.said.lock().expect("no one panics with it").clone();
        assert!(status.success(), "{said}");
        println!("{said}");
    }
}

/// Where pictures go.
fn pictures(root: &Path) -> PathBuf {
    root.join("target/screenshots")
}

async fn collect(output: impl AsyncRead + Unpin + Send, said: Arc<Mutex<String>>) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        append(&said, &line);
    }
}

fn append(said: &Mutex<String>, line: &str) {
    let mut said = said.lock().expect("no one panics with it");
    said.push_str(line);
    said.push('\n');
}
