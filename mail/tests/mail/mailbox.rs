use axum::{Router, http::StatusCode};
use chrono::TimeDelta;
use mail::{InvitationMail, Language, Mail, MailFolder, MailTexts, MailTransport, mailbox};
use serde_json::Value;
use test_support::TestFolder;
use uuid::Uuid;

use crate::{
    FROM, LINK,
    asking::{Answer, get},
    invitation, mail, written_at,
};

/// A mailbox page over a folder of its own.
struct Mailbox {
    transport: MailTransport,
    router: Router,
    folder: TestFolder,
}

impl Mailbox {
    fn start() -> Self {
        let folder = TestFolder::create().unwrap();
        let mails = MailFolder::start(folder.path().to_owned(), FROM.parse().unwrap()).unwrap();
        Self { transport: MailTransport::Folder(mails.clone()), router: mailbox::router(mails), folder }
    }

    async fn keep(&self, mail: &Mail) {
        self.transport.send(mail).await.unwrap();
    }

    async fn get(&self, path: &str) -> Answer {
        get(&self.router, path).await
    }
}

#[tokio::test]
async fn an_empty_mailbox_says_so() {
    let mailbox = Mailbox::start();
    let page = mailbox.get("/mailbox").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("No mail yet"), "{}", page.body);
    assert_eq!(mailbox.get("/mailbox.json").await.body, "[]");
}

#[tokio::test]
async fn the_newest_mail_is_first_on_the_page_and_in_the_list() {
    let mailbox = Mailbox::start();
    for (seconds, recipient) in [(2, "second@acme.example"), (3, "third@acme.example"), (1, "first@acme.example")] {
        let invitation = InvitationMail { recipient: recipient.to_owned(), ..invitation() };
        mailbox
            .keep(
                &invitation
                    .compose(&MailTexts::built_in(), Language::English, Uuid::now_v7(), written_at() + TimeDelta::seconds(seconds))
                    .unwrap(),
            )
            .await;
    }
    let expected = ["third@acme.example", "second@acme.example", "first@acme.example"];
    let page = mailbox.get("/mailbox").await.body;
    let places: Vec<usize> = expected.iter().map(|recipient| page.find(recipient).unwrap()).collect();
    assert!(places.is_sorted(), "{page}");
    let list: Vec<Value> = serde_json::from_str(&mailbox.get("/mailbox.json").await.body).unwrap();
    assert_eq!(list.iter().map(|mail| mail["to"].as_str().unwrap()).collect::<Vec<_>>(), expected);
    let one: Vec<Value> = serde_json::from_str(&mailbox.get("/mailbox.json?to=Second@acme.example").await.body).unwrap();
    assert_eq!(one.len(), 1);
}

#[tokio::test]
async fn a_script_finds_the_link() {
    let mailbox = Mailbox::start();
    let mail = mail();
    mailbox.keep(&mail).await;
    let list: Value = serde_json::from_str(&mailbox.get("/mailbox.json").await.body).unwrap();
    assert_eq!(
        list,
        serde_json::json!([{
            "id": mail.delivery_id(),
            "from": FROM,
            "to": "grace@acme.example",
            "subject": "ada@acme.example invited you to Acme Observability",
            "date": "2026-11-23T14:05:09Z",
            "links": [LINK],
        }])
    );
}

#[tokio::test]
async fn a_mail_is_shown_as_text_as_html_and_as_it_is() {
    let mailbox = Mailbox::start();
    let mail = mail();
    mailbox.keep(&mail).await;
    let id = mail.delivery_id();

    let page = mailbox.get(&format!("/mailbox/{id}")).await;
    assert!(page.body.contains(&format!("<a href=\"{}\"", LINK.replace('&', "&#38;"))), "{}", page.body);
    assert!(page.body.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""));
    let html = mailbox.get(&format!("/mailbox/{id}/html")).await;
    assert_eq!(html.body.trim_end().replace("\r\n", "\n"), mail.html().trim_end());
    let raw = mailbox.get(&format!("/mailbox/{id}/raw")).await;
    assert!(raw.body.starts_with("From: Roster <no-reply@roster.example>\r\n"), "{}", raw.body);
    for (answer, wanted) in [(&page, "frame-ancestors 'none'"), (&html, "sandbox allow-popups"), (&raw, "sandbox allow-popups")] {
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.policy.starts_with("default-src 'none'; ") && answer.policy.contains(wanted), "{}", answer.policy);
        assert!(!answer.policy.contains("script-src"));
    }
}

#[tokio::test]
async fn hostile_mail_is_text_on_the_pages() {
    let mailbox = Mailbox::start();
    let hostile = "<script>alert(1)</script>\"'&";
    let text = format!("{hostile} https://a.example/\"onclick=\"x <b> https://b.example/'><script>");
    let mail = Mail::new(Uuid::now_v7(), written_at(), "grace@acme.example", Some(hostile), hostile, text, "<p>x</p>".to_owned()).unwrap();
    mailbox.keep(&mail).await;
    for path in ["/mailbox".to_owned(), format!("/mailbox/{}", mail.delivery_id())] {
        let page = mailbox.get(&path).await.body;
        assert!(page.contains("&#60;script&#62;alert(1)"), "{page}");
        assert!(!page.contains("<script") && !page.contains("\"onclick") && !page.contains("<b>"), "{page}");
    }
}

#[tokio::test]
async fn an_id_is_a_delivery_and_nothing_else() {
    let mailbox = Mailbox::start();
    let mail = mail();
    mailbox.keep(&mail).await;
    let id = mail.delivery_id();
    let file = format!("20261123T140509000Z-{id}.eml");
    for hostile in [
        "..",
        ".",
        "%2e%2e",
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "..%5c..%5cetc",
        "%2fetc%2fpasswd",
        "%00",
        "%ff",
        "*",
        "%20",
        &file,
        &format!("{id}%2f..%2f{file}"),
        &format!("{id}.eml"),
        &format!("{id}%00"),
        &Uuid::nil().to_string(),
        &Uuid::now_v7().to_string(),
        &"a".repeat(5000),
    ] {
        for path in [format!("/mailbox/{hostile}"), format!("/mailbox/{hostile}/raw"), format!("/mailbox/{hostile}/html")] {
            let answer = mailbox.get(&path).await;
            assert!(matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST), "{path}: {}", answer.status);
            assert!(!answer.body.contains("root:") && !answer.body.contains("Message-ID"), "{path}");
        }
    }
}

#[tokio::test]
async fn files_that_are_no_mails_are_not_shown() {
    let mailbox = Mailbox::start();
    let id = Uuid::now_v7();
    for name in ["notes.txt".to_owned(), format!("{id}.eml"), format!(".x-{id}.part"), "x-not-an-id.eml".to_owned()] {
        std::fs::write(mailbox.folder.path().join(name), "Subject: hidden\r\n\r\nhidden").unwrap();
    }
    assert_eq!(mailbox.get("/mailbox.json").await.body, "[]");
    assert_eq!(mailbox.get(&format!("/mailbox/{id}/raw")).await.status, StatusCode::NOT_FOUND);
}
