use axum::{Router, http::StatusCode};
use mail::previews;

use crate::{
    FROM,
    asking::{Answer, get},
};

/// Every preview.
const NAMES: [&str; 9] = [
    "invitation",
    "invitation-long-name",
    "invitation-resent",
    "invitation-branded",
    "invitation-by-operator",
    "password-reset",
    "access-removed",
    "access-restored",
    "test",
];

/// Each in English and in German.
fn names() -> impl Iterator<Item = String> {
    NAMES.iter().flat_map(|name| [(*name).to_owned(), format!("{name}-de")])
}

fn router() -> Router {
    previews::router(FROM.parse().unwrap(), std::sync::Arc::default())
}

async fn shown(router: &Router, path: &str) -> Answer {
    let answer = get(router, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    assert!(answer.policy.starts_with("default-src 'none'; ") && !answer.policy.contains("script-src"), "{path}: {}", answer.policy);
    answer
}

#[tokio::test]
async fn the_list_has_every_preview_and_each_is_shown_like_a_mail_of_the_mailbox() {
    let router = router();
    let list = shown(&router, "/mail-previews").await.body;
    let links: Vec<&str> = list.split("href=\"/mail-previews/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(links, names().collect::<Vec<_>>());
    for name in names() {
        let path = format!("/mail-previews/{name}");
        let page = shown(&router, &path).await;
        assert!(page.policy.contains("frame-ancestors 'none'"), "{name}: {}", page.policy);
        for part in [
            "<dd>Roster &#60;no-reply@roster.example&#62;</dd>",
            "23 Nov 2026, 14:05 UTC",
            "sandbox=\"allow-popups allow-popups-to-escape-sandbox\"",
            "href=\"/mail-previews\"",
            &format!("src=\"{path}/html\""),
            &format!("href=\"{path}/raw\""),
        ] {
            assert!(page.body.contains(part), "{name}: {part} is not in {}", page.body);
        }
        assert!(!page.body.contains("/mailbox"), "{name}: {}", page.body);
        let html = shown(&router, &format!("{path}/html")).await;
        assert!(html.body.starts_with("<!doctype html>"), "{name}: {}", html.body);
        let raw = shown(&router, &format!("{path}/raw")).await;
        assert!(raw.body.starts_with("From: Roster <no-reply@roster.example>\r\n"), "{name}: {}", raw.body);
        for answer in [html, raw] {
            assert!(answer.policy.contains("sandbox allow-popups"), "{name}: {}", answer.policy);
        }
    }
}

#[tokio::test]
async fn a_preview_that_is_none_is_not_found() {
    let router = router();
    for name in ["nothing", "Invitation", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%00", "invitation%2fhtml", "<script>", &"a".repeat(5000)] {
        let name = name.replace('<', "%3C").replace('>', "%3E");
        for path in ["", "/html", "/raw"].map(|below| format!("/mail-previews/{name}{below}")) {
            let answer = get(&router, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.body.contains("href=\"/mail-previews\"") && !answer.body.contains("script"), "{path}: {}", answer.body);
        }
    }
}
