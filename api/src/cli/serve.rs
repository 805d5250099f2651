//! `roster serve`: production, over a given Postgres and mail server.

use std::io::{IsTerminal, stdout};

use clap::Args;

use super::Failure;
use super::open_files::server_settings;
use super::output::print_line;
use super::providers::auth_methods;
use super::settings::{ServerArgs, app};
use super::shutdown::shutdown_on_signal;
use super::telemetry;
use crate::server::Server;
use graphql_http::ServerSettings;

/// The default of the shutdown delay, in seconds.
const USUAL_DELAY: u64 = 5;

/// Start a production server with a given Postgres and mail server
///
/// It requires DATABASE_URL, ROSTER_MASTER_KEY or ROSTER_MASTER_KEY_FILE, and ROSTER_PUBLIC_URL. Run `roster migrate` first. Mail is sent
/// with ROSTER_SMTP_URL and ROSTER_MAIL_FROM; without them invitations wait until there is a mail server, and admins can hand the links
/// over themselves. Any number of processes may serve one database, all with the same settings. It stores nothing in the data folder.
#[derive(Args)]
#[command(after_help = "Example: roster serve --database-url postgres://roster_app@db/roster --master-key-file /etc/roster/master.key \
                        --public-url https://roster.example --trusted-proxies 10.0.0.0/8")]
pub(super) struct Serve {
    #[command(flatten)]
    server: ServerArgs,
}

/// The link is a secret, so it is printed only to a terminal; a log is stored.
fn welcome(link: &str) -> Result<(), Failure> {
    if stdout().is_terminal() {
        print_line!("No account exists yet. Open the first one within 24 hours at\n{link}");
    } else {
        tracing::info!("no account exists yet: run `roster account welcome` for the link that opens the first one");
    }
    Ok(())
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::init()?;
        let ServerArgs { database, connections, master_key, listen, mail, providers, introspection, sessions, limits, shutdown } =
            self.server;
        if database.database_url.is_none() {
            return Err("set DATABASE_URL to a Postgres database, or try Roster with `roster dev`, which needs none".into());
        }
        if listen.public_url.is_none() {
            return Err("set ROSTER_PUBLIC_URL, such as https://roster.example: links in mails begin with it".into());
        }
        let (mail, texts) = (mail.server()?, mail.texts()?);
        let providers = providers.read()?;
        let (delay, timeout) = shutdown.times(USUAL_DELAY)?;
        let shutdown = shutdown_on_signal(delay, timeout)?;
        let database = database.open().await?;
        database.require_newest_schema().await?;
        let commands =
            database.start_commands(&master_key, None, auth_methods(&providers)).await?.with_session_lifetime(sessions.lifetime());
        let (listener, site) = listen.bind().await?;
        if mail.is_none() {
            tracing::warn!("no mail server is configured (ROSTER_SMTP_URL): invitations wait, and admins hand their links over themselves");
        }
        let (requests, pools) = connections.pools(&database.connector);
        let app = app(commands, &database, requests, site, (mail, texts), providers, &limits)?;
        if let Some(token) = app.commands.welcome_token((app.clock)()).await? {
            welcome(&app.site.welcome_link(&token))?;
        }
        database.pool.close().await;
        tracing::info!(listen = %listener.local_addr()?, public_url = %app.site.origin(), "ready");
        // Without a delay nothing is in front that would send requests into idle connections.
        let settings = server_settings();
        let settings = ServerSettings { linger_time: settings.linger_time.min(delay), ..settings };
        Server { app, pools, listener, development: None, introspection, settings }.run(shutdown.clone()).await;
        tokio::select! {
            biased;
            // Connections that are lost for good cannot be closed in time.
            () = shutdown.cutting.cancelled() => Ok(()),
            closed = database.close() => closed,
        }
    }
}
