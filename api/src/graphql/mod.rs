//! The GraphQL schema. Resolvers identify the caller, call one function and wrap the result. Rules and the table of permissions are in
//! `domain`, SQL is in `projections` and `commands`.
//!
//! Each subject has a folder with the same file names: its type, `inputs.rs`, `payloads.rs`, `mutations.rs` and `queries.rs`. `context.rs` is what all of
//! them use; `input.rs` and `payload.rs` define what mutations take and answer. Start reading at `users/mutations.rs` for changes, at `users/queries.rs` for reads, and at `events/` for subscriptions.

mod accounts;
mod context;
mod cost;
mod count;
mod cursor;
mod error;
mod events;
mod executor;
mod forward;
mod input;
mod keys;
mod node;
mod passwords;
mod payload;
mod projection_rebuild;
mod rows;
mod sessions;
mod users;
mod views;

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Data, MergedObject};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::workers::feed::FeedPoller;

pub use context::{Live, SessionUser};
pub use cost::{COUNT as COST_OF_COUNT, READ as COST_OF_READ};
pub use executor::Schema;

/// The description of the scalar.
const DATE_TIME: &str = "An instant in RFC 3339 format, in UTC, with up to six decimals, such as `2026-11-24T09:30:00.123456+00:00`. \
                         Arguments must be within the years 1 to 9999.";

/// All queries.
#[derive(Default, MergedObject)]
pub struct Query(
    sessions::queries::ViewerQuery,
    accounts::queries::AuthMethodQuery,
    users::links::LinkQuery,
    accounts::queries::FirstAccountQuery,
    users::queries::UserQuery,
    events::EventQuery,
    users::queries::UserListQuery,
    projection_rebuild::RebuildQuery,
    users::stats::UserStatsQuery,
    node::NodeQuery,
    events::RefusedAttemptQuery,
    accounts::sign_in_option::SignInQuery,
    accounts::brand::SignInPageQuery,
    keys::queries::KeyQuery,
    views::queries::ViewQuery,
);

/// All mutations. A mutation takes effect completely or not at all; if it is refused, `userErrors` says why.
#[derive(Default, MergedObject)]
pub struct Mutation(
    accounts::mutations::OpenAccountMutation,
    sessions::mutations::SignInMutation,
    users::mutations::UserMutation,
    accounts::mutations::AccountMutation,
    users::invite_many::BulkMutation,
    users::bulk::ManyUsersMutation,
    users::bulk::UndoMutation,
    passwords::mutations::PasswordMutation,
    sessions::mutations::SessionMutation,
    keys::mutations::KeyMutation,
    views::mutations::ViewMutation,
);

/// The maximum nesting of a query. The introspection query of common tools needs 13.
pub const MAX_DEPTH: usize = 15;
/// The maximum cost of a query in points: 1 for each field (in lists, for every entry of a page), 20 for each list or look-up, 100 for each
/// count.
pub const MAX_COMPLEXITY: usize = 5_000;

/// The schema of a running server; without `introspection` clients cannot read it.
#[must_use]
pub fn schema(app: Arc<App>, feed: Arc<FeedPoller>, introspection: bool) -> Schema {
    Schema::new(|| {
        let builder = if introspection { builder() } else { builder().disable_introspection().disable_suggestions() };
        builder.data(Arc::clone(&app)).data(Arc::clone(&feed))
    })
}

/// The data of a request for resolvers: the caller, and values that are looked up once.
#[must_use]
pub fn request_data(request: commands::Context) -> Data {
    let mut data = Data::default();
    data.insert(request);
    data.insert(users::viewer_can::ActiveAdmins::default());
    data
}

/// The schema in SDL, as committed in `api/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    let lines: Vec<_> = sdl.lines().map(|line| line.replace('\t', "  ").trim_end().to_owned()).collect();
    format!("{}\n", lines.join("\n").trim())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, events::Subscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), events::Subscription)
        // The library's own descriptions of its types do not help clients.
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME)
        .override_output_type_description::<PageInfo>("Information for paging, as defined by the Relay connection specification.")
}
