//! A script of `dashboard/tests/browser`, run by node. A line of its output that is a wish is granted, and answered by a line; a line
//! that is a dot says that something goes on; the others say what it does.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use test_support::end_with_test;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::hands::Wish;
use crate::program::TIMEOUT;
use crate::world::World;

const SIGN_OF_LIFE: &str = ".";

pub(crate) struct Script {
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    said: Arc<Mutex<String>>,
}

impl Script {
    pub(crate) fn start(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace");
        let dashboard = root.join("dashboard");
        let is_installed = dashboard.join("node_modules/playwright-core").exists();
        assert!(is_installed, "the dashboard's packages are missing: run scripts/install-test-tools");
        let mut command = Command::new("node");
        command.arg(dashboard.join("tests/browser").join(name)).args(arguments);
        command.envs(variables.iter().copied()).env("SCREENSHOTS", pictures(root));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        // The browser ends with the script: it notices that the pipe between them closes.
        end_with_test(command.as_std_mut());
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
    /// When it ends with a failure, or when nothing goes on for [`TIMEOUT`].
    pub(crate) async fn play(mut self, world: &World) {
        while let Some(line) = self.next_line().await {
            match serde_json::from_str::<Wish>(&line) {
                Ok(wish) => {
                    let answer = wish.grant(world).await;
                    // A script that has failed meanwhile says so at its end.
                    let _ = self.input.write_all(format!("{answer}\n").as_bytes()).await;
                }
                Err(_) => append(&self.said, &line),
            }
        }
        println!("{}", self.ended().await);
    }

    /// The next line that is no mere sign of life; `None` at the end.
    pub(crate) async fn next_line(&mut self) -> Option<String> {
        loop {
            let line = timeout(TIMEOUT, self.lines.next_line()).await;
            let line = line.unwrap_or_else(|_| panic!("nothing has gone on for {TIMEOUT:?} after this:\n{}", self.said()));
            match line.ok().flatten() {
                Some(line) if line == SIGN_OF_LIFE => {}
                line => return line,
            }
        }
    }

    /// All that it said, once it has ended well.
    pub(crate) async fn ended(mut self) -> String {
        while let Some(line) = self.next_line().await {
            append(&self.said, &line);
        }
        let status = self.child.wait().await.expect("it can be waited for");
        let said = self.said();
        assert!(status.success(), "{said}");
        said
    }

    fn said(&self) -> String {
        self.said.lock().expect("no one panics with it").clone()
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
