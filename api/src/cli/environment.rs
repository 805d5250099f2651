//! The variables of the environment: what is misspelt is found before anything starts, and an empty variable counts as unset.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;

use clap::Command;

use super::Failure;
use super::spelling::nearest;
use super::telemetry;

const PREFIX: &str = "ROSTER_";

/// The command line, without variables of the environment that are empty.
pub(super) fn without_empty_variables(command: Command) -> Command {
    let command = command.mut_args(|argument| {
        let is_empty = argument.get_env().and_then(env::var_os).is_some_and(|value| value.to_string_lossy().trim().is_empty());
        if is_empty { argument.env(None) } else { argument }
    });
    command.mut_subcommands(without_empty_variables)
}

/// Finds variables that no option reads, and values with quotes or line ends that belong to the file they come from.
///
/// # Errors
/// A sentence that names the variable, and the one that was probably meant.
pub(super) fn check(command: &Command, environment: impl Iterator<Item = (OsString, OsString)>) -> Result<(), Failure> {
    let mut known = BTreeSet::from([telemetry::VARIABLE.to_owned()]);
    collect_variables(command, &mut known);
    for (name, value) in environment {
        let (Some(name), value) = (name.to_str(), value.to_string_lossy()) else { continue };
        if known.contains(name) {
            if value.contains('\r') {
                return Err(
                    format!("the value of {name} has a Windows line end (\\r): save the file of variables with Unix line ends").into()
                );
            }
            if is_quoted(value.trim()) {
                return Err(format!(
                    "the value of {name} is in quotes: remove them. Docker and systemd keep quotes in some files of variables"
                )
                .into());
            }
        } else if name == "DATABASE_URL_FILE" {
            return Err("DATABASE_URL_FILE is not supported: set DATABASE_URL".into());
        } else if name.starts_with(PREFIX) && !value.trim().is_empty() && !is_of_kubernetes(name) {
            let meant =
                nearest(name, known.iter().map(String::as_str)).map_or_else(String::new, |meant| format!(": did you mean {meant}?"));
            return Err(format!("{name} is not a variable of Roster{meant}").into());
        }
    }
    Ok(())
}

fn collect_variables(command: &Command, known: &mut BTreeSet<String>) {
    known.extend(command.get_arguments().filter_map(|argument| argument.get_env()).map(|name| name.to_string_lossy().into_owned()));
    for subcommand in command.get_subcommands() {
        collect_variables(subcommand, known);
    }
}

fn is_quoted(value: &str) -> bool {
    value.len() >= 2 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote))
}

/// Whether Kubernetes sets the variable in every container next to a service named `roster`, such as `ROSTER_SERVICE_HOST` and
/// `ROSTER_PORT_8080_TCP`.
fn is_of_kubernetes(name: &str) -> bool {
    let name = name.trim_start_matches(PREFIX);
    name == "PORT" || name.starts_with("PORT_") || name.contains("SERVICE_HOST") || name.contains("SERVICE_PORT") || name.contains("_PORT_")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn check_one(name: &str, value: &str) -> Result<(), String> {
        check(&Cli::command(), std::iter::once((name.into(), value.into()))).map_err(|failure| failure.to_string())
    }

    #[test]
    fn a_misspelt_variable_is_named_with_the_one_that_was_meant() {
        let variables = {
            let mut known = BTreeSet::new();
            collect_variables(&Cli::command(), &mut known);
            known
        };
        assert!(variables.len() > 25, "{variables:?}");
        for name in variables.iter().filter(|name| name.starts_with(PREFIX)) {
            assert_eq!(check_one(name, "1"), Ok(()));
            // Two letters are exchanged.
            let mut letters: Vec<_> = name.chars().collect();
            let last = letters.len() - 1;
            letters.swap(last, last - 1);
            let misspelt: String = letters.into_iter().collect();
            if !variables.contains(&misspelt) {
                let told = check_one(&misspelt, "1").expect_err("it is misspelt");
                assert_eq!(told, format!("{misspelt} is not a variable of Roster: did you mean {name}?"));
            }
        }
        assert_eq!(check_one("ROSTER_LGO", "debug").unwrap_err(), "ROSTER_LGO is not a variable of Roster: did you mean ROSTER_LOG?");
        assert_eq!(check_one("ROSTER_FAVOURITE_COLOUR", "blue").unwrap_err(), "ROSTER_FAVOURITE_COLOUR is not a variable of Roster");
    }

    #[test]
    fn variables_of_others_and_empty_ones_are_left_alone() {
        for (name, value) in
            [("PATH", "/bin"), ("ROSTER_SMTP_ULR", ""), ("ROSTER_SERVICE_HOST", "10.0.0.1"), ("ROSTER_PORT_8080_TCP_ADDR", "10.0.0.1")]
        {
            assert_eq!(check_one(name, value), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_value_that_kept_its_quotes_is_an_error() {
        assert!(check_one("ROSTER_MAIL_FROM", "\"Roster <a@acme.example>\"").unwrap_err().contains("quotes"));
        assert!(check_one("DATABASE_URL", "'postgres://127.0.0.1/roster'").unwrap_err().contains("DATABASE_URL"));
        assert_eq!(check_one("ROSTER_MAIL_FROM", "\"Roster, Acme\" <a@acme.example>"), Ok(()));
    }
    #[test]
    fn a_value_with_a_windows_line_end_is_an_error() {
        let refused = check_one("ROSTER_PUBLIC_URL", "https://roster.example\r\n").unwrap_err();
        assert!(refused.contains("ROSTER_PUBLIC_URL") && refused.contains("line end"), "{refused}");
        assert_eq!(check_one("ROSTER_MASTER_KEY", "one\ntwo"), Ok(()), "two keys may have a line each");
    }
}
