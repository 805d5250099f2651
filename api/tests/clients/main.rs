//! Clients that have never seen Roster: a browser with GraphiQL, a reader of `docs/api.md`, a typed client, and one that sends what it
//! should not. All of them against the finished program.

mod acting_for;
mod costly_requests;
#[path = "../dashboard_documents/mod.rs"]
mod dashboard_documents;
mod dashboard_queries;
mod documentation;
mod export_page;
mod graphiql;
mod introspection;
mod node;
#[expect(dead_code, unused_imports, reason = "a development server is all that is started here")]
#[path = "../program/mod.rs"]
mod program;
mod security_page;
mod server;
mod typed_client;
