//! The servers are restarted one after the other, as for an upgrade, behind a load balancer that asks `/readyz`.

use std::time::Instant;

use reqwest::StatusCode;
use rustix::process::Signal;

use crate::pause;
use crate::servers::COUNT;
use crate::trial::{TIMEOUT, Trial};

/// Waits as a load balancer does until a server says that it is going, or is gone.
async fn until_not_ready(url: &str) {
    let began = Instant::now();
    let http = reqwest::Client::new();
    loop {
        let answer = http.get(format!("{url}/readyz")).timeout(TIMEOUT).send().await;
        if answer.is_err() || answer.is_ok_and(|answer| answer.status() == StatusCode::SERVICE_UNAVAILABLE) {
            return;
        }
        assert!(began.elapsed() < TIMEOUT, "a server that was told to stop goes on to say that it is ready");
        pause().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_disturbs_no_request() {
    let mut trial = Trial::start(16, "rolling restart").await;
    while trial.again().await {
        for which in 0..COUNT {
            let url = trial.world.servers.get(which).url.clone();
            trial.world.servers.signal(which, Signal::TERM);
            until_not_ready(&url).await;
            trial.world.servers.take_out(which);
            let ended = trial.world.servers.ended(which).await;
            assert_eq!(ended.code, Some(0), "{ended:?}");
            trial.world.servers.start(which).await;
            trial.served_after(Instant::now()).await;
        }
    }
    let notes = trial.world.journal.notes();
    trial.judge().await;
    assert_eq!(notes.failed(), 0, "{notes}");
}
