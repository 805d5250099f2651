//! How long people stay signed in.

use chrono::TimeDelta;
use clap::Args;
use commands::SessionLifetime;

/// The lifetime of sessions.
#[derive(Args)]
#[command(next_help_heading = "Sessions")]
pub(super) struct SessionArgs {
    /// How long a session lasts, in days
    #[arg(long, env = "ROSTER_SESSION_DAYS", value_name = "DAYS", default_value_t = 14, value_parser = clap::value_parser!(u16).range(1..=365))]
    session_days: u16,
    /// How long a session lasts without a request, in hours
    #[arg(long, env = "ROSTER_SESSION_IDLE_HOURS", value_name = "HOURS", default_value_t = 72, value_parser = clap::value_parser!(u16).range(1..))]
    session_idle_hours: u16,
}

impl SessionArgs {
    pub(super) fn lifetime(&self) -> SessionLifetime {
        SessionLifetime { longest: TimeDelta::days(self.session_days.into()), idle: TimeDelta::hours(self.session_idle_hours.into()) }
    }
}
