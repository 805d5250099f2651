//! What `roster dev` and `roster serve` have in common.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use clap::{ArgAction, Args, value_parser};
use commands::Commands;
use event_store::Pool;
use tokio::net::TcpListener;

use super::Failure;
use super::connections::ConnectionArgs;
use super::database::{Database, DatabaseArgs};
use super::limits::LimitArgs;
use super::master_key::MasterKeyArgs;
use super::providers::ProviderArgs;
use super::sessions::SessionArgs;
use super::shutdown::ShutdownArgs;
use crate::app::App;
use crate::site::Site;
use graphql_http::PublicOrigin;
use mail::{MailSettings, MailTexts, MailTransport, SmtpSender};
use oidc::{ProviderSettings, Providers};

/// The arguments of a server.
#[derive(Args)]
pub(super) struct ServerArgs {
    #[command(flatten)]
    pub(super) database: DatabaseArgs,
    #[command(flatten)]
    pub(super) connections: ConnectionArgs,
    #[command(flatten)]
    pub(super) master_key: MasterKeyArgs,
    #[command(flatten)]
    pub(super) listen: ListenArgs,
    #[command(flatten)]
    pub(super) mail: MailArgs,
    #[command(flatten)]
    pub(super) providers: ProviderArgs,
    /// Whether clients may read the schema by introspection, as editors and code generators do
    #[arg(long, env = "ROSTER_INTROSPECTION", value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    pub(super) introspection: bool,
    #[command(flatten)]
    pub(super) sessions: SessionArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) shutdown: ShutdownArgs,
}

/// The address to listen on, and the public address.
#[derive(Args)]
pub(super) struct ListenArgs {
    /// The address to listen on
    #[arg(long, env = "ROSTER_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The public address, such as https://roster.example. Links in mails begin with it
    #[arg(long, env = "ROSTER_PUBLIC_URL", value_name = "URL")]
    pub(super) public_url: Option<String>,
    /// An additional trusted origin, such as https://app.example. Its pages may use the API with a bearer token, and users may return to it
    /// after signing in. May be repeated or separated by commas
    #[arg(long = "allowed-origins", env = "ROSTER_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    allowed_origins: Vec<PublicOrigin>,
    /// The domain whose hosts share the session cookie, such as acme.example, so that products on other hosts can use `GET /auth`. All
    /// hosts of the domain receive the cookie. Default: only the host of the public URL receives it
    #[arg(long = "cookie-domain", env = "ROSTER_COOKIE_DOMAIN", value_name = "DOMAIN")]
    cookie_domain: Option<String>,
}

/// The mail server.
#[derive(Args)]
pub(super) struct MailArgs {
    /// The mail server: smtps://user:password@host, smtp://user:password@host (with STARTTLS), or smtp://127.0.0.1:25?tls=none
    #[arg(long, env = "ROSTER_SMTP_URL", hide_env_values = true, value_name = "URL")]
    pub(super) smtp_url: Option<String>,
    /// The sender of all mails, such as 'Roster <no-reply@roster.example>'
    #[arg(long, env = "ROSTER_MAIL_FROM", value_name = "MAILBOX")]
    pub(super) mail_from: Option<String>,
    /// A file with certificates (PEM) of a private authority that the mail server uses
    #[arg(long, env = "ROSTER_SMTP_CA_FILE", value_name = "FILE")]
    smtp_ca_file: Option<PathBuf>,
    /// How long the mail server may take for each step, in seconds; four times as long to accept a whole mail
    #[arg(long, env = "ROSTER_SMTP_TIMEOUT", value_name = "SECONDS", default_value_t = 15, value_parser = value_parser!(u64).range(1..=60))]
    smtp_timeout: u64,
    /// A folder with your own texts of mails, such as en/invitation.txt; see docs/mail-templates.md. The server does not start if one cannot
    /// be used
    #[arg(long, env = "ROSTER_MAIL_TEMPLATES", value_name = "FOLDER")]
    mail_templates: Option<PathBuf>,
}

impl ListenArgs {
    /// Listens, and returns the public address.
    pub(super) async fn bind(&self) -> Result<(TcpListener, Site), Failure> {
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}; choose another address with --listen or ROSTER_LISTEN", self.listen))?;
        let public_url = match &self.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", listener.local_addr()?),
        };
        let site = Site::parse(&public_url)?.allowing(self.allowed_origins.clone());
        Ok((listener, site.sharing_cookie(self.cookie_domain.as_deref())?))
    }
}

impl MailArgs {
    /// The mail server, if one is configured.
    pub(super) fn server(&self) -> Result<Option<MailTransport>, Failure> {
        let from = match (&self.smtp_url, &self.mail_from) {
            (None, _) => return Ok(None),
            (Some(_), None) => {
                return Err("set ROSTER_MAIL_FROM as well: the sender of every mail, such as 'Roster <no-reply@roster.example>'".into());
            }
            (Some(_), Some(from)) => from,
        };
        let MailSettings { from, smtp } = self.parse(from)?;
        Ok(smtp.map(|smtp| MailTransport::Smtp(SmtpSender::new(smtp, from))))
    }

    /// The texts of mails.
    pub(super) fn texts(&self) -> Result<Arc<MailTexts>, Failure> {
        Ok(Arc::new(self.mail_templates.as_deref().map_or_else(|| Ok(MailTexts::built_in()), MailTexts::with_folder)?))
    }

    /// The settings, with this sender as the default.
    pub(super) fn parse(&self, default_from: &str) -> Result<MailSettings, Failure> {
        let from = self.mail_from.as_deref().unwrap_or(default_from);
        let step = Duration::from_secs(self.smtp_timeout);
        let MailSettings { from, smtp } = MailSettings::parse(self.smtp_url.as_deref(), from, self.smtp_ca_file.as_deref())?;
        Ok(MailSettings { from, smtp: smtp.map(|smtp| smtp.with_time_outs(step, step * 4)) })
    }
}

/// The app, on the clock of this machine.
pub(super) fn app(
    commands: Commands,
    database: &Database,
    requests: Pool,
    site: Site,
    (mail, mail_texts): (Option<MailTransport>, Arc<MailTexts>),
    providers: Vec<ProviderSettings>,
    limits: &LimitArgs,
) -> Result<Arc<App>, Failure> {
    let providers = Providers::new(providers, |id| site.link(&format!("/sign-in/callback/{id}")))?;
    let reads = database.connector.reads(requests.clone());
    let commands = commands.over(requests.clone()).reading_over(reads).with_limits(limits.settings());
    let proxies = limits.trusted_proxies.clone();
    let identity = database.identity.clone();
    Ok(Arc::new(App { commands, database: requests, identity, site, providers, mail, mail_texts, proxies, clock: Arc::new(Utc::now) }))
}
