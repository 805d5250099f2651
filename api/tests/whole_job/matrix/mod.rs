//! Everything that can be asked, asked by every kind of caller: each cell is a request, compared with a table written by hand.
//!
//! A field without a rule fails. Start reading at `rights.rs`, then `fields.rs` and `mutations.rs`.

mod callers;
mod fields;
mod gates;
mod mutations;
mod one_event_each;
mod operations;
mod payloads;
mod reach;
mod recorder;
mod rights;
mod schema;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::callers::{Caller, Told, callers};
use self::fields::{TYPES, WITH_THEIR_COMMAND};
use self::gates::{Gate, Route};
use self::mutations::{Command, SIGN_OUT, commands};
pub(crate) use self::operations::operations;
use self::rights::{LIST_USERS, READ_AUDIT_LOG, READ_USER, Upon};
use self::schema::Schema;
use crate::letters::{reset_token_of, token_of};
use crate::refused_attempts::newest;
use crate::world::World;
use test_support::{SUBPROTOCOL, SocketClient};

/// A world in which everybody is there who can ask, and Ivo, who is invited.
struct Matrix {
    world: World,
    schema: Schema,
    callers: Vec<Caller>,
    ivo: String,
    link: String,
    reset: String,
    /// An instant at which everybody was there.
    then: String,
}

impl Matrix {
    async fn start() -> Self {
        // Every caller tries every link.
        let world = World::start_with(&[("ROSTER_ATTEMPTS_PER_ADDRESS", "100000")]).await;
        let schema = Schema::ask(&world).await;
        let callers = callers(&world).await;
        let ivo = world.invite("ivo@acme.example", "VIEWER").await;
        let link = token_of(&world.smtp.wait_for("ivo@acme.example", 1).await[0], &world.roster.url, "acme");
        world.visitor().run("requestPasswordReset", json!({ "account": "acme", "email": "ada@acme.example" })).await.done();
        let reset = reset_token_of(&world.smtp.wait_for("ada@acme.example", 1).await[0], &world.roster.url, "acme");
        world.until_mail_is_settled().await;
        world.sql("insert into projection_rebuilds (total) values (1)").await;
        let then = crate::past::clock(&world).await;
        Self { world, schema, callers, ivo, link, reset, then }
    }

    fn document(&self, route: &str, selection: &str, caller: &Caller) -> String {
        let filled = route.replace('%', selection).replace("OTHER", &self.ivo).replace("MEMBER", &self.world.admin.id);
        filled.replace("LINK", &self.link).replace("RESET", &self.reset).replace("SELF", &caller.person.id).replace("THEN", &self.then)
    }

    /// Asks for a field on a way to it, and compares. Nothing but null comes with a refusal, and nothing of another account ever.
    async fn try_field(&self, caller: &Caller, document: &str, route: &Route, gate: Gate) {
        let answer = caller.person.ask(document, json!({})).await;
        let what = format!("{} asks {document}: {:?}", caller.name, answer.body);
        let expected = match expected(caller, route.gate, route.upon) {
            // Whom a list of another account leads to is not in one's own.
            Expected::Answer if caller.is_foreign() && route.upon == Upon::Another => Expected::Null,
            Expected::Answer => expected(caller, gate, route.upon),
            refused => refused,
        };
        let code = if let Expected::Code(code) = expected { Some(code) } else { None };
        assert_eq!(answer.code(), code, "{what}");
        assert!(expected == Expected::Answer || holds_nothing(&answer.body["data"]), "{what}");
        if caller.is_foreign() && !matches!((route.gate, gate), (Gate::Open, Gate::Open)) {
            let text = answer.body.to_string();
            assert!(!text.contains("@acme.example") && !text.contains(&self.ivo), "{what}");
        }
    }

    /// Tries a mutation, and asks for every field of its payload.
    async fn try_command(&self, caller: &Caller, command: &Command) -> usize {
        let name = command.mutation;
        let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let fields =
            self.schema.selections(&format!("{kind}Payload")).replace("userErrors { __typename }", "userErrors { code message field }");
        let (variable, argument) =
            if command.input.is_some() { (format!("($input: {kind}Input!)"), "(input: $input)") } else { (String::new(), "") };
        let document = format!("mutation{variable} {{ {name}{argument} {{ {fields} }} }}");
        let answer = caller.person.ask(&document, json!({ "input": command.input })).await;
        let what = format!("{} does {name} {:?}: {:?}", caller.name, command.input, answer.body);
        match command.needs.map_or(Told::Answer, |(right, upon)| caller.told(right, upon)) {
            Told::Answer => assert!(answer.code().is_none() && answer.body["data"][name].is_object(), "{what}"),
            // Of another account is as good as unknown: said of the input, as data.
            Told::Code("NOT_FOUND") => {
                assert_eq!((answer.code(), &answer.body["data"][name]["userErrors"][0]["code"]), (None, &json!("NOT_FOUND")), "{what}");
            }
            Told::Code(code) => {
                assert_eq!(answer.code(), Some(code), "{what}");
                assert!(holds_nothing(&answer.body["data"]), "{what}");
            }
        }
        self.schema.fields(&format!("{kind}Payload")).len()
    }

    /// Follows from the beginning, and compares what comes first.
    async fn try_subscription(&self, caller: &Caller, after: &str) {
        let selections =
            self.schema.selections("Event").replace("actor { __typename }", &format!("actor {{ {} }}", self.schema.selections("Actor")));
        let selections = selections.replace("changes { __typename }", &format!("changes {{ {} }}", self.schema.selections("Change")));
        let document = format!("subscription($after: String) {{ userEvents(after: $after) {{ {selections} }} }}");
        let mut client = SocketClient::open(&self.world.roster.url, &[SUBPROTOCOL]).await.expect("the socket opens");
        let payload = caller.person.token.as_ref().map(|token| json!({ "authorization": format!("Bearer {token}") }));
        client.say(&json!({ "type": "connection_init", "payload": payload })).await;
        if payload.is_some() && !caller.is_someone() {
            assert_eq!(client.closed().await, 4403, "{}", caller.name);
            return;
        }
        assert_eq!(client.hear().await["type"], "connection_ack");
        client.subscribe("1", &document, json!({ "after": after })).await;
        let message = client.hear().await;
        let what = format!("{} follows: {message}", caller.name);
        match caller.told(&READ_AUDIT_LOG, Upon::Account) {
            Told::Answer if caller.is_foreign() => assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_USER_INPUT", "{what}"),
            Told::Answer => {
                let event = &message["payload"]["data"]["userEvents"];
                assert!(event["id"].is_string() && message["payload"].get("errors").is_none(), "{what}");
                assert_eq!(event["user"].is_object(), caller.told(&READ_USER, Upon::Another) == Told::Answer, "{what}");
            }
            Told::Code(code) => assert_eq!(message["payload"][0]["extensions"]["code"], code, "{what}"),
        }
    }
}

/// What must come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expected {
    Answer,
    /// Nothing, and no error.
    Null,
    Code(&'static str),
}

/// What a gate lets come.
fn expected(caller: &Caller, gate: Gate, upon: Upon) -> Expected {
    let told = match gate {
        Gate::Open => Told::Answer,
        // A service key is no user.
        Gate::Signed if caller.is_someone() && !caller.is_service() => Told::Answer,
        Gate::Service if caller.is_service() => Told::Answer,
        Gate::Signed | Gate::Service => return Expected::Null,
        Gate::Needs(right, upon) => caller.told(right, upon),
        Gate::UponWhom(right) => caller.told(right, upon),
        Gate::Hidden(right, upon) => match caller.told(right, upon) {
            Told::Code(code) if code != "UNAUTHENTICATED" => return Expected::Null,
            told => told,
        },
    };
    match told {
        Told::Answer => Expected::Answer,
        Told::Code(code) => Expected::Code(code),
    }
}

/// Whether an answer tells nothing but the shape that was asked for.
fn holds_nothing(data: &Value) -> bool {
    match data {
        Value::Null => true,
        Value::Object(fields) => fields.iter().all(|(name, value)| name == "__typename" || holds_nothing(value)),
        Value::Array(items) => items.iter().all(holds_nothing),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[tokio::test]
async fn every_field_answers_every_caller_as_the_table_says() {
    let matrix = Matrix::start().await;
    let mut cells = 0;
    for kind in TYPES {
        let guarded = kind.guarded.iter().map(|field| (field.name, field.arguments, field.gate));
        let fields: Vec<_> = kind.plain.iter().map(|name| (*name, "", Gate::Open)).chain(guarded).collect();
        let named: BTreeSet<_> = fields.iter().map(|(name, ..)| *name).collect();
        assert!(named.iter().eq(&matrix.schema.fields(kind.name)), "{} has other fields than its rules name: {named:?}", kind.name);
        for caller in &matrix.callers {
            for route in kind.routes {
                for (name, arguments, gate) in &fields {
                    let selection = matrix.schema.selection(kind.name, name, arguments);
                    let document = matrix.document(route.document, &selection, caller);
                    matrix.try_field(caller, &document, route, *gate).await;
                    cells += 1;
                }
            }
        }
    }
    println!("permission matrix: {} callers, {cells} cells of fields", matrix.callers.len());
}

#[tokio::test]
async fn every_command_answers_every_caller_as_the_table_says_and_none_that_is_refused_changes_anything() {
    let matrix = Matrix::start().await;
    let mut cells = 0;
    for caller in &matrix.callers {
        let before = matrix.world.everything().await;
        for command in commands(&matrix.ivo, &caller.person.id) {
            cells += matrix.try_command(caller, &command).await;
        }
        assert_eq!(matrix.world.everything().await, before, "{}", caller.name);
    }
    let after = matrix.world.event_cursor(&matrix.world.admin).await;
    matrix.world.admin.run("updateUser", json!({ "id": matrix.world.admin.id, "name": "Ada" })).await.done();
    for caller in &matrix.callers {
        matrix.try_subscription(caller, &after).await;
        cells += ["Event", "Actor", "Change"].map(|kind| matrix.schema.fields(kind).len()).iter().sum::<usize>();
        cells += matrix.try_command(caller, &SIGN_OUT).await;
    }
    println!("permission matrix: {} callers, {cells} cells of commands and events", matrix.callers.len());
}

#[tokio::test]
async fn every_change_that_is_forbidden_to_a_member_is_kept_as_a_refused_attempt() {
    let matrix = Matrix::start().await;
    let mut of_owner = 0;
    for caller in matrix.callers.iter().filter(|caller| caller.is_someone() && !caller.is_foreign()) {
        let mut forbidden: Vec<&str> = vec![];
        for command in commands(&matrix.ivo, &caller.person.id) {
            matrix.try_command(caller, &command).await;
            let told = command.needs.map_or(Told::Answer, |(right, upon)| caller.told(right, upon));
            forbidden.extend((told == Told::Code("FORBIDDEN")).then_some(command.mutation));
        }
        for (path, operation, right) in
            [("/history/export", "exportHistory", &READ_AUDIT_LOG), ("/users/export", "exportUsers", &LIST_USERS)]
        {
            let told = caller.told(right, Upon::Account);
            let status = one_event_each::export(&caller.person, path).await.status;
            assert_eq!(status == 403, told == Told::Code("FORBIDDEN"), "{} takes {path}: {status}", caller.name);
            forbidden.extend((status == 403).then_some(operation));
        }
        // Those of an owner count what their keys tried before, and the owner comes after their keys.
        of_owner += forbidden.len();
        let filter = json!({ "codes": ["FORBIDDEN"], "actor": caller.attempts_of });
        let kept = newest(&matrix.world.admin, of_owner, filter).await;
        let kept: Vec<_> = kept.iter().take(forbidden.len()).rev().map(|one| one["operation"].as_str().expect("a text")).collect();
        assert_eq!(kept, forbidden, "{}", caller.name);
        if caller.is_person() || caller.is_service() {
            of_owner = 0;
        }
    }
}

#[tokio::test]
async fn every_type_and_every_command_of_the_schema_has_a_rule() {
    let world = World::start().await;
    let schema = Schema::ask(&world).await;
    let known = TYPES.iter().map(|kind| kind.name).chain(WITH_THEIR_COMMAND).chain(["Mutation", "Subscription"]);
    let known: BTreeSet<_> = known.chain(schema.types().into_iter().filter(|name| name.ends_with("Payload"))).collect();
    assert!(known.iter().eq(&schema.types()), "a type needs rules in fields.rs: {:?}", schema.types());
    let tried = commands("", "");
    let tried: BTreeSet<_> = tried.iter().map(|command| command.mutation).chain([SIGN_OUT.mutation]).collect();
    assert!(tried.iter().eq(&schema.fields("Mutation")), "a mutation needs a line in mutations.rs: {:?}", schema.fields("Mutation"));
    assert_eq!(schema.fields("Subscription"), ["userEvents"], "a subscription needs to be tried in matrix/mod.rs");
}

// A plain check of the check: what holds something is told from what holds nothing.
#[test]
fn an_answer_that_tells_something_is_noticed() {
    assert!(holds_nothing(&json!({ "user": null, "users": [{ "__typename": "User", "email": null }] })));
    for telling in [json!({ "user": { "email": "ada@acme.example" } }), json!({ "total": 0 }), json!([false])] {
        assert!(!holds_nothing(&telling), "{telling}");
    }
}
