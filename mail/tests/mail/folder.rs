use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use mail::{FailureKind, MailSettings, MailTransport};
use mail_parser::MessageParser;
use test_support::TestFolder;

use crate::{FROM, LINK, mail};

fn start(folder: &TestFolder) -> MailTransport {
    MailTransport::start(MailSettings::parse(None, FROM, None).unwrap(), folder.path().to_owned()).unwrap()
}

fn names(folder: &TestFolder) -> Vec<String> {
    fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_mail_is_kept_as_a_file_that_only_the_owner_reads() {
    let folder = TestFolder::create().unwrap();
    let mail = mail();
    let accepted = start(&folder).send(&mail).await.unwrap();
    let name = format!("20261123T140509000Z-{}.eml", mail.delivery_id());
    assert_eq!(names(&folder), [name.as_str()]);
    assert!(accepted.reply.ends_with(&name), "{}", accepted.reply);
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(folder.path().to_owned()), mode(folder.path().join(&name))), (0o700, 0o600));
    let source = fs::read(folder.path().join(&name)).unwrap();
    assert!(MessageParser::default().parse(&source).unwrap().body_text(0).unwrap().contains(LINK));
}

#[tokio::test]
async fn the_same_delivery_twice_is_one_file() {
    let folder = TestFolder::create().unwrap();
    let transport = start(&folder);
    let mail = mail();
    transport.send(&mail).await.unwrap();
    let again = transport.send(&mail).await.unwrap();
    assert!(again.reply.starts_with("already kept"), "{}", again.reply);
    assert_eq!(names(&folder).len(), 1);
}

#[tokio::test]
async fn many_mails_at_once_are_all_kept() {
    let folder = TestFolder::create().unwrap();
    let transport = Arc::new(start(&folder));
    let sending: Vec<_> = (0..50)
        .map(|_| {
            let transport = Arc::clone(&transport);
            tokio::spawn(async move { transport.send(&mail()).await })
        })
        .collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    assert_eq!(names(&folder).len(), 50);
    assert!(names(&folder).iter().all(|name| !name.starts_with('.')), "nothing unfinished is left");
}

#[tokio::test]
async fn a_folder_that_is_open_to_others_is_closed() {
    let folder = TestFolder::create().unwrap();
    fs::create_dir_all(folder.path()).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let transport = start(&folder);
    assert_eq!(fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777, 0o700);
    transport.check().await.unwrap();
    assert!(names(&folder).is_empty(), "the check leaves nothing behind");
}

#[tokio::test]
async fn a_folder_that_is_gone_is_a_failure_that_may_pass() {
    let folder = TestFolder::create().unwrap();
    let transport = start(&folder);
    fs::remove_dir_all(folder.path()).unwrap();
    let failure = transport.send(&mail()).await.expect_err("no folder");
    assert_eq!((failure.kind, failure.permanent), (FailureKind::Folder, false), "{failure}");
    assert_eq!(transport.check().await.expect_err("no folder").kind, FailureKind::Folder);
}
