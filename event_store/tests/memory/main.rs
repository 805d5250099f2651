//! What the event store remembers, on a real database.

mod account_feed;
mod collation;
mod feed;
mod feed_under_load;
mod identity;
mod lost_connections;
mod postgres_es;
mod rotation;
mod sealing;
mod streams;
mod wire;
mod world;
