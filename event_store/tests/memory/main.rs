//! What the event store promises, on a real Postgres.

mod account_feed;
mod feed;
mod lost_connections;
mod postgres_es;
mod sealing;
mod streams;
mod world;
