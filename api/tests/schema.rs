//! The published schema: committed as it is served, every part explained.

use std::path::Path;

use async_graphql::Positioned;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    EnumValueDefinition, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition,
};

#[test]
fn the_committed_schema_is_the_served_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let committed = std::fs::read_to_string(&file).expect("api/schema.graphql can be read");
    assert!(committed == api::graphql::sdl(), "api/schema.graphql is out of date: run `make schema` and commit what it writes");
}

#[test]
fn every_part_of_the_schema_is_explained_in_a_sentence() {
    let document = parse_schema(api::graphql::sdl()).expect("the schema can be parsed");
    let mut unexplained = vec![];
    for definition in document.definitions {
        if let TypeSystemDefinition::Type(Positioned { node, .. }) = definition {
            examine(&node, &mut |place, description| {
                let text = description.unwrap_or_default().trim();
                // Pages are explained by the library, which writes no full stops.
                if text.len() < 9 || !(text.ends_with('.') || place.starts_with("PageInfo")) {
                    unexplained.push(place);
                }
            });
        }
    }
    assert_eq!(unexplained, Vec::<String>::new());
}

fn examine(definition: &TypeDefinition, explained: &mut impl FnMut(String, Option<&str>)) {
    let name = &definition.name.node;
    explained(name.to_string(), text(definition.description.as_ref()));
    match &definition.kind {
        TypeKind::Object(object) => fields(name, &object.fields, explained),
        TypeKind::Interface(interface) => fields(name, &interface.fields, explained),
        TypeKind::InputObject(input) => values(name, &input.fields, explained),
        TypeKind::Enum(choice) => {
            for Positioned { node: EnumValueDefinition { description, value, .. }, .. } in &choice.values {
                explained(format!("{name}.{value}"), text(description.as_ref()));
            }
        }
        TypeKind::Scalar | TypeKind::Union(_) => {}
    }
}

fn fields(of: &str, fields: &[Positioned<FieldDefinition>], explained: &mut impl FnMut(String, Option<&str>)) {
    for Positioned { node: field, .. } in fields {
        let place = format!("{of}.{}", field.name);
        explained(place.clone(), text(field.description.as_ref()));
        values(&place, &field.arguments, explained);
    }
}

fn values(of: &str, values: &[Positioned<InputValueDefinition>], explained: &mut impl FnMut(String, Option<&str>)) {
    for Positioned { node: value, .. } in values {
        explained(format!("{of}({})", value.name), text(value.description.as_ref()));
    }
}

fn text(description: Option<&Positioned<String>>) -> Option<&str> {
    description.map(|description| description.node.as_str())
}
