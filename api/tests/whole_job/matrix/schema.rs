//! The schema as the server tells it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::World;

/// The fields of every object type: name, and whether it has fields of its own.
pub(super) struct Schema {
    types: BTreeMap<String, BTreeMap<String, bool>>,
}

impl Schema {
    pub(super) async fn ask(world: &World) -> Self {
        const TYPE: &str = "kind ofType { kind ofType { kind ofType { kind } } }";
        let query = format!("{{ __schema {{ types {{ kind name fields {{ name type {{ {TYPE} }} }} }} }} }}");
        let answer = world.visitor().ask(&query, json!({})).await;
        let types = answer.body["data"]["__schema"]["types"].as_array().expect("a list");
        let objects = types.iter().filter(|kind| kind["kind"] == "OBJECT");
        let named = |value: &Value| value["name"].as_str().expect("a name").to_owned();
        let fields =
            |object: &Value| object["fields"].as_array().expect("a list").iter().map(|f| (named(f), is_object(&f["type"]))).collect();
        let types = objects.map(|object| (named(object), fields(object))).filter(|(name, _)| !name.starts_with("__")).collect();
        Self { types }
    }

    /// The names of all object types.
    pub(super) fn types(&self) -> Vec<&str> {
        self.types.keys().map(String::as_str).collect()
    }

    /// The names of the fields of a type.
    pub(super) fn fields(&self, kind: &str) -> Vec<&str> {
        self.types.get(kind).unwrap_or_else(|| panic!("the schema has no type {kind}")).keys().map(String::as_str).collect()
    }

    /// A field as it is asked for.
    pub(super) fn selection(&self, kind: &str, field: &str, arguments: &str) -> String {
        let inner = if self.types[kind][field] { " { __typename }" } else { "" };
        format!("{field}{arguments}{inner}")
    }

    /// All fields of a type as they are asked for.
    pub(super) fn selections(&self, kind: &str) -> String {
        self.fields(kind).into_iter().map(|field| self.selection(kind, field, "")).collect::<Vec<_>>().join(" ")
    }
}

fn is_object(kind: &Value) -> bool {
    ["OBJECT", "INTERFACE"].iter().any(|object| kind["kind"] == *object) || (kind["ofType"].is_object() && is_object(&kind["ofType"]))
}
