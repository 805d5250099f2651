//! A worker as another process.

use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::{Answer, Job, Site};
use crate::measure::Sample;
use crate::outcome::Outcome;

/// A running `bench worker`. It ends with this value.
pub(crate) struct Worker {
    _child: Child,
    jobs: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    pub(crate) site: Site,
}

impl Worker {
    /// Starts the program of a tree over a database.
    pub(crate) async fn start(bench: &Path, program: &str, url: &str) -> Outcome<Self> {
        let mut command = Command::new(bench);
        command.args(["worker", program, url]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| format!("cannot run {}: {error}", bench.display()))?;
        let jobs = child.stdin.take().ok_or("it has an input")?;
        let answers = BufReader::new(child.stdout.take().ok_or("it has an output")?).lines();
        let mut worker = Self { _child: child, jobs, answers, site: Site::default() };
        match worker.answer().await? {
            Answer::Ready(site) => Ok(Self { site, ..worker }),
            other => Err(format!("the worker is not ready: {other:?}").into()),
        }
    }

    /// Has something measured.
    pub(crate) async fn measure(&mut self, job: &Job) -> Outcome<Sample> {
        match self.ask(job).await? {
            Answer::Measured(sample) => Ok(sample),
            other => Err(format!("{job:?}: {other:?}").into()),
        }
    }

    /// Has something done.
    pub(crate) async fn order(&mut self, job: &Job) -> Outcome<()> {
        match self.ask(job).await? {
            Answer::Done => Ok(()),
            other => Err(format!("{job:?}: {other:?}").into()),
        }
    }

    async fn ask(&mut self, job: &Job) -> Outcome<Answer> {
        let line = format!("{}\n", serde_json::to_string(job)?);
        self.jobs.write_all(line.as_bytes()).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Outcome<Answer> {
        let line = self.answers.next_line().await?.ok_or("the worker has ended")?;
        Ok(serde_json::from_str(&line)?)
    }
}
