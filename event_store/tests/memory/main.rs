//! What the event store remembers, on a real database.

mod account_feed;
mod backdating;
mod feed;
mod feed_under_load;
mod horizon;
mod lost_connections;
mod postgres_es;
mod rotation;
mod sealing;
mod streams;
mod unreadable;
mod wire;
mod world;
