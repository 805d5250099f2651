//! The table of everything that a command can be refused for: each with a code of its own, and nothing is changed by it.

use serde_json::{Value, json};

use crate::letters::token_of;
use crate::person::{Answer, Person};
use crate::program::{MASTER_KEY, Program};
use crate::world::{PASSWORD, World};

/// No one's.
const UNKNOWN: &str = "01935a6e-0000-7000-8000-000000000000";
const MEBIBYTE: usize = 1024 * 1024;

/// A mutation, its input, the code and the field of its refusal.
type Case = (&'static str, Value, &'static str, Option<&'static str>);

/// Runs every case as a person, and sees that nothing is changed by any of them.
async fn each_is_refused(world: &World, person: &Person, cases: Vec<Case>) {
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    for (mutation, input, code, field) in cases {
        let payload = person.run(mutation, input.clone()).await;
        assert_eq!(payload.refused(), (code, field), "{mutation} {input}");
        assert_eq!(world.everything().await, before, "{mutation} {input}");
    }
}

fn invite(email: &str) -> Value {
    json!({ "email": email, "role": "VIEWER", "authMethods": ["password"] })
}

#[tokio::test]
async fn an_address_that_is_none_is_not_invited() {
    let world = World::start().await;
    let long_local = format!("{}@acme.example", "a".repeat(65));
    let long = format!("a@{}example", "abcdefgh.".repeat(30));
    let bad = [
        "",
        " ",
        "eve",
        "eve@",
        "@acme.example",
        "eve@acme",
        "eve@acme..example",
        "Eve <eve@acme.example>",
        "eve@acme.example, x@y.example",
    ];
    let worse =
        ["eve\r\nBcc: x@y.example@acme.example", "e ve@acme.example", "\"eve\"@acme.example", "eve@[127.0.0.1]", "evé@acme.example"];
    let bad = bad.into_iter().chain(worse).chain([long_local.as_str(), long.as_str()]);
    let cases = bad.map(|email| ("inviteUser", invite(email), "INVALID_EMAIL", Some("email"))).collect();
    each_is_refused(&world, &world.admin, cases).await;
    assert_eq!(world.smtp.messages(), []);
}

#[tokio::test]
async fn a_live_address_is_not_invited_twice_and_the_answer_shows_whose_it_is() {
    let world = World::start().await;
    let (eve, ivo) = (world.member("eve@acme.example", "EDITOR").await, world.invite("ivo@acme.example", "VIEWER").await);
    world.until_mail_is_settled().await;
    let before = world.everything().await;
    for (email, code, id, status) in [
        ("IVO@acme.example", "ALREADY_INVITED", &ivo, "PENDING_INVITATION"),
        (" eve@ACME.EXAMPLE ", "ALREADY_MEMBER", &eve.id, "ACTIVE"),
        ("ada@acme.example", "ALREADY_MEMBER", &world.admin.id, "ACTIVE"),
    ] {
        let payload = world.admin.run("inviteUser", invite(email)).await;
        assert_eq!(payload.refused(), (code, Some("email")), "{email}");
        assert_eq!((&payload.0["user"]["id"], &payload.0["user"]["status"]), (&json!(id), &json!(status)));
    }
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn a_change_that_breaks_a_rule_is_refused() {
    let world = World::start().await;
    let eve = world.member("eve@acme.example", "EDITOR").await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let gone = world.invite("gone@acme.example", "VIEWER").await;
    world.until_mail_is_settled().await;
    world.admin.run("deleteUser", json!({ "id": gone, "confirmEmail": "gone@acme.example" })).await.done();
    let (eve, me) = (eve.id.as_str(), world.admin.id.as_str());
    let (eves, ivos) = ("eve@acme.example", "ivo@acme.example");
    let methods = |methods: Value| json!({ "email": "new@acme.example", "role": "VIEWER", "authMethods": methods });
    let cases = vec![
        ("inviteUser", methods(json!([])), "AUTH_METHODS_REQUIRED", Some("authMethods")),
        ("inviteUser", methods(json!(["github"])), "AUTH_METHOD_NOT_OFFERED", Some("authMethods")),
        ("inviteUser", methods(json!(["password", "github"])), "AUTH_METHOD_NOT_OFFERED", Some("authMethods")),
        ("inviteUser", methods(json!(["Pass word"])), "INVALID_AUTH_METHOD", Some("authMethods")),
        ("updateUser", json!({ "id": UNKNOWN, "active": false }), "NOT_FOUND", Some("id")),
        ("updateUser", json!({ "id": "eve", "active": false }), "NOT_FOUND", Some("id")),
        ("updateUser", json!({ "id": eve, "authMethods": [] }), "AUTH_METHODS_REQUIRED", Some("authMethods")),
        ("updateUser", json!({ "id": eve, "authMethods": ["github"] }), "AUTH_METHOD_NOT_OFFERED", Some("authMethods")),
        ("updateUser", json!({ "id": eve, "role": "ADMIN", "name": " " }), "INVALID_NAME", Some("name")),
        ("updateUser", json!({ "id": eve, "name": "x".repeat(101) }), "INVALID_NAME", Some("name")),
        ("updateUser", json!({ "id": eve, "name": "a\u{7}b" }), "INVALID_NAME", Some("name")),
        ("updateUser", json!({ "id": eve, "active": false, "expectedVersion": 1 }), "VERSION_CONFLICT", Some("expectedVersion")),
        ("updateUser", json!({ "id": eve, "active": false, "expectedVersion": 99 }), "VERSION_CONFLICT", Some("expectedVersion")),
        ("updateUser", json!({ "id": ivo, "active": false }), "INVITATION_PENDING", Some("active")),
        ("updateUser", json!({ "id": ivo, "role": "ADMIN", "active": true }), "INVITATION_PENDING", Some("active")),
        ("updateUser", json!({ "id": gone, "role": "ADMIN" }), "USER_DELETED", None),
        ("updateUser", json!({ "id": me, "active": false }), "CANNOT_DEACTIVATE_SELF", Some("active")),
        ("updateUser", json!({ "id": me, "role": "EDITOR" }), "LAST_ADMIN", None),
        ("resendInvitation", json!({ "id": UNKNOWN, "confirmEmail": ivos }), "NOT_FOUND", Some("id")),
        ("resendInvitation", json!({ "id": ivo, "confirmEmail": eves }), "CONFIRMATION_MISMATCH", Some("confirmEmail")),
        ("resendInvitation", json!({ "id": ivo, "confirmEmail": "" }), "CONFIRMATION_MISMATCH", Some("confirmEmail")),
        ("resendInvitation", json!({ "id": ivo, "confirmEmail": ivos, "expectedVersion": 2 }), "VERSION_CONFLICT", Some("expectedVersion")),
        ("resendInvitation", json!({ "id": eve, "confirmEmail": eves }), "USER_NOT_PENDING", None),
        ("resendInvitation", json!({ "id": gone, "confirmEmail": "gone@acme.example" }), "USER_DELETED", None),
        ("deleteUser", json!({ "id": UNKNOWN, "confirmEmail": eves }), "NOT_FOUND", Some("id")),
        ("deleteUser", json!({ "id": eve, "confirmEmail": ivos }), "CONFIRMATION_MISMATCH", Some("confirmEmail")),
        ("deleteUser", json!({ "id": eve, "confirmEmail": "eve" }), "CONFIRMATION_MISMATCH", Some("confirmEmail")),
        ("deleteUser", json!({ "id": eve, "confirmEmail": eves, "expectedVersion": 0 }), "VERSION_CONFLICT", Some("expectedVersion")),
        ("deleteUser", json!({ "id": me, "confirmEmail": "ada@acme.example" }), "CANNOT_DELETE_SELF", None),
    ];
    each_is_refused(&world, &world.admin, cases).await;
}

#[tokio::test]
async fn a_name_that_no_one_sees_or_that_mail_programs_decode_is_refused_wherever_names_are_given() {
    let world = World::start().await;
    let (visitor, me) = (world.visitor(), world.admin.id.as_str());
    world.invite("ivo@acme.example", "VIEWER").await;
    let link = token_of(&world.smtp.wait_for("ivo@acme.example", 1).await[0], &world.roster.url, "acme");
    world.until_mail_is_settled().await;
    let key = |name: &str| json!({ "name": name, "scopes": ["USERS_READ"] });
    let accept = |name: &str| json!({ "token": link, "password": PASSWORD, "name": name, "transport": "TOKEN" });
    for name in ["\u{200b}\u{2060}", "\u{3164}", "\u{2800}", "\u{301}\u{fe0f}", "\u{e0041}", "=?utf-8?q?Eve?=", "Ada =?utf-8?b?RXZl?="] {
        let rename = ("updateUser", json!({ "id": me, "name": name }), "INVALID_NAME", Some("name"));
        each_is_refused(&world, &world.admin, vec![rename]).await;
        let before = world.everything().await;
        for (person, mutation, input) in [
            (&world.admin, "UpdateAccount", json!({ "name": name })),
            (&world.admin, "CreateApiKey", key(name)),
            (&visitor, "AcceptInvitation", accept(name)),
        ] {
            let field = format!("{}{}", mutation[..1].to_lowercase(), &mutation[1..]);
            let query = format!("mutation($input: {mutation}Input!) {{ {field}(input: $input) {{ userErrors {{ code field }} }} }}");
            let answer = person.ask(&query, json!({ "input": input })).await;
            let expected = json!([{ "code": "INVALID_NAME", "field": ["input", "name"] }]);
            assert_eq!(answer.body["data"][&field]["userErrors"], expected, "{mutation} {name:?}: {:?}", answer.body);
        }
        assert_eq!(world.everything().await, before);
    }
    let variables = [("DATABASE_URL", world.database.url()), ("ROSTER_MASTER_KEY", MASTER_KEY)];
    for (name, slug, said) in [
        ("\u{200b}", "mine", "the name consists of invisible characters only"),
        ("=?utf-8?q?Eve?=", "mine", "the name contains =?…?="),
        ("Mine", "mi\u{200b}ne", "a short name has"),
        ("Mine", "\u{3164}\u{3164}", "a short name has"),
    ] {
        let opened = Program::run(&["account", "open", "--name", name, "--slug", slug, "--admin", "eve@mine.example"], &variables).await;
        assert!(opened.code == Some(1) && opened.logged.contains(said), "{name:?} {slug:?}: {opened:?}");
    }
}

#[tokio::test]
async fn an_address_is_freed_from_what_was_copied_around_it_and_what_no_one_sees_in_it_is_named() {
    let world = World::start().await;
    let eve = world.invite("eve@acme.example", "VIEWER").await;
    for dirty in ["\u{a0}{}", "{}\u{200b}", "\u{200e}{}\u{202c}", "\u{feff}{}", "{}\n", "\t{}", "\u{3000}{}"] {
        let payload = world.admin.run("inviteUser", invite(&dirty.replace("{}", "eve@acme.example"))).await;
        assert_eq!((payload.refused().0, &payload.0["user"]["id"]), ("ALREADY_INVITED", &json!(eve)), "{dirty:?}");
        let input =
            json!({ "account": "acme", "email": dirty.replace("{}", "ada@acme.example"), "password": PASSWORD, "transport": "TOKEN" });
        world.visitor().run("signIn", input).await.done();
    }
    for (email, said) in [
        ("e\u{200b}ve@acme.example", "U+200B"),
        ("eve@ac\u{ad}me.example", "U+00AD"),
        ("mailto:eve@acme.example", "character :"),
        ("eve@acme.example;", "character ;"),
        ("<eve@acme.example>", "character <"),
        ("eve@acme.example.", "character ."),
        ("=?utf-8?q?eve?=@acme.example", "=?…?="),
    ] {
        let payload = world.admin.run("inviteUser", invite(email)).await;
        assert_eq!(payload.refused(), ("INVALID_EMAIL", Some("email")), "{email:?}");
        let message = payload.0["userErrors"][0]["message"].as_str().expect("a sentence");
        assert!(message.contains(said), "{message}");
    }
}

#[tokio::test]
async fn a_repeated_key_with_other_input_is_refused() {
    let world = World::start().await;
    let with_key = |email: &str, key: &str| json!({ "email": email, "role": "VIEWER", "authMethods": ["password"], "idempotencyKey": key });
    let eve = world.admin.run("inviteUser", with_key("eve@acme.example", "k-1")).await.user()["id"].clone();
    let (long, field) = ("k".repeat(101), Some("idempotencyKey"));
    let cases = vec![
        ("inviteUser", with_key("ivo@acme.example", "k-1"), "IDEMPOTENCY_KEY_REUSED", field),
        ("updateUser", json!({ "id": eve, "role": "EDITOR", "idempotencyKey": "k-1" }), "IDEMPOTENCY_KEY_REUSED", field),
        ("deleteUser", json!({ "id": eve, "confirmEmail": "eve@acme.example", "idempotencyKey": "k-1" }), "IDEMPOTENCY_KEY_REUSED", field),
        ("inviteUser", with_key("ivo@acme.example", ""), "INVALID_IDEMPOTENCY_KEY", field),
        ("inviteUser", with_key("ivo@acme.example", "a b"), "INVALID_IDEMPOTENCY_KEY", field),
        ("inviteUser", with_key("ivo@acme.example", &long), "INVALID_IDEMPOTENCY_KEY", field),
    ];
    each_is_refused(&world, &world.admin, cases).await;
    let update = json!({ "id": eve, "role": "EDITOR", "idempotencyKey": "k-2" });
    let first = world.admin.run("updateUser", update.clone()).await;
    world.admin.run("updateUser", json!({ "id": eve, "role": "VIEWER" })).await.done();
    let before = world.everything().await;
    world.admin.run("updateUser", update).await.done();
    assert_eq!(first.user()["role"], "EDITOR");
    assert_eq!(world.everything().await, before, "a repeated request is done once");
}

#[tokio::test]
async fn anyone_who_has_no_session_learns_nothing_by_trying() {
    let world = World::start().await;
    world.invite("ivo@acme.example", "VIEWER").await;
    let sign_in = |account: &str, email: &str, password: &str| json!({ "account": account, "email": email, "password": password, "transport": "TOKEN" });
    let open = |token: &str| json!({ "token": token, "name": "Mine", "slug": "mine", "email": "eve@mine.example", "password": PASSWORD, "transport": "TOKEN" });
    let used = world.roster.welcome_token().await;
    let cases = vec![
        ("signIn", sign_in("nobody", "ada@acme.example", PASSWORD), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("not a slug", "ada@acme.example", PASSWORD), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("acme", "nobody@acme.example", PASSWORD), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("acme", "no address", PASSWORD), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("acme", "ada@acme.example", "wrong"), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("acme", "ada@acme.example", ""), "INVALID_CREDENTIALS", None),
        ("signIn", sign_in("acme", "ivo@acme.example", PASSWORD), "INVALID_CREDENTIALS", None),
        ("openAccount", open(&used), "INVALID_WELCOME_LINK", Some("token")),
        ("openAccount", open("AAAA"), "INVALID_WELCOME_LINK", Some("token")),
        ("openAccount", open(""), "INVALID_WELCOME_LINK", Some("token")),
    ];
    each_is_refused(&world, &world.visitor(), cases).await;
    for token in ["", "x", "roster_s_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let stranger = Person { token: Some(token.to_owned()), ..world.visitor() };
        assert_eq!(stranger.viewer().await, None);
        assert_eq!(stranger.attempt("inviteUser", invite("x@acme.example")).await.code(), Some("UNAUTHENTICATED"));
    }
    for id in [UNKNOWN, "x", ""] {
        assert_eq!(world.admin.user(id).await.code(), Some("NOT_FOUND"), "{id}");
    }
}

#[tokio::test]
async fn a_request_that_is_none_changes_nothing() {
    let world = World::start().await;
    let before = world.everything().await;
    let post = |body: String| {
        let request = world.admin.client.post(format!("{}/graphql", world.roster.url)).bearer_auth(world.admin.token.as_deref().unwrap());
        Answer::of(request.header("content-type", "application/json").body(body))
    };
    let wanted = json!({
        "query": "mutation($input: InviteUserInput!) { inviteUser(input: $input) { user { id } } }",
        "variables": { "input": invite("eve@acme.example") },
    });
    let too_large = json!({ "query": wanted["query"], "variables": wanted["variables"], "pad": "x".repeat(MEBIBYTE) }).to_string();
    let twice = json!([wanted, wanted]).to_string();
    let half = wanted.to_string().replace("}}", "");
    for (body, status, code) in [
        (half.clone(), 400, "BAD_REQUEST"),
        (String::new(), 400, "BAD_REQUEST"),
        ("mutation { signOut { userErrors { code } } }".to_owned(), 400, "BAD_REQUEST"),
        (twice, 400, "BAD_REQUEST"),
        (too_large, 413, "PAYLOAD_TOO_LARGE"),
    ] {
        let answer = post(body.clone()).await;
        assert_eq!((answer.status, answer.code()), (status, Some(code)), "{body:.80}");
        assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|message| message.contains(' ')), "{answer:?}");
    }
    let nul = wanted.to_string().replace("eve@", "e\\u0000ve@");
    assert_eq!(post(nul).await.code(), Some("BAD_USER_INPUT"));
    assert_eq!(world.everything().await, before);
    assert_eq!(post(wanted.to_string()).await.code(), None, "the same request, whole, is run");
}
