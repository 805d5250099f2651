//! A `roster serve`.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use serde_json::Value;
use tokio::sync::OnceCell;

use super::{MASTER_KEY, Program};

/// A `roster serve` that takes requests.
pub(crate) struct Serving {
    pub(crate) program: Program,
    /// Where, without a slash at the end.
    pub(crate) url: String,
    variables: Vec<(String, String)>,
    welcome: OnceCell<String>,
}

impl Serving {
    /// Serves over this database, and sends its mail to this port of 127.0.0.1.
    pub(crate) async fn start(database_url: &str, smtp_port: u16) -> Self {
        Self::start_with(database_url, smtp_port, &[]).await
    }

    /// The same with more variables.
    pub(crate) async fn start_with(database_url: &str, smtp_port: u16, more: &[(&str, &str)]) -> Self {
        let server = format!("smtp://127.0.0.1:{smtp_port}?tls=none");
        let mail = [("ROSTER_SMTP_URL", server.as_str()), ("ROSTER_MAIL_FROM", "Roster <roster@acme.example>")];
        Self::start_without_mail(database_url, &[&mail, more].concat()).await
    }

    /// Serves over this database, with no more than these variables.
    pub(crate) async fn start_without_mail(database_url: &str, more: &[(&str, &str)]) -> Self {
        // The public address must be known before: a port that was free a moment ago, and another one where that was lost.
        for _ in 0..5 {
            if let Some(serving) = Self::start_at(free_address(), database_url, more).await {
                return serving;
            }
        }
        panic!("no port stays free");
    }

    /// Serves at this address; `None` where it is taken.
    pub(crate) async fn start_at(address: SocketAddr, database_url: &str, more: &[(&str, &str)]) -> Option<Self> {
        let url = format!("http://{address}");
        let variables = [
            ("DATABASE_URL", database_url),
            ("ROSTER_MASTER_KEY", MASTER_KEY),
            ("ROSTER_LISTEN", &address.to_string()),
            ("ROSTER_PUBLIC_URL", &url),
            // Nothing is in front of most tests' servers that would need it.
            ("ROSTER_SHUTDOWN_DELAY", "0"),
        ];
        let variables = [&variables, more].concat();
        let program = Program::start(&["serve"], &variables);
        let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let is_ready = program.logged("`ready`, or that the port is taken", is_ready).await;
        is_ready.then_some(Self { program, url, variables, welcome: OnceCell::new() })
    }

    /// The token of the link with which the first account is opened; the same one after that.
    pub(crate) async fn welcome_token(&self) -> String {
        self.welcome.get_or_init(|| self.ask_for_welcome_token()).await.clone()
    }

    async fn ask_for_welcome_token(&self) -> String {
        // Later ones replace those before, as in the environment of the server.
        let given = |name: &&str| self.variables.iter().rfind(|(given, _)| given == name);
        let variables = ["DATABASE_URL", "ROSTER_MASTER_KEY", "ROSTER_PUBLIC_URL"];
        let variables: Vec<_> = variables.iter().filter_map(given).map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let asked = Program::run(&["account", "welcome"], &variables).await;
        let token = asked.printed.lines().next().and_then(|link| link.rsplit_once("/welcome/")).map(|(_, token)| token.to_owned());
        token.unwrap_or_else(|| panic!("there is no welcome link: {asked:?}"))
    }
}

/// An address whose port was free a moment ago.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port is free")
}

/// An address that stays free while no server of this test listens there: its host belongs to this process alone, so no other process gets
/// its port, and no connection that goes out from 127.0.0.1.
pub(crate) fn reserved_address() -> SocketAddr {
    let [_, a, b, c] = std::process::id().to_be_bytes();
    let host = Ipv4Addr::new(127, 64 | a, b, c.clamp(1, 254));
    TcpListener::bind((host, 0)).and_then(|listener| listener.local_addr()).expect("a port is free")
}

fn is_ready(log: &str) -> Option<bool> {
    if log.contains("cannot listen on") {
        return Some(false);
    }
    let mut events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events.any(|event| event["message"] == "ready" && event["listen"].is_string()).then_some(true)
}
