//! The network between servers and Postgres loses connections without telling anyone.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::trial::Trial;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_a_firewall_forgot_are_replaced() {
    let mut trial = Trial::start(5, "forgotten connections").await;
    while trial.again().await {
        trial.world.servers.wires.iter().for_each(crate::wire::Wire::forget);
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_black_hole_before_one_server_does_not_stop_the_other() {
    let mut trial = Trial::start(6, "black hole before one server").await;
    while trial.again().await {
        let victim = trial.any_server();
        trial.world.servers.wires[victim].darken();
        trial.served_during(Instant::now()).await;
        trial.world.servers.wires[victim].lighten();
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_black_hole_before_every_server_is_survived() {
    /// Longer than a packet is usually repeated at once.
    const LASTS: Duration = Duration::from_secs(4);
    let mut trial = Trial::start(7, "black hole before all servers").await;
    while trial.again().await {
        trial.world.servers.wires.iter().for_each(crate::wire::Wire::darken);
        sleep(LASTS).await;
        trial.world.servers.wires.iter().for_each(crate::wire::Wire::lighten);
        trial.served_after(Instant::now()).await;
    }
    trial.judge().await;
}
