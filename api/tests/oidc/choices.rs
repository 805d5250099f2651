//! One address in several accounts.

use commands::{Commands, Context, OpenAccountForAdmin};
use domain::{Actor, AuthMethod, AuthMethodId, AuthMethodKind};
use event_store::MasterKeys;

use crate::program::MASTER_KEY;
use crate::world::{ADMIN, World, verified};
use test_support::AtProvider::SignIn;
use test_support::Browser;

/// Opens a second account of the same admin, who joins it with a password.
async fn open_another(world: &World) {
    let way = |id: &str, kind| AuthMethod { id: AuthMethodId::parse(id).unwrap(), kind, label: id.to_owned() };
    let methods = vec![way("password", AuthMethodKind::Password), way("company", AuthMethodKind::OpenIdConnect)];
    let commands = Commands::new(world.database.pool(), &MasterKeys::parse(MASTER_KEY).unwrap(), methods);
    let operator = Context::new(Actor::Operator, None, chrono::Utc::now());
    let input = OpenAccountForAdmin { name: "Bolt <& Sons>".to_owned(), slug: "bolt".to_owned(), admin_email: ADMIN.to_owned() };
    let opened = commands.open_account_for_admin(&operator, &input).await.unwrap();
    let invitation: uuid::Uuid = sqlx::query_scalar("select invitation_id from users where id = $1")
        .bind(opened.user_id.uuid())
        .fetch_one(&world.database.pool())
        .await
        .unwrap();
    let token = commands.invitation_token(&operator, opened.user_id, domain::InvitationId::new(invitation)).unwrap();
    let accept =
        commands::AcceptInvitation { token: token.expose().to_owned(), password: "quiet lanterns drift homeward".into(), name: None };
    commands.accept_invitation(&Context::new(Actor::Visitor, None, chrono::Utc::now()), &accept).await.unwrap();
}

/// The tokens of the choices on a page, in their order.
fn choices(page: &str) -> Vec<String> {
    page.split("name=\"choice\" value=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

#[tokio::test]
async fn only_who_has_proven_an_address_is_shown_its_accounts_and_chooses_one() {
    let world = World::start().await;
    world.company.set_person("g", verified(ADMIN)).await;
    world.company.set_person("unverified", serde_json::json!({ "email": ADMIN, "email_verified": false })).await;
    world.company.set_person("stranger", verified("eve@acme.example")).await;
    let (anywhere, choose) = (world.url("/sign-in/company"), world.url("/sign-in/choice"));
    let only = Browser::new();
    assert_eq!(only.sign_in(&anywhere, SignIn("g")).await.location.as_deref(), Some("/"), "with one account there is no choice");
    open_another(&world).await;

    let (browser, thief) = (Browser::new(), Browser::new());
    let page = browser.sign_in(&anywhere, SignIn("g")).await;
    assert!(page.status == 200 && page.text.contains("Acme Works") && page.text.contains("Bolt &#60;&#38; Sons&#62;"), "{page:?}");
    let tokens = choices(&page.text);
    assert_eq!((tokens.len(), world.signed_in(&browser).await), (2, None), "no one is signed in yet");

    let before = world.everything().await;
    thief.visit(&anywhere, SignIn("stranger")).await;
    for (browser, token) in [(&thief, tokens[1].as_str()), (&Browser::new(), &tokens[1]), (&browser, "forged")] {
        let page = browser.post(&choose, ("choice", token)).await;
        assert_eq!((page.status, page.reason()), (422, "PROVIDER_SIGN_IN_FAILED"));
    }
    for (person, reason) in [("unverified", "PROVIDER_EMAIL_UNVERIFIED"), ("stranger", "NOT_INVITED")] {
        let page = Browser::new().sign_in(&anywhere, SignIn(person)).await;
        assert_eq!(page.reason(), reason);
        assert!(!page.text.contains("Bolt") && !page.text.contains("Acme Works"), "{page:?}");
    }
    assert_eq!(world.everything().await, before);

    assert!(!page.text.contains("You are signed in in this browser"), "no one is");
    let chosen = browser.post(&choose, ("choice", &tokens[1])).await;
    assert_eq!(chosen.location.as_deref(), Some("/"), "{chosen:?}");
    assert_eq!(world.viewer(&browser).await["account"]["name"], "Bolt <& Sons>");
    assert_eq!(world.signed_in(&browser).await.as_deref(), Some(ADMIN));
    assert_eq!(browser.post(&choose, ("choice", &tokens[0])).await.reason(), "PROVIDER_SIGN_IN_FAILED", "the browser has forgotten it");
}

#[tokio::test]
async fn a_choice_of_accounts_says_who_is_signed_in_and_is_refused_where_that_is_someone_else_by_then() {
    let world = World::start().await;
    world.company.set_person("g", verified(ADMIN)).await;
    open_another(&world).await;
    let (browser, anywhere) = (Browser::new(), world.url("/sign-in/company"));
    let page = browser.sign_in(&anywhere, SignIn("g")).await;
    assert_eq!(action(&page.text), "/sign-in/choice?acting_for=nobody");
    browser.post(&world.url(&action(&page.text)), ("choice", &choices(&page.text)[1])).await;

    let again = browser.get(browser.visit(&anywhere, SignIn("g")).await.as_str()).await;
    assert!(again.text.contains("You are signed in in this browser as ") && again.text.contains("ends that session"), "{again:?}");
    // The old page was made for a browser in which no one was signed in.
    let stale = browser.post(&world.url(&action(&page.text)), ("choice", &choices(&again.text)[0])).await;
    assert_eq!(stale.status, 409, "{stale:?}");
    assert_eq!(world.viewer(&browser).await["account"]["name"], "Bolt <& Sons>", "the session is as it was");
    let chosen = browser.post(&world.url(&action(&again.text)), ("choice", &choices(&again.text)[0])).await;
    assert_eq!(chosen.location.as_deref(), Some("/"), "{chosen:?}");
    assert_eq!(world.viewer(&browser).await["account"]["name"], "Acme Works");
}

/// Where the forms of a page are sent.
fn action(page: &str) -> String {
    page.split_once("action=\"").expect("there is a form").1.split_once('"').expect("it ends").0.to_owned()
}
