//! Black box: the real server on a port of its own, a small schema, and clients over TCP.

mod audit;
mod connections;
mod graphql;
mod limits;
mod pages;
mod running;
mod schema;
mod sockets;
