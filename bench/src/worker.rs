//! `bench worker`: the part of the program that uses Roster in its own process. The other part starts one from each tree that it
//! compares, and gives it jobs: a line of JSON each, and a line of JSON as the answer.

mod copy;
pub(crate) mod process;
mod seed;
pub(crate) mod shape;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, BufReader, stdin};

use crate::load::{self, Call, call};
use crate::measure::Sample;
use crate::outcome::Outcome;
use crate::roster::{EVENTS_OF_EACH, Roster};
use crate::textbook::Textbook;

/// What callers do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Work {
    /// `inviteUser`
    Invite,
    /// `updateUser`: another name
    Update,
    /// The same of users of whom a few are changed most of the time (Zipf)
    UpdateZipf,
    /// A sign-in with a provider, which hashes no password
    SignIn,
    /// The first page of `users`, with 50 rows
    List,
    /// `viewer`: who asks
    Viewer,
    /// The first page of `users` as of a moment in the past
    Past,
}

/// What a worker is asked to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Job {
    /// Callers repeat their work for a while.
    Run { work: Work, callers: usize, millis: u64 },
    /// The same at a steady rate.
    Steady { work: Work, callers: usize, millis: u64, rate: f64 },
    /// The database is filled up with so many copies of users.
    Seed { users: u64 },
    /// One `inviteUsers` with so many rows.
    InviteMany { rows: u64 },
    /// Events of so many users are appended.
    History { users: u64 },
    /// Everything that readers see is rebuilt.
    Rebuild,
    /// Versions of users are written up to now.
    CatchUp,
    /// The history is read as an export reads it.
    Export,
    /// `copy` writes the rows that a rebuild has written into tables with the same indexes.
    CopyIn,
    /// `copy` reads the history.
    CopyOut,
}

/// What a worker has found or opened in its database.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Site {
    /// The token of the admin's session.
    pub(crate) token: String,
    /// The id of the account.
    pub(crate) account: String,
    /// The ids of the users who are changed and sign in.
    pub(crate) members: Vec<String>,
}

/// What it answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Answer {
    Ready(Site),
    Measured(Sample),
    Done,
    Failed(String),
}

/// What the worker uses.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Program {
    /// The crate `commands`
    Roster,
    /// The program of the tutorial of cqrs-es
    Textbook,
}

/// Works until its input ends.
pub(crate) async fn work(program: Program, url: &str) -> Outcome<()> {
    let (roster, textbook) = match program {
        Program::Roster => (Some(Roster::connect(url).await?), None),
        Program::Textbook => (None, Some(Arc::new(Textbook::connect(url).await?))),
    };
    say(&Answer::Ready(roster.as_ref().map(site).unwrap_or_default()))?;
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let job = serde_json::from_str(&line)?;
        let answer = match (&roster, &textbook) {
            (Some(roster), _) => roster_job(roster, job).await,
            (None, Some(textbook)) => textbook_job(textbook, job).await,
            (None, None) => Err("there is no program".into()),
        };
        say(&answer.unwrap_or_else(|error| Answer::Failed(error.to_string())))?;
    }
    Ok(())
}

fn site(roster: &Roster) -> Site {
    let members = roster.members.iter().map(ToString::to_string).collect();
    Site { token: roster.token.clone(), account: roster.account.to_string(), members }
}

fn say(answer: &Answer) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(answer)?)?;
    Ok(out.flush()?)
}

/// A name that no user has, in no run.
pub(crate) fn new_name() -> String {
    static RUN: std::sync::LazyLock<u128> =
        std::sync::LazyLock::new(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros()));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("u{:x}-{}", *RUN, COUNT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn new_address() -> String {
    format!("{}@bench.example", new_name())
}

async fn roster_job(roster: &Roster, job: Job) -> Outcome<Answer> {
    let began = Instant::now();
    let counted = match job {
        Job::Run { work, callers, millis } => {
            let sample = load::closed(&roster_call(roster, work).await?, callers, Duration::from_millis(millis)).await?;
            return Ok(Answer::Measured(sample));
        }
        Job::Steady { work, callers, millis, rate } => {
            let sample = load::open(&roster_call(roster, work).await?, callers, rate, Duration::from_millis(millis)).await?;
            return Ok(Answer::Measured(sample));
        }
        Job::Seed { users } => {
            seed::fill(roster, users).await?;
            return Ok(Answer::Done);
        }
        Job::InviteMany { rows } => {
            let names: Vec<String> = (0..rows).map(|_| new_name()).collect();
            let began = Instant::now();
            roster.invite_many(&names, domain::Role::Viewer, "password").await?;
            return Ok(Answer::Measured(Sample::once(rows, began.elapsed())));
        }
        Job::History { users } => {
            roster.append_history(users).await?;
            return Ok(Answer::Done);
        }
        Job::Rebuild => roster.rebuild().await? * EVENTS_OF_EACH,
        Job::CatchUp => {
            roster.catch_up().await?;
            return Ok(Answer::Done);
        }
        Job::Export => roster.export().await?,
        Job::CopyIn => return Ok(Answer::Measured(copy::rebuilt_in(&roster.pool).await?)),
        Job::CopyOut => copy::events_out(&roster.pool).await?,
    };
    Ok(Answer::Measured(Sample::once(counted, began.elapsed())))
}

async fn roster_call(roster: &Roster, work: Work) -> Outcome<Call> {
    let roster = roster.clone();
    let members = roster.members.len();
    Ok(match work {
        Work::Invite => call(move |_, _| {
            let roster = roster.clone();
            async move { roster.invite(new_address()).await }
        }),
        Work::Update => call(move |caller, count| {
            let (roster, member) = (roster.clone(), shape::spread(caller, count, members));
            async move { roster.update(member, format!("Member {}", new_name())).await }
        }),
        Work::UpdateZipf => call(move |caller, count| {
            let (roster, member) = (roster.clone(), shape::zipf(caller, count, members));
            async move { roster.update(member, format!("Member {}", new_name())).await }
        }),
        Work::SignIn => call(move |caller, count| {
            let (roster, member) = (roster.clone(), shape::spread(caller, count, members));
            async move { roster.sign_in(member).await }
        }),
        Work::List => call(move |_, _| {
            let roster = roster.clone();
            async move { roster.list().await }
        }),
        Work::Viewer => call(move |_, _| {
            let roster = roster.clone();
            async move { roster.viewer().await }
        }),
        Work::Past => {
            let moment = roster.moment().await?;
            call(move |_, _| {
                let roster = roster.clone();
                async move { roster.list_past(moment).await }
            })
        }
    })
}

async fn textbook_job(textbook: &Arc<Textbook>, job: Job) -> Outcome<Answer> {
    let Job::Run { work: Work::Invite, callers, millis } = job else { return Err("the textbook only invites".into()) };
    let textbook = Arc::clone(textbook);
    let invite = call(move |_, _| {
        let textbook = Arc::clone(&textbook);
        async move { textbook.invite(new_address()).await }
    });
    Ok(Answer::Measured(load::closed(&invite, callers, Duration::from_millis(millis)).await?))
}
