//! The small pages as people see them: in a real browser, without scripts.

#[expect(dead_code, unused_imports, reason = "a development server is all that is started here")]
mod program;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{TimeDelta, Utc};
use commands::{Commands, Context, InviteUser};
use domain::{Actor, AuthMethod, AuthMethodId, AuthMethodKind, Role};
use event_store::MasterKeys;
use projections::accounts::list_accounts;
use projections::users::find_user;
use sqlx::PgPool;
use test_support::{TestDatabase, TestFolder};
use tokio::task::spawn_blocking;

use program::{MASTER_KEY, Program};

#[tokio::test(flavor = "multi_thread")]
async fn people_open_accept_sign_in_and_out_in_a_browser_without_scripts() {
    let (database, folder) = (TestDatabase::create().await, TestFolder::create().unwrap());
    let data = folder.path().join("data");
    let variables = [
        ("DATABASE_URL", database.url()),
        ("ROSTER_MASTER_KEY", MASTER_KEY),
        ("ROSTER_DATA_DIR", data.to_str().unwrap()),
        ("ROSTER_LISTEN", "127.0.0.1:0"),
    ];
    let roster = Program::start(&["dev", "--no-demo"], &variables);
    let word_after = |beginning: &'static str| {
        move |text: &str| {
            let line = text.lines().find_map(|line| line.trim_start().strip_prefix(beginning));
            line.map(|rest| rest.trim().to_owned())
        }
    };
    let url = roster.printed("the address", word_after("Roster is ready at ")).await;
    let welcome = roster.printed("the welcome link", word_after("Open the first account ")).await;
    browse([url.clone(), welcome]).await;

    let expired = format!("{url}/acme/invitations/{}", expired_token(&database.pool()).await);
    browse([url, "--dead".to_owned(), expired, "This invitation has expired: ask an admin to send it again.".to_owned()]).await;
}

/// The token of an invitation whose 24 hours are over: the server's clock cannot be moved, so it was sent on another one.
async fn expired_token(database: &PgPool) -> String {
    let password = AuthMethod { id: AuthMethodId::password(), kind: AuthMethodKind::Password, label: String::new() };
    let commands = Commands::new(database.clone(), &MasterKeys::parse(MASTER_KEY).unwrap(), vec![password]);
    let account_id = list_accounts(database, 1).await.unwrap().remove(0).id;
    let yesterday = Context::new(Actor::Operator, None, Utc::now() - TimeDelta::hours(24));
    let auth_methods = vec!["password".to_owned()];
    let input = InviteUser { email: "late@acme.example".to_owned(), role: Role::Viewer, auth_methods, idempotency_key: None };
    let user_id = commands.invite_user(&yesterday, account_id, &input).await.unwrap().user_id;
    let user = find_user(database, account_id, user_id).await.unwrap().unwrap();
    commands.invitation_token(&yesterday, user_id, user.invitation_id).unwrap().expose().to_owned()
}

/// Runs the script that drives the browser.
async fn browse(arguments: impl IntoIterator<Item = String> + Send + 'static) {
    let output = spawn_blocking(move || {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace");
        let mut command = Command::new("node");
        command.arg(root.join("scripts/pages-in-a-browser.mjs")).args(arguments).env("BROWSER_TOOLS", tools(root));
        run(&mut command)
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

/// The driver of the browser, which npm puts below `target`, once.
fn tools(root: &Path) -> PathBuf {
    let has_browser = run(Command::new("sh").args(["-c", "command -v chromium"])).status.success();
    assert!(has_browser, "there is no chromium: type `apt-get install -y --no-install-recommends chromium fonts-liberation`");
    let tools = root.join("target/test-tools/browser");
    if !tools.join("node_modules/playwright-core/package.json").exists() {
        let mut install = Command::new("npm");
        install.args(["install", "--no-audit", "--no-fund", "--prefix"]).arg(&tools).arg("playwright-core@1.65.1");
        let output = run(&mut install);
        assert!(output.status.success(), "npm could not install playwright-core: {}", String::from_utf8_lossy(&output.stderr));
    }
    tools
}

fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().unwrap_or_else(|error| panic!("the pages are tested with node 20 and npm: {program}: {error}"))
}
