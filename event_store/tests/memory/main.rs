//! What the event store remembers, on a real database.

mod account_feed;
mod account_log;
mod backdating;
mod collation;
mod feed;
mod feed_under_load;
mod horizon;
mod identity;
mod lost_connections;
mod postgres_es;
mod reads;
mod rotation;
mod sealing;
mod streams;
mod unreadable;
mod wire;
mod world;
