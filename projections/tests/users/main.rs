//! The list of users.

mod indexes;
mod orders;
mod pages;
mod world;
