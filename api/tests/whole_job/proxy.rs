//! A real proxy in front of servers.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;
use test_support::{TestFolder, end_with_test};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::program::TIMEOUT;

/// A running proxy. It ends with the test.
pub(crate) struct Proxy {
    pub(crate) url: String,
    _child: Child,
    _folder: TestFolder,
}

impl Proxy {
    /// Runs the command of a proxy that listens at an address and keeps its files in a folder, until a path is answered with a status.
    pub(crate) async fn start(folder: TestFolder, listen: SocketAddr, mut command: Command, path: &str, status: u16) -> Self {
        // Debian keeps some of them where only root looks.
        command.env("PATH", format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
        end_with_test(command.as_std_mut());
        let child = command.spawn().expect("scripts/install-test-tools has installed it");
        let proxy = Self { url: format!("http://{listen}"), _child: child, _folder: folder };
        let client = Client::builder().redirect(Policy::none()).build().expect("a client");
        let answers = async {
            while !client.get(format!("{}{path}", proxy.url)).send().await.is_ok_and(|answer| answer.status() == status) {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(TIMEOUT, answers).await.expect("the proxy passes requests on");
        proxy
    }
}
