//! What an event means for an account.

use chrono::{DateTime, Utc};
use domain::account::AccountEvent;
use domain::{InvitationHours, Language};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::origin::Origin;
use crate::stream_row::StreamRow;
use crate::{AnyEvent, Reason};

macro_rules! account_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "id" id: Uuid,
                "name" name: String,
                "slug" slug: String,
                "created_at" created_at: DateTime<Utc>,
                "version" version: i64,
                "invitation_hours" invitation_hours: i32,
                "auth_methods" auth_methods: Option<Vec<String>>,
                "language" language: String,
                "logo_digest" logo_digest: Option<String>,
                "color" color: Option<String>,
                "shows_account" shows_account: bool,
            ]
            $($rest)*
        }
    };
}
pub(crate) use account_columns;

account_columns!(row!
    /// An account: a row of `accounts`.
    AccountRow in "accounts" by ["id"]
);

/// `select … from accounts` and what follows.
macro_rules! select_accounts {
    ($rest:literal $(, $argument:expr)* $(,)?) => {
        $crate::accounts::account_columns!(select! $crate::accounts::AccountRow, "", ("from accounts " + $rest) $(, $argument)*)
    };
}
pub(crate) use select_accounts;

impl StreamRow for AccountRow {
    type Event = AccountEvent;

    const STREAM: &'static str = "account";

    fn id(&self) -> Uuid {
        self.id
    }

    fn own(event: &AnyEvent) -> Option<&AccountEvent> {
        if let AnyEvent::Account(event) = event { Some(event) } else { None }
    }

    /// Applies an event to an account, which begins with its opening.
    ///
    /// # Errors
    /// When the event changes an account that does not exist.
    fn apply(account: &mut Option<Self>, origin: &Origin, event: &AccountEvent) -> Result<(), Reason> {
        match (&mut *account, event) {
            (account, AccountEvent::Opened { name, slug }) => {
                *account = Some(Self {
                    id: origin.stream_id,
                    name: name.as_str().to_owned(),
                    slug: slug.as_str().to_owned(),
                    created_at: origin.at,
                    version: origin.sequence,
                    invitation_hours: i32::from(InvitationHours::default().get()),
                    auth_methods: None,
                    language: Language::default().as_str().to_owned(),
                    logo_digest: None,
                    color: None,
                    shows_account: false,
                });
            }
            (None, _) => return Err(Reason::OutOfOrder),
            (Some(account), AccountEvent::Renamed { to, .. }) => to.as_str().clone_into(&mut account.name),
            (Some(account), AccountEvent::InvitationHoursChanged { to, .. }) => account.invitation_hours = i32::from(to.get()),
            (Some(account), AccountEvent::AuthMethodsChanged { to, .. }) => {
                account.auth_methods = Some(to.iter().map(|id| id.as_str().to_owned()).collect());
            }
            (Some(account), AccountEvent::LanguageChanged { to, .. }) => to.as_str().clone_into(&mut account.language),
            (Some(account), AccountEvent::LogoChanged { to, .. }) => {
                account.logo_digest = to.as_ref().map(|logo| logo.digest.as_str().to_owned());
            }
            (Some(account), AccountEvent::ColorChanged { to, .. }) => {
                account.color = to.as_ref().map(|color| color.as_str().to_owned());
            }
            (Some(account), AccountEvent::SignInPageChanged { shows_account }) => account.shows_account = *shows_account,
        }
        if let Some(account) = account {
            account.version = origin.sequence;
        }
        Ok(())
    }

    async fn read(connection: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Self>, sqlx::Error> {
        let rows = account_columns!(select! AccountRow, "", ("from accounts where id = any($1)"), ids);
        rows.fetch_all(connection).await
    }
}
