//! What the launcher promises, tried on real servers, real signals and real folders.

mod deaths;
mod folders;
mod leftovers;
mod programs;
mod serving;
mod workshop;
