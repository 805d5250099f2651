//! Told to stop.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::{Args, value_parser};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::Failure;
use graphql_http::Shutdown;

/// The time limits of a shutdown.
#[derive(Args, Clone, Copy)]
#[command(next_help_heading = "Stopping")]
pub(super) struct ShutdownArgs {
    /// How long the server keeps serving after SIGTERM while /readyz returns 503, in seconds. It must be longer than proxies need to
    /// notice. Default: 5 for `roster serve`, 0 for `roster dev`. A second signal ends the wait
    #[arg(long, env = "ROSTER_SHUTDOWN_DELAY", value_name = "SECONDS", value_parser = value_parser!(u64).range(0..=600))]
    shutdown_delay: Option<u64>,
    /// How long after SIGTERM the process ends at the latest, in seconds. It must be less than your process manager waits before SIGKILL
    #[arg(long, env = "ROSTER_SHUTDOWN_TIMEOUT", value_name = "SECONDS", default_value_t = 25, value_parser = value_parser!(u64).range(1..=900))]
    shutdown_timeout: u64,
}

impl ShutdownArgs {
    /// The delay, with this default, and the timeout.
    pub(super) fn times(self, usual_delay: u64) -> Result<(Duration, Duration), Failure> {
        // Where only the time-out is set, it may be shorter than the usual delay.
        let delay = self.shutdown_delay.unwrap_or_else(|| usual_delay.min(self.shutdown_timeout / 2));
        if delay >= self.shutdown_timeout {
            return Err("set ROSTER_SHUTDOWN_TIMEOUT to more than ROSTER_SHUTDOWN_DELAY: it includes the delay, and running requests \
                        need time to finish after it"
                .into());
        }
        Ok((Duration::from_secs(delay), Duration::from_secs(self.shutdown_timeout)))
    }
}

/// The signals that a server listens for.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
    /// Whether SIGHUP means that the terminal from which the server was started is gone.
    has_terminal: bool,
}

/// A shutdown that starts with Ctrl-C or SIGTERM. The next signal ends the delay, a third one ends everything that still runs.
///
/// # Errors
/// When the operating system does not allow listening for signals.
pub(super) fn shutdown_on_signal(delay: Duration, timeout: Duration) -> io::Result<Shutdown> {
    let mut signals = Signals::listen()?;
    let shutdown = Shutdown::default();
    let stages = shutdown.clone();
    tokio::spawn(async move {
        signals.asked_to_stop().await;
        let began = Instant::now();
        info!(delay_seconds = delay.as_secs(), timeout_seconds = timeout.as_secs(), "stopping: requests under way are finished first");
        stages.leave();
        tokio::select! {
            () = sleep_until(began + delay) => {}
            () = signals.asked_to_stop() => info!("the delay is over: a second signal came"),
        }
        stages.close();
        tokio::select! {
            () = sleep_until(began + timeout) => {}
            () = signals.asked_to_stop() => warn!("another signal came: what is under way is cut off"),
        }
        stages.cut();
    });
    Ok(shutdown)
}

/// A token that is cancelled by Ctrl-C or SIGTERM.
///
/// # Errors
/// When the operating system does not allow listening for signals.
pub(super) fn on_signal() -> io::Result<CancellationToken> {
    let mut signals = Signals::listen()?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        signals.asked_to_stop().await;
        info!("stopping");
        stop.cancel();
    });
    Ok(token)
}

impl Signals {
    fn listen() -> io::Result<Self> {
        let has_terminal = io::stdin().is_terminal() || io::stderr().is_terminal();
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            has_terminal,
        })
    }

    async fn asked_to_stop(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hangup.recv() => {
                    if self.has_terminal {
                        return;
                    }
                    warn!("SIGHUP is ignored: settings are read when the process starts, so restart it to change them");
                }
            }
        }
    }
}
