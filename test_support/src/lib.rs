//! Real parts for tests: a database for each test, a cluster where a test needs its own, a mail server, and OpenID
//! Connect providers.
//!
//! `with_postgres -- <command>` starts one cluster for a whole run, and `ROSTER_TEST_POSTGRES` says where it is
//! ([`cluster`]); a test takes a [`TestDatabase`] of it, cloned from a migrated template. A test about the order in which
//! transactions become visible takes [`own_cluster`], since an open transaction in any database of a cluster holds all back.
//! [`SmtpServer`] takes mail, refuses it, or asks to come back, as a test wants. [`OpenIdProvider`] signs people in, or lies about them.
//! Nothing here is part of the product.

use std::time::Duration;

mod browser;
pub mod cluster;
mod database;
mod files;
mod folder;
pub mod janitor;
mod openid;
mod process;
mod programs;
mod smtp;
mod socket_client;

/// How long tests wait for what must happen. It only ends tests of what never happens: no machine is so slow that what they wait for
/// takes nearly as long. Where many things are waited for, the time begins again with each.
pub const TIMEOUT: Duration = Duration::from_mins(3);

pub use crate::{
    browser::{AtProvider, Browser, Page, location},
    cluster::{OwnCluster, own_cluster, own_cluster_with, own_cluster_with_log},
    database::TestDatabase,
    files::ClusterFiles,
    folder::TestFolder,
    openid::OpenIdProvider,
    process::end_with_test,
    programs::{bin_dir, run_program},
    smtp::{ReceivedMail, Refusal, SmtpBehaviour, SmtpEncryption, SmtpOptions, SmtpServer},
    socket_client::{SUBPROTOCOL, SocketClient},
};
