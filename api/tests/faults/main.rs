//! The fault suite: something breaks while clients work, and is repaired. Nothing that was acknowledged may be lost, nothing may happen twice,
//! and every client must be served again.
//!
//! Each fault is a test. It happens once, or `FAULTS_REPEAT` times; `make faults` prints the table of all. Start reading at `trial.rs`: a
//! trial starts the `world`, sends the clients of the `workload` off, has a fault of `kinds` happen, and asks the `judge`.

mod judge;
mod kinds;
mod postgres;
#[expect(dead_code, reason = "servers send mail here, and what they print is not looked at")]
#[path = "../program/mod.rs"]
mod program;
mod random;
mod servers;
mod trial;
mod wire;
mod workload;
mod world;

use std::time::Duration;

/// Between two looks at a condition that is waited for.
async fn pause() {
    tokio::time::sleep(Duration::from_millis(20)).await;
}
