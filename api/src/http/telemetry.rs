//! What the process says about itself: events on standard error, for a person where it is a terminal, as JSON lines elsewhere.

use std::{
    env::{self, VarError},
    io::{self, IsTerminal},
    panic::{self, PanicHookInfo},
};

use thiserror::Error;
use tracing::error;
use tracing_subscriber::{
    EnvFilter,
    filter::ParseError,
    fmt,
    layer::SubscriberExt,
    util::{SubscriberInitExt, TryInitError},
};

/// The variable that says what is logged: `info`, `debug,api=trace`, …
const VARIABLE: &str = "ROSTER_LOG";
const DEFAULT: &str = "info";

/// What speaks at length of things that are rarely ours. A wish that names one of them wins over this. Of connections that are lost, and
/// of the database, [`event_store::Health`] tells.
const QUIET: &str = "sqlx=warn,sqlx_core::pool=off,sqlx::postgres::notice=error,hyper=warn,hyper_util=warn,h2=warn,rustls=warn,lettre=warn";

/// Why nothing can be logged.
#[derive(Debug, Error)]
pub enum TelemetryError {
    /// The variable is not a filter.
    #[error("ROSTER_LOG is not a list of levels such as `info` or `info,api=debug`")]
    Filter(#[source] ParseError),
    /// The variable is not UTF-8.
    #[error("ROSTER_LOG is not text")]
    NotText,
    /// `init` was called before.
    #[error("Logging is already set up")]
    Twice(#[source] TryInitError),
}

/// Sets logging up for the process, and lets a panic be logged like any other fault.
///
/// # Errors
/// Where `ROSTER_LOG` cannot be read, or logging was set up before.
pub fn init() -> Result<(), TelemetryError> {
    let wish = match env::var(VARIABLE) {
        Ok(wish) if !wish.trim().is_empty() => wish,
        Ok(_) | Err(VarError::NotPresent) => DEFAULT.to_owned(),
        Err(VarError::NotUnicode(_)) => return Err(TelemetryError::NotText),
    };
    let registry = tracing_subscriber::registry().with(filter(&wish)?);
    let layer = fmt::layer().with_writer(io::stderr);
    if io::stderr().is_terminal() {
        registry.with(layer.with_ansi(env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))).try_init()
    } else {
        registry.with(layer.json().flatten_event(true).with_span_list(false)).try_init()
    }
    .map_err(TelemetryError::Twice)?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

fn filter(wish: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::builder().parse(format!("{QUIET},{wish}")).map_err(TelemetryError::Filter)
}

/// A literal message is ours; a formatted one may hold whatever was formatted.
fn log_panic(info: &PanicHookInfo<'_>) {
    let location = info.location().map(ToString::to_string);
    let message = info.payload().downcast_ref::<&'static str>().copied();
    error!(location, message, "panicked");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_quiet_unless_they_are_named() {
        let written = |wish: &str| filter(wish).unwrap().to_string();
        assert!(written("info").contains("sqlx=warn"));
        assert!(written("debug").contains("hyper=warn"));
        assert!(written("info,sqlx=debug").contains("sqlx=debug"));
        assert!(!written("info,sqlx=debug").contains("sqlx=warn"));
    }

    #[test]
    fn a_wish_that_is_no_filter_is_an_error() {
        assert!(matches!(filter("api=loudly"), Err(TelemetryError::Filter(_))));
    }
}
