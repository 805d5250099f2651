//! The client in `clients/typescript`: its types come from the published schema, and it does the main job.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tokio::task::spawn_blocking;

use crate::node::{root, run};
use crate::server::{PASSWORD, Roster};

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_client_compiles_against_the_published_schema_and_does_the_main_job() {
    const INVITE: &str = "mutation($input: InviteUserInput!) { inviteUser(input: $input) { userErrors { code } } }";
    let roster = Roster::start(&[]).await;
    let admin = roster.open_account().await;
    let input = json!({ "email": "ada@acme.example", "role": "ADMIN", "authMethods": ["password"] });
    let invited = roster.ask(Some(&admin), INVITE, json!({ "input": input })).await;
    assert_eq!(invited.body["data"]["inviteUser"]["userErrors"], json!([]), "{invited:?}");
    let invitation = roster.mailed_token("ada@acme.example", 1).await;
    let url = roster.url.clone();
    let said = spawn_blocking(move || {
        let client = build(&root());
        run(Command::new("node").arg("dist/main.js").args([&url, &invitation, PASSWORD]).current_dir(client))
    });
    assert_eq!(said.await.unwrap(), "ada@acme.example did the whole job\n");
}

/// Installs, generates and compiles below `target`, beside a copy of the schema: the sources stay as they are.
fn build(root: &Path) -> PathBuf {
    let client = root.join("target/test-tools/client/clients/typescript");
    let sources = root.join("clients/typescript");
    fs::create_dir_all(client.join("src")).unwrap();
    fs::create_dir_all(client.join("../../api")).unwrap();
    fs::copy(root.join("api/schema.graphql"), client.join("../../api/schema.graphql")).unwrap();
    let lock = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    let is_installed = lock(&client) == lock(&sources) && client.join("node_modules/.package-lock.json").exists();
    for file in ["package.json", "package-lock.json", "codegen.ts", "tsconfig.json", "src/main.ts"] {
        fs::copy(sources.join(file), client.join(file)).unwrap();
    }
    let npm = |arguments: &[&str]| run(Command::new("npm").args(arguments).current_dir(&client));
    if !is_installed {
        npm(&["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]);
    }
    npm(&["run", "--silent", "generate"]);
    npm(&["run", "--silent", "build"]);
    client
}
