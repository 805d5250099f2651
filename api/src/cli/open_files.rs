//! How many files the system lets this process open, and so how many clients it can serve at once.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

use graphql_http::ServerSettings;

/// Kept for everything that is not a client: connections to Postgres and the mail server, the log, what the runtime needs. A server with the
/// default settings uses about 50.
const KEPT: usize = 128;

/// The settings of a server, with as many connections as it can open. A client that comes when there is no file left would make Postgres
/// unreachable, too; so the server takes fewer clients instead, and the others wait in the kernel's queue.
pub(super) fn server_settings() -> ServerSettings {
    let settings = ServerSettings::default();
    let wanted = settings.connections + KEPT;
    let limit = raise_limit(wanted);
    let connections = connections_within(limit, settings.connections);
    if connections < settings.connections {
        warn!(
            limit,
            connections,
            "the system lets this process open few files, so it serves fewer clients at once: raise the hard limit (ulimit -Hn)"
        );
    }
    ServerSettings { connections, ..settings }
}

/// Raises the limit of this process as far as it may, but no further than this; answers what it is then. Many systems start a program with
/// 1,024, for those that still use `select`, and let it have more.
fn raise_limit(wanted: usize) -> usize {
    let size = |limit: Option<u64>| limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if size(current) >= wanted {
        return size(current);
    }
    let raised = wanted.min(size(maximum));
    match setrlimit(Resource::Nofile, Rlimit { current: u64::try_from(raised).ok(), maximum }) {
        Ok(()) => raised,
        Err(_refused) => size(current),
    }
}

/// The connections of clients that fit into a limit of open files, at most so many.
fn connections_within(limit: usize, most: usize) -> usize {
    limit.saturating_sub(KEPT).max(limit / 4).clamp(1, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_leave_files_for_everything_else() {
        let connections = [usize::MAX, 4224, 1024, 128, 20, 0].map(|limit| connections_within(limit, 4096));
        assert_eq!(connections, [4096, 4096, 896, 32, 5, 1]);
    }

    #[test]
    fn the_limit_is_raised_no_further_than_it_may_be() {
        let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
        let (current, maximum) = (current.unwrap_or(u64::MAX), maximum.unwrap_or(u64::MAX));
        assert_eq!(raise_limit(1) as u64, current, "a limit that is high enough stays");
        assert!(raise_limit(usize::MAX) as u64 <= maximum);
    }
}
