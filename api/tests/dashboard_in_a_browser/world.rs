//! A Roster without any account yet, its mail server, and a provider of which people think as Google.

use std::fs;

use sqlx::PgPool;
use test_support::{OpenIdProvider, SmtpServer, TestDatabase, TestFolder};

use crate::program::Serving;
use crate::script::Script;

pub(crate) struct World {
    pub(crate) roster: Serving,
    pub(crate) google: OpenIdProvider,
    pub(crate) smtp: SmtpServer,
    database: TestDatabase,
    _folder: TestFolder,
}

impl World {
    pub(crate) async fn start() -> Self {
        let (database, folder) = (TestDatabase::create().await, TestFolder::create().unwrap());
        let (smtp, google) = tokio::join!(SmtpServer::start(), OpenIdProvider::start());
        let (issuer, client) = (google.issuer(), OpenIdProvider::CLIENT_ID);
        let provider = format!(
            "[[provider]]\nid = 'google'\nlabel = 'Google'\nissuer = '{issuer}'\nclient_id = '{client}'\nclient_secret_file = 'secret'\n"
        );
        let file = folder.path().join("providers.toml");
        fs::write(folder.path().join("secret"), OpenIdProvider::CLIENT_SECRET).unwrap();
        fs::write(&file, provider).unwrap();
        let variables = [("ROSTER_PROVIDERS_FILE", file.to_str().unwrap())];
        let roster = Serving::start_with(database.url(), smtp.port(), &variables).await;
        Self { roster, google, smtp, database, _folder: folder }
    }

    /// Lets a script tell its story, in a browser that looks like the first of these looks (`light`, `dark`, `phone`).
    pub(crate) async fn play(&self, script: &str, arguments: &[&str], looks: &str) {
        let welcome = format!("{}/welcome/{}", self.roster.url, self.roster.welcome_token().await);
        let variables = [("ROSTER_URL", self.roster.url.as_str()), ("WELCOME_LINK", &welcome), ("LOOKS", looks)];
        Script::start(script, arguments, &variables).play(self).await;
    }

    pub(crate) fn pool(&self) -> PgPool {
        self.database.pool()
    }
}
