//! The faults, a file for each kind.

mod disk;
mod freeze;
mod kill;
mod lock;
mod network;
mod pooler;
mod restore;
mod rolling;
mod standby;
mod together;
