//! The schema as the server tells it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::World;

/// The fields of every object type: name, and the object type that it leads to.
pub(super) struct Schema {
    types: BTreeMap<String, BTreeMap<String, Option<String>>>,
}

impl Schema {
    pub(super) async fn ask(world: &World) -> Self {
        const TYPE: &str = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
        let query = format!("{{ __schema {{ types {{ kind name fields(includeDeprecated: true) {{ name type {{ {TYPE} }} }} }} }} }}");
        let answer = world.visitor().ask(&query, json!({})).await;
        let types = answer.body["data"]["__schema"]["types"].as_array().expect("a list");
        let objects = types.iter().filter(|kind| kind["kind"] == "OBJECT");
        let named = |value: &Value| value["name"].as_str().expect("a name").to_owned();
        let fields =
            |object: &Value| object["fields"].as_array().expect("a list").iter().map(|f| (named(f), object_of(&f["type"]))).collect();
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
        let inner = if self.types[kind][field].is_some() { " { __typename }" } else { "" };
        format!("{field}{arguments}{inner}")
    }

    /// All fields of a type, and of the types that they lead to, down to this depth.
    pub(super) fn whole(&self, kind: &str, depth: usize) -> String {
        let field = |(name, inner): (&String, &Option<String>)| match inner {
            None => name.clone(),
            Some(_) if depth == 0 => format!("{name} {{ __typename }}"),
            Some(inner) => format!("{name} {{ {} }}", self.whole(inner, depth - 1)),
        };
        self.types[kind].iter().map(field).collect::<Vec<_>>().join(" ")
    }

    /// The object type that a field leads to.
    pub(super) fn object(&self, kind: &str, field: &str) -> Option<&str> {
        self.types.get(kind)?.get(field)?.as_deref()
    }

    /// The fields of a type that lead to an object of another.
    pub(super) fn leading_to(&self, kind: &str, object: &str) -> Vec<&str> {
        self.types[kind].iter().filter(|(_, inner)| inner.as_deref() == Some(object)).map(|(name, _)| name.as_str()).collect()
    }

    /// All fields of a type as they are asked for.
    pub(super) fn selections(&self, kind: &str) -> String {
        self.fields(kind).into_iter().map(|field| self.selection(kind, field, "")).collect::<Vec<_>>().join(" ")
    }
}

fn object_of(kind: &Value) -> Option<String> {
    match kind["kind"].as_str() {
        Some("OBJECT" | "INTERFACE") => kind["name"].as_str().map(str::to_owned),
        _ if kind["ofType"].is_object() => object_of(&kind["ofType"]),
        _ => None,
    }
}
