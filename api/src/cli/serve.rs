//! `roster serve`: production, over a given Postgres and mail server.

use clap::Args;

use super::Failure;
use super::providers::auth_methods;
use super::settings::{ServerArgs, app};
use super::shutdown::on_signal;
use crate::http::telemetry;
use crate::mail::MailTransport;
use crate::server::Server;

/// Serve for production, over a given Postgres and mail server
///
/// Needs DATABASE_URL, ROSTER_MASTER_KEY or ROSTER_MASTER_KEY_FILE, ROSTER_PUBLIC_URL, ROSTER_SMTP_URL and ROSTER_MAIL_FROM. Any
/// number of processes may serve over one database. The database must have been migrated with `roster migrate`. Nothing is kept in the
/// data folder.
#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    server: ServerArgs,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::init()?;
        let ServerArgs { database, master_key, listen, mail, providers, introspection, sessions, limits } = self.server;
        if database.database_url.is_none() {
            return Err("set DATABASE_URL to a Postgres, or try Roster with `roster dev`, which needs none".into());
        }
        let Some(from) = mail.mail_from.as_deref().filter(|_| mail.smtp_url.is_some()) else {
            return Err("set ROSTER_SMTP_URL and ROSTER_MAIL_FROM: invitations are sent by mail".into());
        };
        if listen.public_url.is_none() {
            return Err("set ROSTER_PUBLIC_URL, such as https://roster.example: links in mails begin with it".into());
        }
        let mail = mail.parse(from)?;
        let providers = providers.read()?;
        let shutdown = on_signal()?;
        let database = database.open().await?;
        database.require_newest_schema().await?;
        let commands =
            database.start_commands(&master_key, None, auth_methods(&providers)).await?.with_session_lifetime(sessions.lifetime());
        let (listener, site) = listen.bind().await?;
        let app = app(commands, database.pool.clone(), site, providers, &limits)?;
        if let Some(token) = app.commands.welcome_token((app.clock)()).await? {
            println!("No account exists yet. Open the first one within 24 hours at\n{}", app.site.welcome_link(&token));
        }
        tracing::info!(listen = %listener.local_addr()?, public_url = %app.site.origin(), "ready");
        let mail = MailTransport::start(mail, std::env::temp_dir())?;
        Server { app, listener, mail, shows_mailbox: false, shows_graphiql: false, shows_previews_from: None, introspection }
            .run(shutdown)
            .await;
        database.close().await
    }
}
