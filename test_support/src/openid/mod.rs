//! Real OpenID Connect providers for tests, in child processes that end with the test: an honest one, and one that lies as a test says.

use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::{TIMEOUT, end_with_test};

const HONEST: &str = include_str!("honest.mjs");
const LYING: &str = include_str!("lying.mjs");
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/test-tools/openid");

/// A running provider on a port of 127.0.0.1, which knows one client, [`CLIENT_ID`](Self::CLIENT_ID).
///
/// The honest one (npm `oidc-provider`) demands PKCE, and shows a form whose field `login` takes the id of a person; its button
/// `cancel` goes back with an error. The lying one sends every browser straight back with a code.
pub struct OpenIdProvider {
    issuer: String,
    conversation: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    _child: Child,
}

impl OpenIdProvider {
    /// What the provider knows its client by.
    pub const CLIENT_ID: &'static str = "roster";
    /// What proves the client.
    pub const CLIENT_SECRET: &'static str = "a secret of 32 characters or more";

    /// Starts an honest provider without users.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start() -> Self {
        Self::run(HONEST).await
    }

    /// Starts a provider that knows one person, and lies when a test says so.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_lying() -> Self {
        Self::run(LYING).await
    }

    /// What the provider calls itself: its address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Makes a person known to an honest provider, or changes what it says of them, such as `{"email": …, "email_verified": true}`.
    ///
    /// # Panics
    /// When the provider has ended.
    pub async fn set_person(&self, id: &str, claims: Value) {
        self.send(&json!({ "id": id, "claims": claims })).await;
    }

    /// What a lying provider lies about from now on; `lying.mjs` says what it can.
    ///
    /// # Panics
    /// When the provider has ended.
    pub async fn lie(&self, lie: Value) {
        self.send(&lie).await;
    }

    async fn send(&self, line: &Value) {
        let mut conversation = self.conversation.lock().await;
        let (input, answers) = &mut *conversation;
        input.write_all(format!("{line}\n").as_bytes()).await.expect("the provider listens");
        let answer = timeout(TIMEOUT, answers.next_line()).await.expect("the provider answers in time");
        assert_eq!(answer.ok().flatten().as_deref(), Some("{\"done\":true}"), "the provider does as told");
    }

    async fn run(script: &str) -> Self {
        assert!(
            Path::new(TOOLS).join("node_modules/oidc-provider").exists(),
            "{TOOLS} lacks oidc-provider: run scripts/install-test-tools"
        );
        let mut command = Command::new("node");
        // Packages are looked for below the folder in which a script runs that comes as text.
        command.args(["--input-type=module", "--eval", script]).current_dir(TOOLS);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("the OpenID providers need node 20: {error}"));
        let input = child.stdin.take().expect("its input is piped");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
        let first = timeout(TIMEOUT, lines.next_line()).await.expect("the provider says its address in time");
        let first = first.ok().flatten().and_then(|line| serde_json::from_str::<Value>(&line).ok());
        let issuer = first.as_ref().and_then(|line| line["issuer"].as_str()).expect("the provider says its address").to_owned();
        Self { issuer, conversation: Mutex::new((input, lines)), _child: child }
    }
}
