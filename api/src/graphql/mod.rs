//! The GraphQL schema. Resolvers say who asks, call one door, and wrap the answer: rules live in
//! `domain`, permissions in its one table, SQL in `projections` and `commands`.
//!
//! Start reading at [`mutation`](self) for changes and at `query` for reads.

mod account;
mod answer;
mod auth_method;
mod bulk;
mod connection;
mod error;
mod inputs;
mod invitation;
mod mutation;
mod payloads;
mod query;
mod user;
mod viewer;

use std::sync::Arc;

use async_graphql::EmptySubscription;

use crate::app::App;

/// The schema over a running Roster.
pub type Schema = async_graphql::Schema<query::Query, mutation::Mutation, EmptySubscription>;

/// How deep a query may nest. The introspection query of common tools needs 13.
const MAX_DEPTH: usize = 15;
/// How many fields a query may ask for, those of lists counted once for every entry of a page.
const MAX_COMPLEXITY: usize = 5_000;

/// The schema over a running Roster.
#[must_use]
pub fn schema(app: Arc<App>) -> Schema {
    builder().data(app).limit_depth(MAX_DEPTH).limit_complexity(MAX_COMPLEXITY).finish()
}

/// The schema definition language of the schema, as committed in `api/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    let lines: Vec<_> = sdl.lines().map(|line| line.replace('\t', "  ").trim_end().to_owned()).collect();
    format!("{}\n", lines.join("\n").trim())
}

fn builder() -> async_graphql::SchemaBuilder<query::Query, mutation::Mutation, EmptySubscription> {
    async_graphql::Schema::build(query::Query, mutation::Mutation, EmptySubscription)
}
