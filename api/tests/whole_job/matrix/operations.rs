//! Every operation as a document, for tests that want to have asked everything.

use serde_json::{Value, json};

use super::fields::TYPES;
use super::mutations::commands;
use super::schema::Schema;
use crate::letters::token_of;
use crate::world::World;

/// Documents and variables of every operation, as an admin sends them: for each way to a type its fields together, and every mutation
/// that changes nothing.
pub(crate) async fn operations(world: &World) -> Vec<(String, Value)> {
    let schema = Schema::ask(world).await;
    let ivo = world.invite("ivo@acme.example", "VIEWER").await;
    let link = token_of(&world.smtp.wait_for("ivo@acme.example", 1).await[0], &world.roster.url, "acme");
    world.until_mail_is_settled().await;
    let then = crate::past::clock(world).await;
    let fill = |document: String| {
        let document = document.replace("OTHER", &ivo).replace("MEMBER", &world.admin.id).replace("LINK", &link);
        document.replace("RESET", "none").replace("SELF", &world.admin.id).replace("THEN", &then)
    };
    let mut operations = vec![];
    for kind in TYPES {
        let guarded = kind.guarded.iter().map(|field| (field.name, field.arguments));
        let fields = kind.plain.iter().map(|name| (*name, "")).chain(guarded);
        let selections: Vec<_> = fields.map(|(name, arguments)| schema.selection(kind.name, name, arguments)).collect();
        for route in kind.routes {
            operations.push((fill(route.document.replace('%', &selections.join(" "))), json!({})));
            // And each by itself where they are many requests in one.
            let each = selections.iter().filter(|_| kind.name == "Query");
            operations.extend(each.map(|selection| (fill(route.document.replace('%', selection)), json!({}))));
        }
    }
    for command in commands(&ivo, &world.admin.id) {
        let name = command.mutation;
        let kind = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        let document = match command.input {
            Some(_) => format!("mutation($input: {kind}Input!) {{ {name}(input: $input) {{ __typename }} }}"),
            None => format!("mutation {{ {name} {{ __typename }} }}"),
        };
        operations.push((document, json!({ "input": command.input })));
    }
    operations
}
