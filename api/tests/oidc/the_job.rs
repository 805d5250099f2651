//! Joining and signing in with a provider, through the finished program and a real provider.

use serde_json::json;

use crate::world::{World, verified};
use test_support::AtProvider::{Cancel, SignIn};
use test_support::Browser;

#[tokio::test]
async fn an_invitation_is_accepted_at_a_provider_whose_subject_lets_in_from_then_on() {
    let world = World::start().await;
    world.company.set_person("s-1", json!({ "email": "Ada@Acme.example", "email_verified": true, "name": "Ada" })).await;
    let id = world.invite("ada@acme.example", &["company"]).await;
    let token = world.link("ada@acme.example", 1).await;
    let browser = Browser::new();

    let way = format!("/sign-in/company?invitation={token}");
    let cancelled = browser.sign_in(&world.url(&way), Cancel).await;
    assert_eq!((cancelled.status, cancelled.reason()), (422, "DECLINED"));
    assert!(cancelled.text.contains(&format!("href=\"{way}\"")), "it can be tried again: {cancelled:?}");
    let accepted = browser.sign_in(&world.url(&way), SignIn("s-1")).await;
    assert_eq!((accepted.status, accepted.location.as_deref()), (303, Some("/")), "{accepted:?}");
    assert_eq!(world.signed_in(&browser).await.as_deref(), Some("ada@acme.example"));
    assert_eq!(world.history(&id).await, ["Invited", "Accepted", "ProviderLinked", "NameChanged"]);

    world.company.set_person("s-1", json!({ "email": "ada@married.example" })).await;
    let later = Browser::new();
    let back = later.sign_in(&world.url("/sign-in/company?account=acme"), SignIn("s-1")).await;
    assert_eq!(back.location.as_deref(), Some("/"), "{back:?}");
    assert_eq!(world.signed_in(&later).await.as_deref(), Some("ada@acme.example"));

    world.company.set_person("s-2", verified("ada@acme.example")).await;
    let other = Browser::new().sign_in(&world.url("/sign-in/company?account=acme"), SignIn("s-2")).await;
    assert_eq!(other.reason(), "PROVIDER_ACCOUNT_DIFFERS", "the next owner of the address is another person");
}

#[tokio::test]
async fn a_member_signs_in_with_a_provider_for_the_first_time_by_the_address() {
    let world = World::start().await;
    world.company.set_person("b", verified("bob@acme.example")).await;
    let id = world.member("bob@acme.example", &["company"]).await;
    let address = world.url("/sign-in/company?account=acme");
    let (one, two) = (Browser::new(), Browser::new());
    let (one_back, two_back) = tokio::join!(one.visit(&address, SignIn("b")), two.visit(&address, SignIn("b")));
    let (first, second) = tokio::join!(one.get(one_back.as_str()), two.get(two_back.as_str()));
    for (browser, page) in [(&one, first), (&two, second)] {
        assert_eq!(page.location.as_deref(), Some("/"), "{page:?}");
        assert_eq!(world.signed_in(browser).await.as_deref(), Some("bob@acme.example"));
    }
    let linked = world.history(&id).await.into_iter().filter(|event| event == "ProviderLinked").count();
    assert_eq!(linked, 1, "at the same time, and yet once");
    let user = world.ask("query($id: ID!) { user(id: $id) { authMethods { id kind label } } }", json!({ "id": id })).await;
    let company = json!({ "id": "company", "kind": "OPEN_ID_CONNECT", "label": "The company" });
    assert!(user["user"]["authMethods"].as_array().unwrap().contains(&company), "{user}");
}

#[tokio::test]
async fn the_ways_in_are_told_to_everybody_and_nothing_of_accounts_that_do_not_exist() {
    let world = World::start().await;
    let ask = async |account: Option<&str>| {
        let options = "query($account: String) { signInOptions(account: $account) { id kind label url } }";
        world.ask(options, json!({ "account": account })).await["signInOptions"].take()
    };
    let way = |id: &str, query: &str| {
        let url = world.url(&format!("/sign-in/{id}{query}"));
        json!({ "id": id, "kind": "OPEN_ID_CONNECT", "label": format!("The {id}"), "url": url })
    };
    let password = json!({ "id": "password", "kind": "PASSWORD", "label": "Email and password", "url": null });
    for account in ["acme", "no-such-account"] {
        let query = format!("?account={account}");
        assert_eq!(ask(Some(account)).await, json!([password, way("company", &query), way("liar", &query)]));
    }
    assert_eq!(ask(None).await, json!([password, way("company", ""), way("liar", "")]));
    let update = "mutation($input: UpdateAccountInput!) { updateAccount(input: $input) { userErrors { code } } }";
    world.ask(update, json!({ "input": { "authMethods": ["password", "company"] } })).await;
    assert_eq!(ask(Some("acme")).await, json!([password, way("company", "?account=acme")]));
}
