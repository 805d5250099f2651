use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tokio::task::spawn_blocking;

use crate::running::Running;

/// The audit is the GraphQL over HTTP working group's own. npm puts it below `target`, once.
#[tokio::test(flavor = "multi_thread")]
async fn the_published_audit_passes_whole() {
    let roster = Running::start().await;
    let url = roster.url("/graphql");
    let output = spawn_blocking(move || audit(&url)).await.unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(text.contains("61 of 61 audits are ok"), "{text}");
}

fn audit(url: &str) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace");
    let tools = tools(root);
    run(Command::new("node").arg(root.join("scripts/graphql-http-audit.mjs")).arg(url).env("AUDIT_TOOLS", tools))
}

fn tools(root: &Path) -> PathBuf {
    let tools = root.join("target/test-tools/audit");
    if !tools.join("node_modules/graphql-http/package.json").exists() || !tools.join("node_modules/graphql/package.json").exists() {
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&tools).args(["graphql-http@1.23.1", "graphql@16"]);
        let output = run(&mut install);
        assert!(output.status.success(), "npm could not install the audit: {}", String::from_utf8_lossy(&output.stderr));
    }
    tools
}

fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().unwrap_or_else(|error| panic!("the audit of GraphQL over HTTP needs node 20 with npm: {program}: {error}"))
}
