//! The list of users.

mod collation;
mod indexes;
mod orders;
mod pages;
mod search;
mod world;
