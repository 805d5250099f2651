//! A real mail server for tests: aiosmtpd in a child process that ends with the test.
//!
//! What it does with a mail depends on the local part of the recipient (up to a `+`): `refuse` is answered 550, `greylist` 451
//! the first time and accepted the second, `busy` 451 always, `silent` is never answered, `spam` is refused with 554 after its
//! content. All others are accepted and can be read back. Besides, the server as a whole can be told to fail, and to work again:
//! [`SmtpBehaviour`].

mod behaviour;
mod certificate;
mod received;
mod seen;

use std::{
    collections::BTreeSet,
    env, fmt,
    path::{Path, PathBuf},
    process::Stdio,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdin, Command},
    sync::{Mutex, watch},
    time::timeout,
};

use crate::{TIMEOUT, TestFolder, end_with_test};
use seen::{Line, Seen, listen, parse};

pub use behaviour::SmtpBehaviour;
pub use received::ReceivedMail;

const SCRIPT: &str = include_str!("server.py");

/// Names the Python to use; it must have aiosmtpd.
const PYTHON: &str = "ROSTER_TEST_PYTHON";
const INSTALLED_PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-tools/venv/bin/python");

/// What the server demands.
#[derive(Debug, Clone, Default)]
pub struct SmtpOptions {
    /// How connections are encrypted.
    pub encryption: SmtpEncryption,
    /// The only user and password it takes mail from; any when not given.
    pub login: Option<(String, String)>,
}

/// How connections to the server are encrypted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SmtpEncryption {
    /// Not at all.
    #[default]
    None,
    /// It demands STARTTLS before anything else.
    StartTls,
    /// From the first byte.
    Implicit,
}

/// Something that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The recipient, or the user where a password was wrong.
    pub whom: String,
    /// The code that was answered; 0 where none was.
    pub code: u16,
}

/// A running mail server on a port of 127.0.0.1.
pub struct SmtpServer {
    port: u16,
    certificates: Option<certificate::Certificates>,
    seen: watch::Receiver<Seen>,
    _child: Child,
    /// What it is told. The server ends when this closes.
    input: Mutex<ChildStdin>,
    _folder: TestFolder,
}

impl SmtpServer {
    /// Starts a server that takes mail from every client, unencrypted.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::start_with(SmtpOptions::default()).await
    }

    /// Starts a server with these demands.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(options: SmtpOptions) -> Self {
        let folder = TestFolder::create().expect("a temporary folder can be made");
        let certificates = (options.encryption != SmtpEncryption::None).then(|| certificate::issue(folder.path()));
        let python = python();
        let mut command = Command::new(&python);
        command.arg("-c").arg(SCRIPT).args(["--tls", options.encryption.word()]);
        if let Some(certificates) = &certificates {
            command.arg("--certificate").arg(&certificates.certificate).arg("--key").arg(&certificates.key);
        }
        if let Some((user, password)) = &options.login {
            command.args(["--user", user, "--password", password]);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("cannot run {}: {error}", python.display()));
        let input = child.stdin.take().expect("its input is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let first = timeout(TIMEOUT, lines.next_line()).await.expect("the mail server says its port in time");
        let Some(Line::Listening { port }) = first.ok().flatten().as_deref().and_then(parse) else {
            panic!("the mail server did not start: does {} have aiosmtpd? run scripts/install-test-tools", python.display())
        };
        let (send, seen) = watch::channel(Seen::default());
        tokio::spawn(listen(lines, send));
        Self { port, certificates, seen, _child: child, input: Mutex::new(input), _folder: folder }
    }

    /// Sets how it treats every client from now on, and waits until it does.
    ///
    /// # Panics
    /// When it has ended.
    pub async fn behave(&self, behaviour: SmtpBehaviour) {
        let seconds = if let SmtpBehaviour::Slow(time) = behaviour { time.as_secs_f64() } else { 0.0 };
        let told = format!("{}\n", serde_json::json!({ "behave": behaviour.word(), "seconds": seconds }));
        let mut input = self.input.lock().await;
        let applied = self.seen.borrow().applied;
        input.write_all(told.as_bytes()).await.expect("the mail server listens to us");
        self.wait_until(&format!("{behaviour:?}"), |seen| seen.applied > applied).await;
    }

    /// How many connections it has accepted so far.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.seen.borrow().connections
    }

    /// How many connections were open at once, at most.
    #[must_use]
    pub fn most_connections(&self) -> u64 {
        self.seen.borrow().most_open
    }

    /// Where it listens.
    #[must_use]
    pub fn host(&self) -> &'static str {
        "127.0.0.1"
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate (PEM) of the authority that vouches for the server as `localhost` and 127.0.0.1, where it encrypts.
    #[must_use]
    pub fn authority(&self) -> Option<&Path> {
        self.certificates.as_ref().map(|certificates| certificates.authority.as_path())
    }

    /// Every mail accepted so far.
    #[must_use]
    pub fn messages(&self) -> Vec<ReceivedMail> {
        self.seen.borrow().mails.iter().map(|mail| ReceivedMail::clone(mail)).collect()
    }

    /// Everything refused so far.
    #[must_use]
    pub fn refusals(&self) -> Vec<Refusal> {
        self.seen.borrow().refusals.clone()
    }

    /// Waits until this recipient has got this many mails, and returns all of them.
    ///
    /// # Panics
    /// When for [`TIMEOUT`] nothing comes.
    pub async fn wait_for(&self, to: &str, count: usize) -> Vec<ReceivedMail> {
        let of_recipient = |seen: &Seen| -> Vec<ReceivedMail> {
            seen.mails.iter().filter(|mail| mail.to.iter().any(|whom| whom == to)).map(|mail| ReceivedMail::clone(mail)).collect()
        };
        self.wait_until(&format!("{count} mails to {to}"), |seen| of_recipient(seen).len() >= count).await;
        of_recipient(&self.seen.borrow())
    }

    /// Waits until this many attempts to reach this recipient were refused.
    ///
    /// # Panics
    /// When for [`TIMEOUT`] nothing comes.
    pub async fn wait_for_refusals(&self, whom: &str, count: usize) {
        let count_of = |seen: &Seen| seen.refusals.iter().filter(|refusal| refusal.whom == whom).count();
        self.wait_until(&format!("{count} refusals of {whom}"), |seen| count_of(seen) >= count).await;
    }

    /// Waits until this many different recipients have got mail.
    ///
    /// # Panics
    /// When for [`TIMEOUT`] nothing comes.
    pub async fn wait_for_recipients(&self, count: usize) {
        let recipients = |seen: &Seen| seen.mails.iter().flat_map(|mail| &mail.to).collect::<BTreeSet<_>>().len();
        self.wait_until(&format!("mails to {count} recipients"), |seen| seen.mails.len() >= count && recipients(seen) >= count).await;
    }

    /// Waits for as long as the server goes on saying something.
    async fn wait_until(&self, what: &str, enough: impl Fn(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        while !enough(&seen.borrow_and_update()) {
            match timeout(TIMEOUT, seen.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => panic!("the mail server ended while waiting for {what}"),
                Err(late) => panic!("waited in vain for {what}: nothing has come for {TIMEOUT:?} ({late}); {}", *self.seen.borrow()),
            }
        }
    }
}

impl fmt::Debug for SmtpServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SmtpServer").field("port", &self.port).finish_non_exhaustive()
    }
}

impl SmtpEncryption {
    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Implicit => "implicit",
        }
    }
}

fn python() -> PathBuf {
    let python = env::var_os(PYTHON).map_or_else(|| PathBuf::from(INSTALLED_PYTHON), PathBuf::from);
    assert!(python.exists(), "{} is missing: run scripts/install-test-tools, or name a Python with aiosmtpd in {PYTHON}", python.display());
    python
}
