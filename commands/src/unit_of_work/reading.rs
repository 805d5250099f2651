//! What a command may look up while it decides, besides streams.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::user::User;
use domain::{AccountId, ApiKeyId, AuthMethodId, AuthMethods, PasswordResetId, SavedViewId, SessionId, UserId};
use event_store::{CountTo, RecordedEvent};
use projections::accounts::list_accounts;
use projections::keys::{KeyFilter, KeyId, count_keys};
use projections::saved_views::{count_saved_views, find_own_views};
use projections::sessions::list_open_sessions;
use projections::users::{FailedInvitation, count_active_admins, count_failed_invitations, find_failed_invitations, find_only_way};
use sqlx::PgConnection;

use crate::keys::find_keys_in_use;
use crate::passwords::resets::{count_open_resets, find_open_reset};
use crate::{Commands, Error, credentials};

/// The transaction of a command that decides. It can only read, and only rows of the account of the command.
///
/// It has a function for each look-up, because a connection could also write: then events would no longer be the first write of the
/// transaction. A look-up that is missing is a line here. Each is a round trip.
pub(crate) struct Reading<'a> {
    pub(super) commands: &'a Commands,
    pub(super) connection: &'a mut PgConnection,
    pub(super) account_id: AccountId,
}

impl Reading<'_> {
    /// Whether an account exists, whichever it is.
    pub(crate) async fn has_accounts(self) -> Result<bool, Error> {
        Ok(!list_accounts(self.connection, 1).await?.is_empty())
    }

    /// The events of some users, by the ids of their streams.
    pub(crate) async fn events_of_users(self, ids: &[String]) -> Result<HashMap<String, Vec<RecordedEvent>>, Error> {
        Ok(self.commands.store.read_streams::<User>(self.connection, self.account_id, ids).await?)
    }

    pub(crate) async fn count_active_admins(self) -> Result<u64, Error> {
        Ok(count_active_admins(self.connection, self.account_id).await?)
    }

    pub(crate) async fn count_failed_invitations(self, after: Option<UserId>) -> Result<u64, Error> {
        Ok(count_failed_invitations(self.connection, self.account_id, after).await?)
    }

    pub(crate) async fn find_failed_invitations(self, ids: &[UserId]) -> Result<Vec<FailedInvitation>, Error> {
        Ok(find_failed_invitations(self.connection, self.account_id, ids).await?)
    }

    /// A method that is the only one of a user, and that is not among those that are kept.
    pub(crate) async fn find_only_way(self, kept: &AuthMethods, configured: &AuthMethods) -> Result<Option<AuthMethodId>, Error> {
        Ok(find_only_way(self.connection, self.account_id, kept, configured).await?)
    }

    /// The hash of a user's password.
    pub(crate) async fn find_password(self, user_id: UserId) -> Result<Option<String>, Error> {
        Ok(credentials::find_password(self.connection, self.account_id, user_id).await?)
    }

    /// The sessions of a user that are open at an instant and were used since another one.
    pub(crate) async fn list_open_sessions(
        self,
        user_id: UserId,
        at: DateTime<Utc>,
        used_since: DateTime<Utc>,
    ) -> Result<Vec<SessionId>, Error> {
        Ok(list_open_sessions(self.connection, self.account_id, user_id, at, used_since).await?)
    }

    pub(crate) async fn count_open_resets(self, user_id: UserId, at: DateTime<Utc>) -> Result<i64, Error> {
        Ok(count_open_resets(self.connection, user_id, at).await?)
    }

    /// Whether a link for a new password works at an instant.
    pub(crate) async fn has_open_reset(self, user_id: UserId, id: PasswordResetId, at: DateTime<Utc>) -> Result<bool, Error> {
        Ok(find_open_reset(self.connection, user_id, id, at).await?.is_some())
    }

    pub(crate) async fn count_keys<Id: KeyId>(self, filter: KeyFilter) -> Result<u64, Error> {
        Ok(count_keys::<Id>(self.connection, self.account_id, filter, CountTo::Bound).await?.count)
    }

    /// The API keys of some users that work at an instant.
    pub(crate) async fn find_keys_in_use(self, user_ids: &[UserId], at: DateTime<Utc>) -> Result<Vec<ApiKeyId>, Error> {
        Ok(find_keys_in_use(self.connection, self.account_id, user_ids, at).await?)
    }

    /// How many views a user has, or all admins share (`None`), and whether another one than `except` has a name.
    pub(crate) async fn count_saved_views(
        self,
        owner: Option<UserId>,
        name: &str,
        except: Option<SavedViewId>,
    ) -> Result<(u64, bool), Error> {
        Ok(count_saved_views(self.connection, self.account_id, owner, name, except).await?)
    }

    /// The own views of a user.
    pub(crate) async fn find_own_views(self, user_id: UserId) -> Result<Vec<SavedViewId>, Error> {
        Ok(find_own_views(self.connection, self.account_id, user_id).await?)
    }
}
