//! Finds single users, and some by ids or addresses.

use domain::user::Status;
use domain::{AccountId, EmailAddress, UserId};
use sqlx::PgExecutor;
use uuid::Uuid;

use super::row::select_users;
use super::view::{UserView, status_text};

/// A user of an account, deleted or not.
pub async fn find_user(database: impl PgExecutor<'_>, account_id: AccountId, id: UserId) -> Result<Option<UserView>, sqlx::Error> {
    let row = select_users!("where account_id = $1 and id = $2", account_id.uuid(), id.uuid());
    row.fetch_optional(database).await?.map(UserView::try_from).transpose()
}

/// A user whose account is not known yet: for a signed link that names the user.
pub async fn find_user_of_any_account(database: impl PgExecutor<'_>, id: UserId) -> Result<Option<UserView>, sqlx::Error> {
    let row = select_users!("where id = $1", id.uuid());
    row.fetch_optional(database).await?.map(UserView::try_from).transpose()
}

/// The deleted users of an account who had this address and were not erased.
pub async fn find_deleted_users_by_email(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    email: &EmailAddress,
) -> Result<Vec<UserView>, sqlx::Error> {
    let rows =
        select_users!("where account_id = $1 and email_normalised = $2 and status = 'deleted'", account_id.uuid(), email.normalised());
    rows.fetch_all(database).await?.into_iter().map(UserView::try_from).collect()
}

/// The user of an account who has this address now.
pub async fn find_live_user_by_email(
    database: impl PgExecutor<'_>,
    account_id: AccountId,
    email: &EmailAddress,
) -> Result<Option<UserView>, sqlx::Error> {
    let row =
        select_users!("where account_id = $1 and email_normalised = $2 and status <> 'deleted'", account_id.uuid(), email.normalised());
    row.fetch_optional(database).await?.map(UserView::try_from).transpose()
}

/// The user who has an address now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressHolder {
    /// The account.
    pub account_id: AccountId,
    /// The address, in the form for comparing.
    pub email_normalised: String,
    /// Who has it.
    pub id: UserId,
    /// Whether they have not accepted yet.
    pub is_invited: bool,
}

/// The live users who have one of these addresses, each in its account and in the form for comparing.
pub async fn find_address_holders(
    database: impl PgExecutor<'_>,
    account_ids: &[Uuid],
    normalised: &[String],
) -> Result<Vec<AddressHolder>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        select u.account_id, u.email_normalised, u.id, u.status
        from unnest($1::uuid[], $2::text[]) as asked (account_id, email_normalised)
        join users u on u.account_id = asked.account_id and u.email_normalised = asked.email_normalised and u.status <> 'deleted'
        "#,
        account_ids,
        normalised,
    );
    let rows = rows.fetch_all(database).await?.into_iter().map(|row| AddressHolder {
        account_id: AccountId::new(row.account_id),
        email_normalised: row.email_normalised,
        id: UserId::new(row.id),
        is_invited: row.status == status_text(Status::Invited),
    });
    Ok(rows.collect())
}

/// The users of an account with these ids, deleted or not, in no order.
pub async fn find_users(database: impl PgExecutor<'_>, account_id: AccountId, ids: &[UserId]) -> Result<Vec<UserView>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = select_users!("where account_id = $1 and id = any($2)", account_id.uuid(), &ids);
    rows.fetch_all(database).await?.into_iter().map(UserView::try_from).collect()
}
