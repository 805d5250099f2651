//! The main job, end to end, on real parts: the finished program over Postgres, a real mail server, and people who send requests.
//!
//! Start reading at `the_job.rs`: one walk from the welcome link to signing out. The other files hold what must not happen.

mod access;
mod account_settings;
mod acting_for;
mod audit_log;
mod bad_input;
mod brands;
mod browsers;
mod cross_origin;
mod cursors;
mod dashboard;
#[path = "../dashboard_documents/mod.rs"]
mod dashboard_documents;
mod database;
mod deactivation;
mod dead_links;
mod deliveries;
mod enumeration;
mod erasure;
mod erasure_search;
mod event_access;
mod events;
mod export;
mod export_access;
mod export_at_scale;
mod feed_poller;
mod first_account;
mod follower;
mod forward_auth;
mod growth;
mod guessing;
mod headers;
mod horizon;
mod input_bounds;
mod integrate;
mod letters;
mod mails;
mod many;
mod matrix;
mod memory;
mod nodes;
mod other_accounts;
mod outage;
mod outages;
mod passwords;
mod past;
mod permissions;
mod person;
#[expect(dead_code, reason = "what a server prints is not looked at")]
#[path = "../program/mod.rs"]
mod program;
mod proxy;
mod refused_attempts;
mod restore;
mod retry_after;
mod rolling_restart;
mod rotation;
mod search;
mod server;
mod stopping;
mod the_job;
mod traces;
mod two_clocks;
mod undo;
mod unreadable;
mod wire;
mod workers;
mod world;
