//! Mail against a real mail server, a real folder, and requests as they come over the network.

mod folder;
mod mailbox;
mod smtp;
mod smtp_server;

use std::path::{Path, PathBuf};

use api::mail::{InvitationMail, Mail};
use chrono::{DateTime, TimeZone, Utc};
use uuid::Uuid;

const FROM: &str = "Roster <no-reply@roster.example>";
const LINK: &str = "https://roster.acme.example/acme/invitation?token=aB3_-dEf&x=1";

fn written_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 14, 5, 9).unwrap()
}

fn invitation() -> InvitationMail {
    InvitationMail {
        account_name: "Acme Observability".to_owned(),
        inviter: Some("ada@acme.example".to_owned()),
        recipient: "grace@acme.example".to_owned(),
        role_label: "Editor".to_owned(),
        link: LINK.to_owned(),
        expires_at: Utc.with_ymd_and_hms(2026, 11, 24, 14, 5, 9).unwrap(),
        resent: false,
    }
}

fn mail() -> Mail {
    invitation().compose(Uuid::now_v7(), written_at()).unwrap()
}

/// An empty folder of its own, removed with this value.
struct TestFolder(PathBuf);

impl TestFolder {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mail-{}", Uuid::now_v7()));
        Self(path)
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
