//! `roster dev`: everything on this machine, with nothing installed or configured.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use clap::Args;

use super::database::Database;
use super::open_files::server_settings;
use super::providers::auth_methods;
use super::settings::{ServerArgs, app};
use super::shutdown::shutdown_on_signal;
use super::telemetry;
use super::{Failure, demo, output};
use crate::app::App;
use crate::server::Server;
use graphql_http::ServerSettings;
use graphql_http::Shutdown;
use mail::MailTransport;

/// Start a development server: an embedded Postgres, a mailbox page, a demo account
///
/// Mails are not sent but shown at /mailbox, unless ROSTER_SMTP_URL is set. The data stays in the data folder for the next start; delete
/// the folder to start over.
#[derive(Args)]
#[command(after_help = "Example: roster dev --no-demo --listen 127.0.0.1:9000")]
pub(super) struct Dev {
    /// Start without the demo account, and print a link that opens the first account
    #[arg(long)]
    no_demo: bool,
    #[command(flatten)]
    server: ServerArgs,
}

impl Dev {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::init()?;
        let (delay, timeout) = self.server.shutdown.times(0)?;
        let shutdown = shutdown_on_signal(delay, timeout)?;
        self.server.database.make_folder()?;
        let database = self.server.database.open().await?;
        let served = Box::pin(self.serve(&database, shutdown)).await;
        let closed = database.close().await;
        served.and(closed)
    }

    async fn serve(&self, database: &Database, shutdown: Shutdown) -> Result<(), Failure> {
        database.migrate().await?;
        let ServerArgs { database: place, connections, master_key, listen, mail, providers, introspection, sessions, limits, shutdown: _ } =
            &self.server;
        let data_dir = &place.data_dir;
        let (providers, texts, mail) = (providers.read()?, mail.texts()?, mail.parse("Roster <roster@localhost>")?);
        let start_commands = async || {
            let commands = database.start_commands(master_key, Some(data_dir), auth_methods(&providers)).await?;
            Ok::<_, Failure>(commands.with_session_lifetime(sessions.lifetime()))
        };
        let start_mail = || MailTransport::start(mail.clone(), data_dir.join("mailbox"));
        let (listener, site) = listen.bind().await?;
        let admin_link = if self.no_demo {
            None
        } else {
            // These commands record events in the past. They are gone before the first request is taken.
            let commands = start_commands().await?.backdating();
            let past = app(
                commands,
                database,
                database.pool.clone(),
                site.clone(),
                (Some(start_mail()?), Arc::clone(&texts)),
                providers.clone(),
                limits,
            )?;
            demo::prepare(&past).await?
        };
        let (from, mail) = (mail.from.clone(), start_mail()?);
        let shows_mailbox = matches!(mail, MailTransport::Folder(_));
        let (requests, pools) = connections.pools(&database.connector);
        let app = app(start_commands().await?, database, requests, site, (Some(mail), texts), providers, limits)?;
        output::write(greeting(&app, admin_link.as_deref(), shows_mailbox, data_dir).await?.as_bytes())?;

        let settings = ServerSettings { linger_time: Duration::ZERO, ..server_settings() };
        let server = Server { app: Arc::clone(&app), pools, listener, development: Some(from), introspection: *introspection, settings };
        let server = server.run(shutdown.clone());
        let postgres_ends = async {
            match &database.embedded {
                Some(embedded) => embedded.exited().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = server => Ok(()),
            status = postgres_ends => {
                shutdown.close();
                Err(format!("the embedded Postgres stopped{}", status.map(|status| format!(" ({status})")).unwrap_or_default()).into())
            }
        }
    }
}

/// What a developer needs to get started.
async fn greeting(app: &App, admin_link: Option<&str>, shows_mailbox: bool, data_dir: &Path) -> Result<String, Failure> {
    let now: DateTime<Utc> = (app.clock)();
    let mut lines = vec![format!("\nRoster is ready at {}\n", app.site.origin())];
    if let Some(token) = app.commands.welcome_token(now).await? {
        lines.push(format!("  Open the first account   {}", app.site.welcome_link(&token)));
    }
    if let Some(link) = admin_link {
        lines.push(format!("  Become the demo's admin  {link}"));
    }
    for account in projections::accounts::list_accounts(&app.database, 3).await? {
        lines.push(format!("  Sign in                  {} ({})", app.site.sign_in_link(&account.slug), account.name));
    }
    lines.push(format!("  GraphQL                  {}", app.site.link("/graphql")));
    lines.push(format!("  GraphiQL                 {}", app.site.link("/graphiql")));
    if shows_mailbox {
        lines.push(format!("  Mailbox                  {}", app.site.link("/mailbox")));
    }
    lines.push(format!("  Mail previews            {}", app.site.link("/mail-previews")));
    lines.push(format!("  Data                     {} (delete it to start over)", data_dir.display()));
    lines.push("\nCtrl-C stops.\n\n".to_owned());
    Ok(lines.join("\n"))
}
