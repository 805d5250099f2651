use std::collections::BTreeSet;

use async_graphql::registry::{MetaField, MetaType, Registry};
use async_graphql::{OutputType, SubscriptionType};

use crate::graphql::cost::*;
use crate::graphql::events::Subscription;
use crate::graphql::{MAX_COMPLEXITY, Mutation, Query};

/// Lists that are part of an object that was read already, and their lengths.
const SHORT_LISTS: &[(&str, &str)] = &[
    ("Account.authMethods", "the ways to sign in that are configured"),
    ("ApiKey.scopes", "one for each scope"),
    ("ServiceKey.scopes", "one for each scope"),
    ("Event.changes", "the fields that one event changes"),
    ("InvitationPreview.authMethods", "the ways to sign in that are configured"),
    ("Query.authMethods", "the ways to sign in that are configured"),
    ("User.authMethods", "the ways to sign in that are configured"),
    ("UserError.currentCount", "a number that the refusal has already"),
    ("UserError.expectedCount", "a number that the refusal has already"),
    ("UpdateUserPayload.eventIds", "at most one id for each field of the input, known from the command"),
    ("UserError.field", "the parts of a path"),
    ("UserStats.byRole", "one for each role"),
    ("UserStats.byStatus", "one for each status"),
];

fn fields() -> Vec<(String, MetaField)> {
    let mut registry = Registry::default();
    Query::create_type_info(&mut registry);
    Mutation::create_type_info(&mut registry);
    Subscription::create_type_info(&mut registry);
    let mut fields = vec![];
    for (kind, meta) in registry.types {
        // The parts of a merged object are not types of the schema.
        let is_part = kind.ends_with("MergedObjectTail") || kind != "Query" && kind.ends_with("Query");
        if let MetaType::Object { fields: found, .. } = meta
            && !is_part
        {
            fields.extend(found.into_iter().map(|(name, field)| (format!("{kind}.{name}"), field)));
        }
    }
    fields
}

#[test]
fn every_list_and_every_count_of_the_schema_has_a_cost() {
    let (mut without, mut seen) = (vec![], BTreeSet::new());
    for (place, field) in fields() {
        let (kind, name) = place.split_once('.').expect("a type and a field");
        let is_list = field.ty.contains('[') || field.ty.trim_end_matches('!').ends_with("Connection");
        let is_count = name.ends_with("Count") || field.ty.trim_end_matches('!').ends_with("Stats");
        // The field with the page counts its entries by the page size.
        let is_of_a_page = kind.ends_with("Connection") && matches!(name, "nodes" | "edges");
        let is_short = name == "userErrors" || SHORT_LISTS.iter().any(|(short, _)| *short == place);
        if is_list || is_count {
            seen.insert(place.clone());
        }
        if (is_list || is_count) && !is_of_a_page && !is_short && field.compute_complexity.is_none() {
            without.push(place);
        }
    }
    assert_eq!(without, Vec::<String>::new(), "give these a cost (#[graphql(complexity = …)], see cost.rs), or say why they are short");
    assert!(seen.contains("Query.auditLog") && seen.contains("Viewer.sessions") && seen.contains("UserConnection.totalCount"), "{seen:?}");
    for (short, why) in SHORT_LISTS {
        assert!(seen.contains(*short), "{short} is no list any more ({why})");
    }
}

#[test]
fn every_field_of_a_query_that_reads_the_database_has_a_cost() {
    let free = ["authMethods"];
    let without = fields().into_iter().filter(|(place, field)| {
        let name = place.strip_prefix("Query.");
        name.is_some_and(|name| !name.starts_with("__") && !free.contains(&name)) && field.compute_complexity.is_none()
    });
    assert_eq!(without.map(|(place, _)| place).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn entries_count_for_each_and_counts_count_once() {
    assert_eq!(page(Some(10), 3), READ + 30);
    assert_eq!(page(None, 3), READ + 150);
    assert_eq!(page(Some(10), 3 + total_count()), READ + 30 + COUNT);
    assert_eq!(page(Some(0), 3 + 2 * total_count()), READ + 2 * COUNT, "an empty page is read, and two counts are counted");
    for size in [-1, i32::MIN] {
        assert_eq!(page(Some(size), 3), READ);
    }
    assert_eq!(page(Some(i32::MAX), 3), page(Some(100), 3));
}

#[test]
fn things_that_are_looked_up_one_by_one_cost_a_look_each() {
    assert_eq!(nodes(3, 5), READ + 3 * (READ + 5));
    assert!(nodes(100, 5) < MAX_COMPLEXITY && nodes(100, page(Some(10), 1)) > MAX_COMPLEXITY);
}

#[test]
fn a_list_in_a_list_is_read_for_each_entry() {
    let history = page(Some(1), 1 + total_count());
    assert_eq!(page(Some(10), history), READ + 10 * (READ + 1 + COUNT));
}

#[test]
fn nothing_wraps_around() {
    let mut deep = 1;
    for _ in 0..64 {
        deep = page(Some(100), deep);
    }
    // The maximum number of fields in a document.
    let wide = page(Some(1), deep * 2_000);
    assert!(deep > MAX_COMPLEXITY && wide > MAX_COMPLEXITY, "{deep} {wide}");
    assert!(rows(deep) > MAX_COMPLEXITY && total_count() > MAX_COMPLEXITY);
}

#[test]
fn of_a_thousand_rows_their_own_fields_may_be_asked_for_but_no_list() {
    assert!(rows(12) < MAX_COMPLEXITY);
    assert!(rows(page(Some(0), 1)) > MAX_COMPLEXITY);
}
