//! The list of users.

mod collation;
mod counts;
mod indexes;
mod orders;
mod other_lists;
mod pages;
mod search;
mod world;
