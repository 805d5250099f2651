//! The `roster` program as its users have it: a child process with an environment, that prints, logs and ends.

pub(crate) mod serving;

use std::{process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use test_support::end_with_test;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

pub(crate) use serving::Serving;

pub(crate) use test_support::TIMEOUT;

/// Any key will do, as long as all commands over one database have the same.
pub(crate) const MASTER_KEY: &str = "cm9zdGVyLXRlc3RzLW9ubHktMzItYnl0ZXMta2V5ISE=";

/// A command that runs `roster`, and sees none of Roster's variables.
pub(crate) fn roster() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roster"));
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.to_string_lossy().starts_with("ROSTER_") {
            command.env_remove(name);
        }
    }
    command
}

/// A running `roster`. It is killed with its value.
pub(crate) struct Program {
    child: Child,
    printed: watch::Receiver<String>,
    logged: watch::Receiver<String>,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Ended {
    /// `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) printed: String,
    pub(crate) logged: String,
}

impl Program {
    /// Starts `roster` with these arguments. Of Roster's variables it sees only these.
    pub(crate) fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = roster();
        command.args(arguments).envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        let mut child = command.spawn().expect("the program was built for this test");
        let printed = collect(child.stdout.take().expect("it is piped"));
        let logged = collect(child.stderr.take().expect("it is piped"));
        Self { child, printed, logged }
    }

    /// Runs `roster` to its end.
    pub(crate) async fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
        Self::start(arguments, variables).ended().await
    }

    /// Waits until something can be found in what it has printed.
    pub(crate) async fn printed<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        self.wait(self.printed.clone(), what, find).await
    }

    /// Waits until something can be found in its log.
    pub(crate) async fn logged<T>(&self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        self.wait(self.logged.clone(), what, find).await
    }

    async fn wait<T>(&self, mut text: watch::Receiver<String>, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let found = timeout(TIMEOUT, text.wait_for(|text| find(text).is_some())).await;
        let found = found.ok().and_then(Result::ok).and_then(|text| find(&text));
        found.unwrap_or_else(|| panic!("{what} did not come.\n{}\n{}", *self.printed.borrow(), *self.logged.borrow()))
    }

    /// Its process, and its group of processes.
    pub(crate) fn id(&self) -> Pid {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        id.and_then(Pid::from_raw).expect("it still runs")
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).expect("it takes signals");
    }

    /// Waits until it has ended by itself.
    pub(crate) async fn ended(mut self) -> Ended {
        let status = timeout(TIMEOUT, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("it did not end.\n{}\n{}", *self.printed.borrow(), *self.logged.borrow()));
        let code = status.expect("it can be waited for").code();
        Ended { code, printed: whole(self.printed).await, logged: whole(self.logged).await }
    }
}

/// Collects what comes out, line by line.
fn collect(output: impl AsyncRead + Unpin + Send + 'static) -> watch::Receiver<String> {
    let (send, receive) = watch::channel(String::new());
    tokio::spawn(async move {
        let mut lines = BufReader::new(output).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            send.send_modify(|text| {
                text.push_str(&line);
                text.push('\n');
            });
        }
    });
    receive
}

/// All of it, once its last line was read.
async fn whole(mut text: watch::Receiver<String>) -> String {
    // The sender goes away at the end of the output. A grandchild that keeps it open and says nothing is not waited for.
    while let Ok(Ok(())) = timeout(Duration::from_secs(5), text.changed()).await {}
    text.borrow().clone()
}
