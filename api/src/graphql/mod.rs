//! The GraphQL schema. Resolvers say who asks, call one door, and wrap the answer: rules live in
//! `domain`, permissions in its one table, SQL in `projections` and `commands`.
//!
//! Start reading at [`mutation`](self) for changes, at `query` for reads, and at `events` for subscriptions.

mod account;
mod answer;
mod api_keys;
mod as_of;
mod auth_method;
mod bulk;
mod connection;
mod cost;
mod cursor;
mod delivery;
mod error;
mod events;
mod inputs;
mod links;
mod mutation;
mod named_limits;
mod node;
mod passwords;
mod payloads;
mod query;
mod rebuild;
mod resend_failed;
mod service_keys;
mod sessions;
mod sign_in_option;
mod stats;
mod user;
mod user_changes;
mod viewer;
mod viewer_can;

use std::sync::Arc;

use async_graphql::connection::PageInfo;
use async_graphql::{Data, MergedObject};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::feed_poller::FeedPoller;

pub use answer::Live;
pub(crate) use connection::{MAX_SEARCH, OrderDirection, UserOrderField};
pub use cost::{COUNT as COST_OF_COUNT, READ as COST_OF_READ};
pub(crate) use cursor::write_event_cursor;
pub(crate) use delivery::{DeliveryState, kept};
pub(crate) use events::{
    ActorKind, EventType, address, changes, names_of_actor, narrow_to_types, stored_type, summary, summary_of_unreadable,
};
pub(crate) use user::{Role, UserStatus};

/// What clients read of the scalar.
const DATE_TIME: &str = "An instant as text: RFC 3339 in UTC, with up to six decimals, such as `2026-11-24T09:30:00.123456+00:00`. \
                         Arguments lie within the years 1 to 9999.";

/// Everything that can be asked.
#[derive(Default, MergedObject)]
pub struct Query(
    query::UserQuery,
    node::NodeQuery,
    events::RefusedAttemptQuery,
    sign_in_option::SignInQuery,
    api_keys::ApiKeyQuery,
    service_keys::ServiceKeyQuery,
);

/// Everything that changes something. A mutation happens wholly or not at all, and says why not.
#[derive(Default, MergedObject)]
pub struct Mutation(
    mutation::UserMutation,
    passwords::PasswordMutation,
    sessions::SessionMutation,
    api_keys::ApiKeyMutation,
    service_keys::ServiceKeyMutation,
);

/// The schema over a running Roster.
pub type Schema = async_graphql::Schema<Query, Mutation, events::Subscription>;

/// How deep a query may nest. The introspection query of common tools needs 13.
pub const MAX_DEPTH: usize = 15;
/// How many points a query may cost: one for each field, those of lists counted for every entry of a page, 20 for each list or
/// look-up, and 100 for each count.
pub const MAX_COMPLEXITY: usize = 5_000;

/// The schema over a running Roster; without `introspection` nobody is told what it has.
#[must_use]
pub fn schema(app: Arc<App>, feed: Arc<FeedPoller>, introspection: bool) -> Schema {
    let builder = if introspection { builder() } else { builder().disable_introspection().disable_suggestions() };
    builder.data(app).data(feed).extension(named_limits::NamedLimits).limit_depth(MAX_DEPTH).limit_complexity(MAX_COMPLEXITY).finish()
}

/// What resolvers find beside a request: who asks, and what is looked up once for it.
#[must_use]
pub fn request_data(request: commands::Context) -> Data {
    let mut data = Data::default();
    data.insert(request);
    data.insert(viewer_can::ActiveAdmins::default());
    data
}

/// The schema definition language of the schema, as committed in `api/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    let sdl = builder().finish().sdl();
    let lines: Vec<_> = sdl.lines().map(|line| line.replace('\t', "  ").trim_end().to_owned()).collect();
    format!("{}\n", lines.join("\n").trim())
}

fn builder() -> async_graphql::SchemaBuilder<Query, Mutation, events::Subscription> {
    async_graphql::Schema::build(Query::default(), Mutation::default(), events::Subscription)
        // What the library says of its own types is no help to a client.
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME)
        .override_output_type_description::<PageInfo>("Where a page lies in its list, as the Relay connection specification has it.")
}
