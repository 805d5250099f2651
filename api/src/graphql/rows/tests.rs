use async_graphql::{EmptyMutation, EmptySubscription, Interface, Object, Result, Schema, ServerError};
use proptest::prelude::*;
use tokio::runtime::Builder;
use tokio::task::yield_now;

use super::*;

/// A field of every kind: ready, waiting, failing, null.
#[derive(Clone, Copy)]
struct Part(usize);

#[Object]
impl Part {
    async fn number(&self) -> usize {
        self.0
    }

    async fn late(&self) -> usize {
        for _ in 0..self.0 {
            yield_now().await;
        }
        self.0
    }

    async fn never(&self) -> Option<usize> {
        None
    }

    async fn times(&self, by: usize) -> usize {
        self.0 * by
    }

    async fn fails(&self) -> Option<Result<usize>> {
        (self.0 > 0).then(|| Err("it fails".into()))
    }
}

/// An object with objects in it, by both ways.
#[derive(Clone, Copy)]
struct Thing(usize);

#[Object]
impl Thing {
    async fn number(&self) -> usize {
        self.0
    }

    async fn late(&self) -> usize {
        yield_now().await;
        self.0
    }

    async fn fails(&self) -> Option<Result<usize>> {
        (self.0 > 0).then(|| Err("it fails".into()))
    }

    async fn ordinary(&self) -> Vec<Thing> {
        vec![Self(self.0 / 2); self.0 / 2]
    }

    async fn parts(&self) -> Rows<Part> {
        (0..self.0).map(Part).collect()
    }

    async fn part(&self) -> Option<Row<Part>> {
        (self.0 > 1).then_some(Row(Part(self.0)))
    }
}

#[derive(Interface)]
#[graphql(field(name = "number", ty = "usize"))]
enum Numbered {
    Thing(Thing),
    Part(Part),
}

struct Query;

#[Object]
impl Query {
    async fn ordinary(&self) -> Vec<Thing> {
        (0..5).map(Thing).collect()
    }

    async fn rows(&self) -> Rows<Thing> {
        (0..5).map(Thing).collect()
    }

    async fn ordinary_object(&self) -> Thing {
        Thing(4)
    }

    async fn row(&self) -> Row<Thing> {
        Row(Thing(4))
    }

    async fn numbered(&self) -> Numbered {
        Thing(1).into()
    }
}

const OF_BOTH: [&str; 10] = [
    "number",
    "n: number",
    "late",
    "fails",
    "__typename",
    "t: __typename",
    "late @skip(if: true)",
    "l: late @include(if: $yes)",
    "... on Numbered { n: number }",
    "...OfNumbered @include(if: $yes)",
];
const OF_PARTS: [&str; 5] =
    ["never", "times(by: 3)", "nine: times(by: 9)", "... { never t: __typename }", "... on Part @skip(if: $yes) { never }"];
const OF_THINGS: [&str; 2] = ["...Some", "...Some @skip(if: $yes)"];

fn one_of(first: &[&'static str], second: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    prop::sample::select([first, second].concat()).prop_map(str::to_owned)
}

fn within(field: &str, selections: &[String]) -> String {
    format!("{field} {{ {} }}", selections.join(" "))
}

fn selections() -> impl Strategy<Value = String> {
    let part = (prop::sample::select(vec!["parts", "p: parts", "part"]), prop::collection::vec(one_of(&OF_BOTH, &OF_PARTS), 1..7));
    let field = prop_oneof![one_of(&OF_BOTH, &OF_THINGS), part.prop_map(|(field, set)| within(field, &set))];
    field.prop_recursive(3, 24, 6, |inner| {
        let fields = ["ordinary", "o: ordinary", "...", "... on Thing", "... @skip(if: $yes)"];
        (prop::sample::select(fields.to_vec()), prop::collection::vec(inner, 1..6)).prop_map(|(field, set)| within(field, &set))
    })
}

/// The error without where it is in the document, and without the field at the root.
fn shown(errors: Vec<ServerError>) -> Vec<String> {
    let mut shown: Vec<_> = errors.into_iter().map(|error| format!("{} at {:?}", error.message, &error.path[1..])).collect();
    shown.sort();
    shown
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_resolved_in_place_is_what_the_library_resolves(set in prop::collection::vec(selections(), 1..8)) {
        let runtime = Builder::new_current_thread().build().unwrap();
        let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
        for (ordinary, in_place) in [("ordinary", "rows"), ("ordinaryObject", "row")] {
            let run = |field: &str| {
                // Spread once more, so that no fragment is unused.
                let text = format!(
                    "query($yes: Boolean = true) {{ x: {field} {{ {} }} numbered {{ ...Some ...OfNumbered @include(if: $yes) }} }}
                    fragment Some on Thing {{ number t: __typename }} fragment OfNumbered on Numbered {{ n: number }}",
                    set.join(" "),
                );
                runtime.block_on(schema.execute(text))
            };
            let (expected, found) = (run(ordinary), run(in_place));
            prop_assert!(expected.data != Value::Null, "{:?}", expected.errors);
            prop_assert_eq!(expected.data, found.data);
            prop_assert_eq!(shown(expected.errors), shown(found.errors));
        }
    }
}
