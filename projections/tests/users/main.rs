//! The list of users.

mod collation;
mod indexes;
mod orders;
mod other_lists;
mod pages;
mod search;
mod world;
