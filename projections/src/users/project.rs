//! Writes what happened to a user into the table that readers ask.

use chrono::{DateTime, Utc};
use domain::user::{Status, UserEvent};
use domain::{AccountId, AuthMethods, EmailAddress, Personal, Role, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::erase::wipe;
use super::links::project_links;
use super::view::status_text;
use crate::sessions::end_sessions_begun_otherwise;

/// Brings a user's row to `version`, at the clock of the decision. Sessions end that were begun in a way that is
/// allowed no more.
///
/// # Errors
/// When the database is lost, or a constraint over several users says no: its name is in the error.
pub async fn project_user(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    events: &[UserEvent],
    version: u64,
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let mut rest = events;
    if let [UserEvent::Invited { email, role, auth_methods, invitation_id, expires_at, .. }, after @ ..] = events {
        let invitation = (invitation_id.uuid(), *expires_at);
        insert(connection, account_id, id, email, *role, auth_methods, invitation, at).await?;
        rest = after;
    }
    let version = i64::try_from(version).expect("a stream is far shorter than 2^63");
    Changes::of(rest).update(connection, account_id, id, version, at).await?;
    for event in rest {
        project_links(connection, account_id, id, event, at).await?;
        if let UserEvent::Erased {} = event {
            wipe(connection, account_id, id, at).await?;
        }
        if let UserEvent::AuthMethodsChanged { to, .. } = event {
            end_sessions_begun_otherwise(connection, account_id, id, &texts(to), at).await?;
        }
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "they are the columns of one statement")]
async fn insert(
    connection: &mut PgConnection,
    account_id: AccountId,
    id: UserId,
    email: &Personal<EmailAddress>,
    role: Role,
    auth_methods: &AuthMethods,
    (invitation_id, expires_at): (Uuid, DateTime<Utc>),
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (given, normalised) = email.known().map_or(("", ""), |email| (email.as_given(), email.normalised()));
    let insert = sqlx::query!(
        r#"
        insert into users (
            account_id, id, version, email, email_normalised, role, status, auth_methods, created_at,
            invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from
        )
        values ($1, $2, 1, $3, $4, $5, 'invited', $6, $7, $8, $7, $9, $7)
        "#,
        account_id.uuid(),
        id.uuid(),
        given,
        normalised,
        role.as_str(),
        &texts(auth_methods),
        at,
        invitation_id,
        expires_at,
    );
    insert.execute(connection).await?;
    Ok(())
}

/// What some events change of a row, all in one statement.
#[derive(Default)]
struct Changes {
    role: Option<Role>,
    status: Option<Status>,
    auth_methods: Option<Vec<String>>,
    name: Option<String>,
    invitation: Option<(Uuid, DateTime<Utc>)>,
    /// Whether access was taken, even when it was given back at once.
    ends_sessions: bool,
}

impl Changes {
    fn of(events: &[UserEvent]) -> Self {
        let mut changes = Self::default();
        for event in events {
            changes.ends_sessions |= event.ends_sessions();
            match event {
                UserEvent::Invited { .. }
                | UserEvent::InvitationLinkRevealed { .. }
                | UserEvent::PasswordLinkIssued { .. }
                | UserEvent::PasswordSet {}
                | UserEvent::ProviderLinked { .. }
                | UserEvent::SessionsEnded {}
                | UserEvent::Erased {} => {}
                UserEvent::InvitationResent { invitation_id, expires_at } => {
                    changes.invitation = Some((invitation_id.uuid(), *expires_at));
                }
                UserEvent::Accepted { .. } | UserEvent::Activated {} => changes.status = Some(Status::Active),
                UserEvent::RoleChanged { to, .. } => changes.role = Some(*to),
                UserEvent::AuthMethodsChanged { to, .. } => changes.auth_methods = Some(texts(to)),
                UserEvent::NameChanged { name } => changes.name = name.known().map(|name| name.as_str().to_owned()),
                UserEvent::Deactivated {} => changes.status = Some(Status::Inactive),
                UserEvent::Deleted {} | UserEvent::Left {} => changes.status = Some(Status::Deleted),
            }
        }
        changes
    }

    /// `sessions_valid_from` moves past every session that has started, whatever the clocks say:
    /// a sign-in writes `last_active_at` of this very row.
    async fn update(
        self,
        connection: &mut PgConnection,
        account_id: AccountId,
        id: UserId,
        version: i64,
        at: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let (invitation_id, expires_at) = self.invitation.unzip();
        let update = sqlx::query!(
            r#"
            update users set
                version = $3,
                role = coalesce($4, role),
                status = coalesce($5, status),
                auth_methods = coalesce($6, auth_methods),
                name = coalesce($7, name),
                invitation_id = coalesce($8, invitation_id),
                invitation_expires_at = coalesce($9, invitation_expires_at),
                invitation_sent_at = case when $8::uuid is null then invitation_sent_at else $10 end,
                delivery_state = case when $8::uuid is null then delivery_state else 'waiting' end,
                delivery_at = case when $8::uuid is null then delivery_at end,
                delivery_attempts = case when $8::uuid is null then delivery_attempts else 0 end,
                delivery_detail = case when $8::uuid is null then delivery_detail end,
                sessions_valid_from = case
                    when $11 then greatest($10, sessions_valid_from, last_active_at + interval '1 microsecond')
                    else sessions_valid_from
                end
            where account_id = $1 and id = $2
            "#,
            account_id.uuid(),
            id.uuid(),
            version,
            self.role.map(Role::as_str),
            self.status.map(status_text),
            self.auth_methods.as_deref(),
            self.name,
            invitation_id,
            expires_at,
            at,
            self.ends_sessions,
        );
        update.execute(connection).await?;
        Ok(())
    }
}

pub(super) fn texts(methods: &AuthMethods) -> Vec<String> {
    methods.iter().map(|id| id.as_str().to_owned()).collect()
}
