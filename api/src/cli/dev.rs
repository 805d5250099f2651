//! `roster dev`: everything on this machine, with nothing installed or configured.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::database::Database;
use super::providers::auth_methods;
use super::settings::{ServerArgs, app};
use super::shutdown::on_signal;
use super::{Failure, demo};
use crate::app::App;
use crate::http::telemetry;
use crate::mail::MailTransport;
use crate::server::Server;

/// Run everything on this machine: a Postgres of its own, a mailbox page, a demo account
///
/// Mail is not sent but shown at /mailbox, unless ROSTER_SMTP_URL is set. The data stays in the data folder: the next start finds
/// it again. Delete the folder to start over.
#[derive(Args)]
pub(super) struct Dev {
    /// Start empty, with a link to open the first account
    #[arg(long)]
    no_demo: bool,
    #[command(flatten)]
    server: ServerArgs,
}

impl Dev {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::init()?;
        let shutdown = on_signal()?;
        self.server.database.make_folder()?;
        let database = self.server.database.open().await?;
        let served = self.serve(&database, shutdown).await;
        let closed = database.close().await;
        served.and(closed)
    }

    async fn serve(&self, database: &Database, shutdown: CancellationToken) -> Result<(), Failure> {
        database.migrate().await?;
        let ServerArgs { database: place, connections, master_key, listen, mail, providers, introspection, sessions, limits } =
            &self.server;
        let data_dir = &place.data_dir;
        let providers = providers.read()?;
        let commands =
            database.start_commands(master_key, Some(data_dir), auth_methods(&providers)).await?.with_session_lifetime(sessions.lifetime());
        let (listener, site) = listen.bind().await?;
        let mail = mail.parse("Roster <roster@localhost>")?;
        let from = mail.from.clone();
        let mail = MailTransport::start(mail, data_dir.join("mailbox"))?;
        let shows_mailbox = matches!(mail, MailTransport::Folder(_));
        let (requests, pools) = connections.pools(&database.connector);
        let app = app(commands, requests, site, Some(mail), providers, limits)?;
        let admin_link = if self.no_demo { None } else { demo::prepare(&app).await? };
        print!("{}", greeting(&app, admin_link.as_deref(), shows_mailbox, data_dir).await?);

        let server =
            Server { app: Arc::clone(&app), pools, listener, development: Some(from), introspection: *introspection }.run(shutdown.clone());
        let postgres_ends = async {
            match &database.embedded {
                Some(embedded) => embedded.exited().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = server => Ok(()),
            status = postgres_ends => {
                shutdown.cancel();
                Err(format!("the embedded Postgres ended by itself{}", status.map(|status| format!(" ({status})")).unwrap_or_default()).into())
            }
        }
    }
}

/// What a person needs to begin.
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
