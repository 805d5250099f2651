//! Who users are to the providers that they sign in with.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::user::UserEvent;
use domain::{AccountId, AuthMethodId, Personal, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::AnyEvent;
use crate::origin::Origin;

macro_rules! link_columns {
    ($then:ident! $($rest:tt)*) => {
        $crate::rows::$then! {
            [
                "account_id" account_id: Uuid,
                "user_id" user_id: Uuid,
                "auth_method" auth_method: String,
                "issuer" issuer: String,
                "subject" subject: String,
                "linked_at" linked_at: DateTime<Utc>,
            ]
            $($rest)*
        }
    };
}
pub(crate) use link_columns;

link_columns!(row!
    /// Who a user is to a provider: a row of `provider_links`.
    LinkRow in "provider_links" by ["user_id", "auth_method"]
);

/// The links of one user, each by its way to sign in.
pub(crate) type Links = BTreeMap<String, LinkRow>;

/// Applies an event to the links of a user.
pub(crate) fn apply(links: &mut Links, origin: &Origin, event: &AnyEvent) {
    match event {
        AnyEvent::User(UserEvent::ProviderLinked { auth_method, issuer, subject: Personal::Known(subject) }) => {
            let link = LinkRow {
                account_id: origin.account_id.uuid(),
                user_id: origin.stream_id,
                auth_method: auth_method.as_str().to_owned(),
                issuer: issuer.clone(),
                subject: subject.clone(),
                linked_at: origin.at,
            };
            links.insert(link.auth_method.clone(), link);
        }
        AnyEvent::User(UserEvent::AuthMethodsChanged { to, .. }) => links.retain(|method, _| to.iter().any(|id| id.as_str() == method)),
        AnyEvent::User(UserEvent::Deleted {} | UserEvent::Left {} | UserEvent::Erased {}) => links.clear(),
        _ => {}
    }
}

/// Whether an event changes links that a user already has.
pub(crate) const fn changes_stored(event: &UserEvent) -> bool {
    matches!(event, UserEvent::AuthMethodsChanged { .. } | UserEvent::Deleted {} | UserEvent::Left {} | UserEvent::Erased {})
}

/// The user of an account who is this person to a provider.
pub async fn find_linked_user(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    auth_method: &AuthMethodId,
    issuer: &str,
    subject: &str,
) -> Result<Option<UserId>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select user_id from provider_links where account_id = $1 and auth_method = $2 and issuer = $3 and subject = $4",
        account_id.uuid(),
        auth_method.as_str(),
        issuer,
        subject,
    );
    Ok(found.fetch_optional(database).await?.map(UserId::new))
}
