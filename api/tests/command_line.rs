//! What an operator types, and what the program says and does.

#[path = "command_line/dev.rs"]
mod dev;
#[path = "command_line/history.rs"]
mod history;
#[path = "command_line/keys.rs"]
mod keys;
#[path = "command_line/mail.rs"]
mod mail;
#[path = "command_line/one_event_each.rs"]
mod one_event_each;
#[path = "command_line/operator.rs"]
mod operator;
#[path = "command_line/output.rs"]
mod output;
#[expect(dead_code, unused_imports, reason = "a server is started here by what an operator types")]
mod program;
#[path = "command_line/restore.rs"]
mod restore;

use program::Program;

/// Every command, as it is typed.
const COMMANDS: [&[&str]; 22] = [
    &["dev"],
    &["serve"],
    &["migrate"],
    &["account", "open"],
    &["user", "invite"],
    &["user", "list"],
    &["user", "link"],
    &["mail", "test"],
    &["mail", "queue"],
    &["schema"],
    &["keys"],
    &["keys", "generate"],
    &["keys", "status"],
    &["keys", "rotate"],
    &["history", "export"],
    &["user", "export"],
    &["projections", "rebuild"],
    &["projections", "verify"],
    &["replay"],
    &["restore", "finish"],
    &["user", "resend-failed"],
    &["account", "welcome"],
];

/// What `--help` prints, on a terminal of a fixed width.
async fn help(command: &[&str]) -> String {
    let ended = Program::run(&[command, &["--help"]].concat(), &[("COLUMNS", "100")]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended.printed
}

#[tokio::test]
async fn the_help_reads_well() {
    insta::assert_snapshot!("roster", help(&[]).await);
    for command in COMMANDS {
        insta::assert_snapshot!(command.join("_"), help(command).await);
    }
}

#[tokio::test]
async fn every_command_names_its_variables_and_shows_no_secret() {
    let (database, master) = (["DATABASE_URL", "ROSTER_DATA_DIR"], ["ROSTER_MASTER_KEY", "ROSTER_MASTER_KEY_FILE"]);
    let server = ["ROSTER_LISTEN", "ROSTER_PUBLIC_URL", "ROSTER_SMTP_URL", "ROSTER_MAIL_FROM", "ROSTER_SMTP_CA_FILE", "127.0.0.1:8080"];
    let limits = ["ROSTER_TRUSTED_PROXIES", "ROSTER_ATTEMPTS_PER_USER", "ROSTER_INVITATIONS_PER_DAY", "[default: 2000]"];
    for (command, expected) in [
        (COMMANDS[0], [&database[..], &master, &server, &limits, &["--no-demo", "/mailbox"]].concat()),
        (COMMANDS[1], [&database[..], &master, &server, &limits, &["roster migrate"]].concat()),
        (COMMANDS[2], database.to_vec()),
        (COMMANDS[3], [&database[..], &master, &["Example: roster account open"]].concat()),
        (COMMANDS[4], [&database[..], &master, &["Example: roster user invite", "[default: viewer]", "[default: password]"]].concat()),
        (COMMANDS[5], [&database[..], &["Example: roster user list"]].concat()),
        (COMMANDS[6], [&database[..], &master, &["ROSTER_PUBLIC_URL", "Example: roster user link"]].concat()),
        (COMMANDS[20], [&database[..], &master, &["--dry-run", "Example: roster user resend-failed"]].concat()),
        (COMMANDS[7], vec!["ROSTER_SMTP_URL", "ROSTER_MAIL_FROM", "ROSTER_SMTP_CA_FILE", "Example: roster mail test"]),
        (COMMANDS[8], [&database[..], &master, &["--retry", "[default: 50]", "Example: roster mail queue"]].concat()),
        (COMMANDS[12], [&database[..], &master].concat()),
        (COMMANDS[13], [&database[..], &master, &["Example: "]].concat()),
        (COMMANDS[14], [&database[..], &master, &["--sealed", "[default: ndjson]", "roster history export --account acme"]].concat()),
        (COMMANDS[16], [&database[..], &master, &["--verify", "Example: roster projections rebuild --verify"]].concat()),
        (COMMANDS[17], [&database[..], &master, &["Exits with 1", "--independent", "Examples:", "roster projections verify"]].concat()),
        (COMMANDS[18], [&database[..], &master, &["--until", "--from", "roster replay --account acme"]].concat()),
        (COMMANDS[19], [&database[..], &master, &["--erasures", "--again", "Example: roster restore finish"]].concat()),
        (COMMANDS[21], [&database[..], &master, &["ROSTER_PUBLIC_URL", "Example: roster account welcome"]].concat()),
        (COMMANDS[15], [&database[..], &master, &["--order-by", "Example: roster user export"]].concat()),
    ] {
        let help = help(command).await;
        for word in expected {
            assert!(help.contains(word), "{command:?} should mention {word}:\n{help}");
        }
    }
    let secrets = [("DATABASE_URL", "postgres://u:s3cret@h/d"), ("ROSTER_MASTER_KEY", "s3cret"), ("ROSTER_SMTP_URL", "smtps://u:s3cret@h")];
    let ended = Program::run(&["serve", "--help"], &secrets).await;
    assert!(!ended.printed.contains("s3cret"), "{}", ended.printed);
}

#[tokio::test]
async fn the_schema_is_printed_as_it_is_committed() {
    let ended = Program::run(&["schema"], &[]).await;
    assert_eq!((ended.code, ended.logged.as_str()), (Some(0), ""));
    assert!(ended.printed == include_str!("../schema.graphql"), "run `make schema`");
}

#[tokio::test]
async fn what_is_no_command_is_answered_with_the_way_to_type_one() {
    for arguments in
        [&["frobnicate"][..], &["user"], &["mail", "test"], &["user", "list"], &["account", "open", "--name", "Acme"], &["dev", "--nodemo"]]
    {
        let ended = Program::run(arguments, &[]).await;
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.logged.contains("Usage: roster"), "{ended:?}");
    }
    let ended = Program::run(&["serve", "--trusted-proxies", "127.0.0.1,localhost"], &[]).await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.logged.contains(r#""localhost" is neither an address such as 127.0.0.1"#), "{ended:?}");
}
