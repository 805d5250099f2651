use std::convert::Infallible;

use async_graphql::{
    Positioned, Value, Variables,
    parser::types::{Directive, ExecutableDocument, Field, Selection, SelectionSet},
};

use crate::request::limits::Limits;
use crate::request::request_error::RequestError;

/// Refuses values that are longer than any input may be, in variables and in the document. So no argument of the schema is without
/// a bound, also none that comes later; the narrower bounds of single inputs are checked where they are read.
pub(crate) fn require_short(document: &ExecutableDocument, variables: &Variables, limits: &Limits) -> Result<(), RequestError> {
    let bounds = Bounds(limits);
    for value in variables.values() {
        bounds.value(value)?;
    }
    for (_, operation) in document.operations.iter() {
        for definition in &operation.node.variable_definitions {
            definition.node.default_value.as_ref().map_or(Ok(()), |default| bounds.value(&default.node))?;
            bounds.directives(&definition.node.directives)?;
        }
        bounds.directives(&operation.node.directives)?;
        bounds.selections(&operation.node.selection_set.node)?;
    }
    for fragment in document.fragments.values() {
        bounds.directives(&fragment.node.directives)?;
        bounds.selections(&fragment.node.selection_set.node)?;
    }
    Ok(())
}

struct Bounds<'a>(&'a Limits);

impl Bounds<'_> {
    fn value(&self, value: &Value) -> Result<(), RequestError> {
        match value {
            Value::String(text) if text.len() > self.0.value_bytes => Err(RequestError::TextTooLong { limit: self.0.value_bytes }),
            Value::List(items) if items.len() > self.0.list_values => Err(RequestError::ListTooLong { limit: self.0.list_values }),
            Value::List(items) => items.iter().try_for_each(|item| self.value(item)),
            Value::Object(fields) => fields.iter().try_for_each(|(name, field)| self.field_of_input(name, field)),
            _ => Ok(()),
        }
    }

    fn field_of_input(&self, name: &str, value: &Value) -> Result<(), RequestError> {
        match (self.0.long_value, value) {
            (Some((long, limit)), Value::String(text)) if long == name => {
                if text.len() > limit {
                    Err(RequestError::TextTooLong { limit })
                } else {
                    Ok(())
                }
            }
            _ => self.value(value),
        }
    }

    /// Fragments are looked at by themselves. Brackets within each other are limited before, so this ends soon.
    fn selections(&self, set: &SelectionSet) -> Result<(), RequestError> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self.directives(&spread.node.directives)?,
                Selection::InlineFragment(inline) => {
                    self.directives(&inline.node.directives)?;
                    self.selections(&inline.node.selection_set.node)?;
                }
            }
        }
        Ok(())
    }

    fn field(&self, field: &Field) -> Result<(), RequestError> {
        for (_, argument) in &field.arguments {
            self.literal(argument.node.clone().into_const_with(|_variable| Ok(Value::Null)))?;
        }
        self.directives(&field.directives)?;
        self.selections(&field.selection_set.node)
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), RequestError> {
        for (_, argument) in directives.iter().flat_map(|directive| &directive.node.arguments) {
            self.literal(argument.node.clone().into_const_with(|_variable| Ok(Value::Null)))?;
        }
        Ok(())
    }

    fn literal(&self, value: Result<Value, Infallible>) -> Result<(), RequestError> {
        let Ok(value) = value;
        self.value(&value)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;

    fn code(text: &str, variables: Json) -> Option<&'static str> {
        let document = parse_query(text).unwrap();
        let limits = Limits { value_bytes: 8, list_values: 3, ..Limits::default() };
        require_short(&document, &Variables::from_json(variables), &limits).err().map(|error| error.code())
    }

    #[test]
    fn one_field_may_be_longer_than_the_others() {
        let document = parse_query("{ a }").unwrap();
        let limits = Limits { value_bytes: 8, long_value: Some(("logo", 12)), ..Limits::default() };
        let is_short = |variables: Json| require_short(&document, &Variables::from_json(variables), &limits).is_ok();
        assert!(is_short(json!({ "input": { "logo": "123456789012" } })));
        for value in [
            json!({ "input": { "logo": "1234567890123" } }),
            json!({ "input": { "name": "123456789" } }),
            json!({ "input": { "logo": ["123456789"] } }),
        ] {
            assert!(!is_short(value));
        }
    }

    #[test]
    fn a_long_text_or_list_is_refused_wherever_it_stands() {
        let fits = r#"query($v: [String] = ["12345678"]) { a(b: {c: ["1", "2", $v]}) { d } }"#;
        assert_eq!(code(fits, json!({ "v": ["12345678", "2", "3"] })), None);
        for text in [
            r#"{ a(b: "123456789") }"#,
            r#"{ a { ... on A @skip(if: "123456789") { b } } }"#,
            r#"{ a { b(c: {d: [{e: "123456789"}]}) } }"#,
            r#"query($v: String = "123456789") { a(b: $v) }"#,
            r#"{ ...F } fragment F on Query { a(b: "123456789") }"#,
            r"{ a(b: [1, 2, 3, 4]) }",
            r"query($v: [Int] = [1, 2, 3, 4]) { a(b: $v) }",
        ] {
            assert_eq!(code(text, json!({})), Some("BAD_USER_INPUT"), "{text}");
        }
        for value in [json!("123456789"), json!(["123456789"]), json!({ "a": { "b": "123456789" } }), json!([1, 2, 3, 4])] {
            assert_eq!(code("{ a }", json!({ "v": value })), Some("BAD_USER_INPUT"), "{value}");
        }
    }
}
