//! How an account shows itself: its logo and color, over HTTP and in mails.

use base64::prelude::{BASE64_STANDARD, Engine};
use mail_parser::MimeHeaders;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::person::Person;
use crate::world::World;

const UPDATE: &str = "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) {
    account { version showsAccount brand { logoUrl color textColor } } userErrors { code field } } }";
const LOGO: &[u8] = include_bytes!("../../../mail/templates/mail/sample_logo.png");

async fn update(person: &Person, input: Value) -> Value {
    let mut answer = person.ask(UPDATE, json!({ "input": input })).await;
    assert_eq!(answer.code(), None, "{:?}", answer.body);
    answer.body["data"]["updateAccount"].take()
}

async fn sign_in_page(world: &World, account: &str) -> Value {
    let query = "query($account: String!) { signInPage(account: $account) { accountName accountLanguage accountBrand { logoUrl color textColor } } }";
    world.visitor().ask(query, json!({ "account": account })).await.body["data"]["signInPage"].take()
}

#[tokio::test]
async fn an_account_shows_its_logo_and_color_in_mails_and_to_those_who_have_a_link() {
    let world = World::start().await;
    let logo = BASE64_STANDARD.encode(LOGO);
    let input = json!({ "logo": logo, "color": "#0B7285", "idempotencyKey": "k" });
    let updated = update(&world.admin, input.clone()).await;
    assert_eq!(updated["userErrors"], json!([]));
    let brand = updated["account"]["brand"].clone();
    assert_eq!((&brand["color"], &brand["textColor"]), (&json!("#0b7285"), &json!("#ffffff")));
    assert_eq!(update(&world.admin, input).await, updated, "a repeated request gets the same answer");
    let same = update(&world.admin, json!({ "logo": logo, "color": "#0b7285" })).await;
    assert_eq!(same["account"]["version"], updated["account"]["version"], "what is the same is no change");

    let url = brand["logoUrl"].as_str().expect("it has a logo").to_owned();
    let answer = reqwest::get(&url).await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK);
    let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
    assert_eq!(header("content-type"), "image/png");
    assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(answer.bytes().await.expect("a body"), LOGO);
    let (path, digest) = url.rsplit_once('/').expect("a URL");
    for other in [format!("{path}/"), path.to_owned(), format!("{path}/{}", digest.to_uppercase()), format!("{path}/{}", "0".repeat(64))] {
        assert_eq!(reqwest::get(&other).await.expect("answers").status(), StatusCode::NOT_FOUND, "{other}");
    }

    world.invite("ivo@acme.example", "VIEWER").await;
    let mails = world.smtp.wait_for("ivo@acme.example", 1).await;
    let message = crate::letters::read(&mails[0]);
    let html = message.body_html(0).expect("the mail has HTML");
    assert!(html.contains("background-color:#0b7285;color:#ffffff;") && html.contains("src=\"cid:logo\""), "{html}");
    let attached = message.attachment(0).expect("the logo");
    assert_eq!((attached.contents(), attached.content_id()), (LOGO, Some("logo")));
    let token = crate::letters::token_of(&mails[0], &world.roster.url, "acme");
    let query = "query($token: String!) { invitation(token: $token) { accountBrand { logoUrl color textColor } } }";
    let preview = world.visitor().ask(query, json!({ "token": token })).await.body["data"]["invitation"].take();
    assert_eq!(preview["accountBrand"], brand);

    let removed = update(&world.admin, json!({ "logo": "", "color": "" })).await;
    assert_eq!(removed["account"]["brand"], json!({ "logoUrl": null, "color": null, "textColor": null }));
    assert_eq!(reqwest::get(&url).await.expect("answers").status(), StatusCode::NOT_FOUND, "a logo that no account has is gone");
    world.invite("eve@acme.example", "VIEWER").await;
    let mails = world.smtp.wait_for("eve@acme.example", 1).await;
    assert_eq!(crate::letters::read(&mails[0]).attachment_count(), 0);
}

#[tokio::test]
async fn what_is_no_logo_or_no_color_is_refused_and_others_may_change_neither() {
    let world = World::start().await;
    let large = BASE64_STANDARD.encode([LOGO, &vec![0; 65_536]].concat());
    let svg = BASE64_STANDARD.encode("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
    for (input, code, field) in [
        (json!({ "logo": "not base64" }), "INVALID_LOGO", "logo"),
        (json!({ "logo": svg }), "INVALID_LOGO", "logo"),
        (json!({ "logo": large }), "LOGO_TOO_LARGE", "logo"),
        (json!({ "color": "red" }), "INVALID_COLOR", "color"),
        (json!({ "color": "#fff; background: url(x)" }), "INVALID_COLOR", "color"),
    ] {
        let refused = update(&world.admin, input).await;
        assert_eq!(refused, json!({ "account": null, "userErrors": [{ "code": code, "field": ["input", field] }] }));
    }
    let viewer = world.member("vic@acme.example", "VIEWER").await;
    assert_eq!(viewer.ask(UPDATE, json!({ "input": { "color": "#000000" } })).await.code(), Some("FORBIDDEN"));
}

#[tokio::test]
async fn a_stranger_learns_of_an_account_only_if_it_shows_itself() {
    let world = World::start().await;
    update(&world.admin, json!({ "color": "#ffe066" })).await;
    for account in ["acme", "unknown", "", "No Slug"] {
        assert_eq!(sign_in_page(&world, account).await, Value::Null, "{account}");
    }
    let shown = update(&world.admin, json!({ "showsAccount": true })).await;
    assert_eq!(shown["account"]["showsAccount"], json!(true));
    let page = sign_in_page(&world, "acme").await;
    let brand = json!({ "logoUrl": null, "color": "#ffe066", "textColor": "#000000" });
    assert_eq!(page, json!({ "accountName": page["accountName"], "accountLanguage": "EN", "accountBrand": brand }));
    update(&world.admin, json!({ "showsAccount": false })).await;
    assert_eq!(sign_in_page(&world, "acme").await, Value::Null);
}
