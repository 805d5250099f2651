//! GraphiQL in a real browser.

use std::process::Command;

use tokio::task::spawn_blocking;

use crate::node::{root, run};
use crate::server::{ADMIN, Roster};

#[tokio::test(flavor = "multi_thread")]
async fn a_developer_explores_the_api_with_a_cookie_or_a_token_and_loads_nothing_from_elsewhere() {
    let roster = Roster::start(&[]).await;
    let token = roster.open_account().await;
    let page = roster.client.get(format!("{}/graphiql", roster.url)).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let url = roster.url.clone();
    spawn_blocking(move || {
        run(Command::new("sh")
            .args(["-c", "command -v chromium || { echo 'there is no chromium: run scripts/install-test-tools'; exit 1; }"]));
        let tools = root().join("target/test-tools/browser");
        if !tools.join("node_modules/playwright-core/package.json").exists() {
            let mut install = Command::new("npm");
            run(install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&tools).arg("playwright-core@1.65.1"));
        }
        let mut browse = Command::new("node");
        browse.arg(root().join("scripts/graphiql-in-a-browser.mjs")).args([&url, &token, ADMIN]).env("BROWSER_TOOLS", tools);
        run(&mut browse);
    })
    .await
    .unwrap();
}
