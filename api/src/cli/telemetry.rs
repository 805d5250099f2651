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
    filter::{LevelFilter, ParseError},
    fmt,
    layer::SubscriberExt,
    util::{SubscriberInitExt, TryInitError},
};

use super::spelling::nearest;

/// The variable that says what is logged: `info`, `debug,api=trace`, …
pub(crate) const VARIABLE: &str = "ROSTER_LOG";
const DEFAULT: &str = "info";

/// What speaks at length of things that are rarely ours. A wish that names one of them wins over this. Of connections that are lost, and
/// of the database, [`event_store::Health`] tells.
const QUIET: &str = "sqlx=warn,sqlx_core::pool=off,sqlx::postgres::notice=error,hyper=warn,hyper_util=warn,h2=warn,rustls=warn,lettre=warn";

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
/// The parts of Roster, by the names under which they log.
const PARTS: [&str; 9] = ["api", "commands", "domain", "embedded_postgres", "event_store", "graphql_http", "mail", "projections", "roster"];

/// Why nothing can be logged.
#[derive(Debug, Error)]
pub(super) enum TelemetryError {
    /// The variable is not a filter.
    #[error("ROSTER_LOG is not a list of levels such as `info` or `info,api=debug`")]
    Filter(#[source] ParseError),
    /// A word in it is neither a level nor a target.
    #[error("ROSTER_LOG: `{word}` is neither a level nor a part of Roster{meant}. Levels are error, warn, info, debug and trace; a part has one, such as `sqlx=debug`", meant = did_you_mean(*.meant))]
    Word {
        /// The word.
        word: String,
        /// The word that was probably meant.
        meant: Option<&'static str>,
    },
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
pub(super) fn init() -> Result<(), TelemetryError> {
    let wish = match env::var(VARIABLE) {
        Ok(wish) if !wish.trim().is_empty() => wish,
        Ok(_) | Err(VarError::NotPresent) => DEFAULT.to_owned(),
        Err(VarError::NotUnicode(_)) => return Err(TelemetryError::NotText),
    };
    let registry = tracing_subscriber::registry().with(filter(&wish)?);
    let layer = fmt::layer().with_writer(io::stderr).log_internal_errors(false);
    if io::stderr().is_terminal() {
        registry.with(layer.with_ansi(env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))).try_init()
    } else {
        registry.with(layer.json().flatten_event(true).with_span_list(false)).try_init()
    }
    .map_err(TelemetryError::Twice)?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

fn did_you_mean(word: Option<&str>) -> String {
    word.map_or_else(String::new, |word| format!(": did you mean `{word}`?"))
}

/// Every word must be known: `debgu` would be taken for a part of the program that says everything.
fn check_words(wish: &str) -> Result<(), TelemetryError> {
    for directive in wish.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
        let (target, level) = directive.split_once('=').map_or((directive, None), |(target, level)| (target, Some(level)));
        let part = target.split(['[', ':']).next().unwrap_or_default();
        let is_filter_of_spans = directive.contains('[');
        if let Some(level) = level.filter(|_| !is_filter_of_spans)
            && level.parse::<LevelFilter>().is_err()
        {
            return Err(TelemetryError::Word { word: level.to_owned(), meant: nearest(level, LEVELS.into_iter()) });
        }
        if part.is_empty() || PARTS.contains(&part) || level.is_none() && part.parse::<LevelFilter>().is_ok() {
            continue;
        }
        // A dependency may be named, with a level.
        let words = PARTS.into_iter().chain(if level.is_none() { LEVELS.as_slice() } else { &[] }.iter().copied());
        let meant = nearest(part, words);
        if level.is_none() || meant.is_some() {
            return Err(TelemetryError::Word { word: part.to_owned(), meant });
        }
    }
    Ok(())
}

fn filter(wish: &str) -> Result<EnvFilter, TelemetryError> {
    check_words(wish)?;
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
        assert!(matches!(filter("api[="), Err(TelemetryError::Filter(_))));
    }

    #[test]
    fn a_misspelt_word_is_named_with_the_one_that_was_meant() {
        for (wish, word, meant) in [
            ("debgu", "debgu", Some("debug")),
            ("info,comands=debug", "comands", Some("commands")),
            ("api=debgu", "debgu", Some("debug")),
            ("api=loudly", "loudly", None),
            ("info,loudly", "loudly", None),
        ] {
            let Err(TelemetryError::Word { word: found, meant: suggested }) = filter(wish) else { panic!("{wish} is taken") };
            assert_eq!((found.as_str(), suggested), (word, meant), "{wish}");
        }
        for wish in
            ["", "info", "DEBUG", "3", "info,api=trace", "sqlx=debug,tower_http=off", "api::http=debug", "api[request]=trace", "commands"]
        {
            assert!(filter(wish).is_ok(), "{wish}");
        }
    }
}
