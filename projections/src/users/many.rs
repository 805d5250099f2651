//! Many users at once: as many statements for a hundred as for one.

use chrono::{DateTime, Utc};
use domain::user::{Status, UserEvent};
use domain::{AccountId, UserId};
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::row::select_users;
use super::view::{UserView, status_text};

/// Who has an address now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHolder {
    /// The address, in the form for comparing.
    pub email_normalised: String,
    /// Who has it.
    pub id: UserId,
    /// Whether they have not accepted yet.
    pub is_invited: bool,
}

/// The live users of an account who have one of these addresses, given in the form for comparing.
///
/// # Errors
/// When the database is lost.
pub async fn find_address_holders(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    normalised: &[String],
) -> Result<Vec<AddressHolder>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select email_normalised, id, status
        from users
        where account_id = $1 and email_normalised = any($2) and status <> 'deleted'
        "#,
        account_id.uuid(),
        normalised,
    );
    let rows = rows.fetch_all(database).await?;
    let holder = |is_invited, email_normalised, id| AddressHolder { email_normalised, id: UserId::new(id), is_invited };
    Ok(rows.into_iter().map(|row| holder(row.status == status_text(Status::Invited), row.email_normalised, row.id)).collect())
}

/// The users of an account with these ids, deleted or not, in no order.
///
/// # Errors
/// When the database is lost.
pub async fn find_users(database: impl PgExecutor<'_>, account_id: AccountId, ids: &[UserId]) -> Result<Vec<UserView>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = select_users!("where account_id = $1 and id = any($2)", account_id.uuid(), &ids);
    rows.fetch_all(database).await?.into_iter().map(UserView::try_from).collect()
}

/// Writes the rows of users who were just invited, each by the one event of theirs, in one statement.
///
/// # Errors
/// When the database is lost, or `users_one_live_per_address` says no.
pub async fn project_invitations(
    connection: &mut PgConnection,
    account_id: AccountId,
    invited: &[(UserId, UserEvent)],
    at: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let (mut ids, mut given, mut normalised, mut roles, mut methods) = (vec![], vec![], vec![], vec![], vec![]);
    let (mut invitations, mut expiries) = (vec![], vec![]);
    for (id, event) in invited {
        let UserEvent::Invited { email, role, auth_methods, invitation_id, expires_at, .. } = event else { continue };
        let email = email.known();
        ids.push(id.uuid());
        given.push(email.map_or_else(String::new, |email| email.as_given().to_owned()));
        normalised.push(email.map_or_else(String::new, |email| email.normalised().to_owned()));
        roles.push(role.as_str().to_owned());
        // An array of arrays would need equal lengths; no id holds a comma.
        methods.push(auth_methods.iter().map(domain::AuthMethodId::as_str).collect::<Vec<_>>().join(","));
        invitations.push(invitation_id.uuid());
        expiries.push(*expires_at);
    }
    let insert = sqlx::query!(
        r#"
        insert into users (
            account_id, id, version, email, email_normalised, role, status, auth_methods, created_at,
            invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from
        )
        select $1, i.id, 1, i.email, i.normalised, i.role, 'invited', string_to_array(i.methods, ','), $2, i.invitation_id, $2, i.expires_at, $2
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[])
            as i (id, email, normalised, role, methods, invitation_id, expires_at)
        "#,
        account_id.uuid(),
        at,
        &ids,
        &given,
        &normalised,
        &roles,
        &methods,
        &invitations,
        &expiries,
    );
    insert.execute(connection).await?;
    Ok(())
}
