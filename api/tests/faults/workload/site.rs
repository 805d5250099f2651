//! What every client of a workload shares.

use std::sync::{Arc, Mutex};

use test_support::SmtpServer;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::journal::Journal;

/// The password of every member.
pub(crate) const PASSWORD: &str = "seven lighthouses hum quietly";

/// The account's part of its links.
pub(crate) const SLUG: &str = "acme";

pub(crate) struct Site {
    /// Where the servers are; it changes when one is started again.
    pub(crate) urls: watch::Receiver<Vec<String>>,
    /// The admin's session.
    pub(crate) token: String,
    /// A member who signs in.
    pub(crate) member: String,
    /// Users whom every writer changes.
    pub(crate) shared_users: Vec<String>,
    pub(crate) smtp: Arc<SmtpServer>,
    pub(crate) journal: Arc<Journal>,
    /// Addresses that were invited to join.
    pub(crate) to_join: Mutex<Vec<String>>,
    /// Tells the clients to finish.
    pub(crate) stop: CancellationToken,
}
