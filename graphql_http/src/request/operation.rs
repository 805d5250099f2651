use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, ServerError, Value, Variables,
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet},
    },
};

use crate::request::limits::Limits;
use crate::request::request_error::RequestError;
use crate::request::scan::scan;

/// How deep selections and fragments may lie within each other: what counts them is recursive. async-graphql refuses at 32, but
/// walks every path to find out, and a kilobyte of fragments that spread each other twice makes millions (18 took two seconds).
const DEEPEST: usize = 64;

/// Parses an operation's text and refuses what would cost too much to validate or to run.
pub(crate) fn parse(text: &str, limits: &Limits) -> Result<ExecutableDocument, RequestError> {
    scan(text, limits)?;
    let document = parse_query(text).map_err(|error| {
        let error = ServerError::from(error);
        RequestError::Syntax { message: error.message, locations: error.locations }
    })?;
    require_affordable(&document, limits)?;
    Ok(document)
}

/// The operation that will run, chosen as the schema chooses it.
pub(crate) fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, RequestError> {
    let operation: Option<&Positioned<OperationDefinition>> = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Multiple(_), None) => {
            return Err(RequestError::NoSuchOperation("The document has several operations: say which in `operationName`"));
        }
    };
    operation.map(|operation| &operation.node).ok_or(RequestError::NoSuchOperation("The document has no operation of this name"))
}

/// Refuses an operation whose required variables are not all given. async-graphql notices only when it comes to the field that
/// reads one, when the fields of a mutation before it have already taken effect.
pub(crate) fn require_variables(operation: &OperationDefinition, given: &Variables) -> Result<(), RequestError> {
    let missing = operation.variable_definitions.iter().map(|definition| &definition.node).find(|definition| {
        let value = given.get(&definition.name.node);
        let is_given = value.is_some_and(|value| *value != Value::Null);
        let has_default = value.is_none() && definition.default_value.is_some();
        !definition.var_type.node.nullable && !is_given && !has_default
    });
    missing.map_or(Ok(()), |definition| {
        Err(RequestError::MissingVariable { name: definition.name.node.to_string(), kind: definition.var_type.node.to_string() })
    })
}

fn require_affordable(document: &ExecutableDocument, limits: &Limits) -> Result<(), RequestError> {
    let mut counter = Counter { fragments: &document.fragments, introspection: limits.introspection, counted: HashMap::new() };
    for name in document.fragments.keys() {
        counter.fragment(name, 0)?;
    }
    let mut total = Cost::default();
    for (_, operation) in document.operations.iter() {
        let cost = counter.selections(&operation.node.selection_set.node, 0)?;
        if operation.node.ty == OperationType::Mutation && cost.roots > limits.mutation_fields {
            return Err(RequestError::TooComplex { of: "fields at the root of a mutation", limit: limits.mutation_fields });
        }
        total.add(cost);
    }
    if total.fields > limits.fields {
        return Err(RequestError::TooComplex { of: "fields", limit: limits.fields });
    }
    if total.aliases > limits.aliases {
        return Err(RequestError::TooComplex { of: "aliases", limit: limits.aliases });
    }
    Ok(())
}

/// What a selection costs with every fragment written out.
#[derive(Debug, Default, Clone, Copy)]
struct Cost {
    fields: usize,
    aliases: usize,
    roots: usize,
}

impl Cost {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.roots = self.roots.saturating_add(other.roots);
    }
}

struct Counter<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    introspection: bool,
    /// Each fragment is counted once; none while it is being counted.
    counted: HashMap<&'a Name, Option<Cost>>,
}

impl<'a> Counter<'a> {
    fn selections(&mut self, set: &'a SelectionSet, depth: usize) -> Result<Cost, RequestError> {
        if depth > DEEPEST {
            return Err(RequestError::TooComplex { of: "selections within each other", limit: DEEPEST });
        }
        let mut cost = Cost::default();
        for selection in &set.items {
            cost.add(match &selection.node {
                Selection::Field(field) if !self.introspection && matches!(field.node.name.node.as_str(), "__schema" | "__type") => {
                    return Err(RequestError::IntrospectionDisabled);
                }
                Selection::Field(field) => {
                    let inner = self.selections(&field.node.selection_set.node, depth + 1)?;
                    let aliases = inner.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                    Cost { fields: inner.fields.saturating_add(1), aliases, roots: 1 }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.node.selection_set.node, depth + 1)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, depth + 1)?,
            });
        }
        Ok(cost)
    }

    /// An unknown fragment costs nothing: validation names it.
    fn fragment(&mut self, name: &Name, depth: usize) -> Result<Cost, RequestError> {
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Cost::default()) };
        match self.counted.get(name) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => return Err(RequestError::FragmentCycle { name: name.to_string() }),
            None => {}
        }
        self.counted.insert(name, None);
        let cost = self.selections(&fragment.node.selection_set.node, depth)?;
        self.counted.insert(name, Some(cost));
        Ok(cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        parse(text, &Limits::default()).err().map(|error| error.code())
    }

    #[test]
    fn a_document_that_costs_too_much_is_refused_before_it_is_validated() {
        let aliases = |count: usize| (0..count).map(|n| format!("a{n}: a ")).collect::<Vec<_>>().concat();
        let fields = |count: usize| "a ".repeat(count);
        let doubled = |levels: usize| {
            let fragments = (0..levels).map(|n| format!("fragment F{n} on Query {{ ...F{next} ...F{next} }} ", next = n + 1));
            format!("{{ ...F0 }} fragment F{levels} on Query {{ a }} {}", fragments.collect::<Vec<_>>().concat())
        };
        let chain = |levels: usize| {
            let fragments = (0..levels).map(|n| format!("fragment F{n} on Query {{ ...F{} }} ", n + 1));
            format!("{{ a }} fragment F{levels} on Query {{ a }} {}", fragments.collect::<Vec<_>>().concat())
        };
        for (text, expected) in [
            (format!("{{ {} }}", aliases(200)), None),
            (format!("{{ {} }}", aliases(201)), Some("QUERY_TOO_COMPLEX")),
            (format!("{{ {} }}", fields(2_000)), None),
            (format!("{{ {} }}", fields(2_001)), Some("QUERY_TOO_COMPLEX")),
            (format!("query A {{ {0} }} query B {{ {0} }}", fields(1_001)), Some("QUERY_TOO_COMPLEX")),
            (format!("mutation {{ {} }}", aliases(10)), None),
            (format!("mutation {{ {} }}", aliases(11)), Some("QUERY_TOO_COMPLEX")),
            (format!("mutation {{ ...F ... {{ ...F }} }} fragment F on M {{ {} }}", fields(6)), Some("QUERY_TOO_COMPLEX")),
            (format!("query A {{ a }} mutation B {{ {} }}", fields(11)), Some("QUERY_TOO_COMPLEX")),
            (doubled(10), None),
            (doubled(11), Some("QUERY_TOO_COMPLEX")),
            (doubled(60), Some("QUERY_TOO_COMPLEX")),
            (chain(600), Some("QUERY_TOO_COMPLEX")),
            ("{ ...F } fragment F on Query { ...F }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
            ("{ a } fragment F on Query { a { ...G } } fragment G on Query { ...F }".to_owned(), Some("GRAPHQL_VALIDATION_FAILED")),
            ("{ ...Unknown }".to_owned(), None),
            ("{".to_owned(), Some("GRAPHQL_PARSE_FAILED")),
            (String::new(), Some("GRAPHQL_PARSE_FAILED")),
        ] {
            assert_eq!(code(&text), expected, "{text:.80}");
        }
    }

    #[test]
    fn without_introspection_the_schema_cannot_be_asked_for_in_any_disguise() {
        let limits = Limits { introspection: false, ..Limits::default() };
        for (text, is_refused) in [
            ("{ __schema { types { name } } }", true),
            ("{ a: __schema { types { name } } }", true),
            ("query A { a } query B { __type(name: \"User\") { name } }", true),
            ("{ ... { ...F } } fragment F on Query { x: __type(name: \"User\") { name } }", true),
            ("{ __typename a { __typename } schema type }", false),
            ("{ a(b: \"__schema\") } # __schema", false),
        ] {
            let refused = parse(text, &limits).is_err_and(|error| error.code() == "INTROSPECTION_DISABLED");
            assert_eq!(refused, is_refused, "{text}");
            assert!(parse(text, &Limits::default()).is_ok(), "{text}");
        }
    }

    #[test]
    fn the_operation_is_the_named_one_or_the_only_one() {
        let both = "query A { a } mutation B { b }";
        for (text, name, expected) in [
            ("{ a }", None, Some(OperationType::Query)),
            ("{ a }", Some("A"), None),
            ("mutation { a }", None, Some(OperationType::Mutation)),
            ("subscription { a }", None, Some(OperationType::Subscription)),
            ("mutation A { a }", None, Some(OperationType::Mutation)),
            ("mutation A { a }", Some("A"), Some(OperationType::Mutation)),
            ("query A { a }", Some("a"), None),
            (both, Some("A"), Some(OperationType::Query)),
            (both, Some("B"), Some(OperationType::Mutation)),
            (both, None, None),
            (both, Some(""), None),
        ] {
            let document = parse(text, &Limits::default()).unwrap();
            assert_eq!(selected(&document, name).ok().map(|operation| operation.ty), expected, "{text} {name:?}");
        }
    }

    #[test]
    fn a_required_variable_must_be_given() {
        for (text, variables, is_complete) in [
            ("query($n: Int!) { a(n: $n) }", r#"{"n":1}"#, true),
            ("query($n: Int!) { a(n: $n) }", "{}", false),
            ("query($n: Int!) { a(n: $n) }", r#"{"n":null}"#, false),
            ("query($n: Int! = 1) { a(n: $n) }", "{}", true),
            ("query($n: Int! = 1) { a(n: $n) }", r#"{"n":null}"#, false),
            ("query($n: Int) { a(n: $n) }", "{}", true),
            ("query($n: [Int!]) { a(n: $n) }", "{}", true),
            ("query($n: [Int]!) { a(n: $n) }", "{}", false),
            ("{ a }", "{}", true),
        ] {
            let document = parse(text, &Limits::default()).unwrap();
            let given = Variables::from_json(serde_json::from_str(variables).unwrap());
            assert_eq!(require_variables(selected(&document, None).unwrap(), &given).is_ok(), is_complete, "{text} {variables}");
        }
    }
}
