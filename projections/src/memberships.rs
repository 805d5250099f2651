//! Where a person whom a provider has proven is a user: asked before the account is known.

use domain::user::Status;
use domain::{AuthMethodId, EmailAddress, UserId};
use sqlx::PgExecutor;

use crate::accounts::{AccountRow, AccountView};
use crate::users::parse_status;

/// A live user that a person is, or could become by the address.
#[derive(Clone, Debug)]
pub struct Membership {
    /// Where.
    pub account: AccountView,
    /// Who they are there.
    pub user_id: UserId,
    /// Whether they have joined, and have access.
    pub status: Status,
    /// Whether the user may sign in in this way.
    pub allows: bool,
    /// Whether the user is someone else to the provider.
    pub is_other: bool,
}

/// The live users whom a provider's subject is linked to and, in other accounts, those who have the address; by the names of the
/// accounts. Both are found by an index, however many accounts there are.
pub async fn list_memberships(
    database: impl PgExecutor<'_>,
    auth_method: &AuthMethodId,
    issuer: &str,
    subject: &str,
    email: Option<&EmailAddress>,
) -> Result<Vec<Membership>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"
        with linked as (
            select account_id, user_id
            from provider_links
            where auth_method = $1 and issuer = $2 and subject = $3
        ), members as (
            select account_id, user_id, false as is_other
            from linked
            union all
            select u.account_id, u.id, exists (select from provider_links l where l.user_id = u.id and l.auth_method = $1)
            from users u
            where u.email_normalised = $4 and u.status <> 'deleted' and u.account_id not in (select account_id from linked)
        )
        select
            a.id, a.name, a.slug, a.created_at, a.version, a.invitation_hours, a.auth_methods, a.language,
            a.logo_digest, a.color, a.shows_account,
            u.id as user_id, u.status, $1 = any(u.auth_methods) as "allows!", m.is_other as "is_other!"
        from members m
        join users u on u.id = m.user_id
        join accounts a on a.id = m.account_id
        where u.status <> 'deleted'
        "#,
        auth_method.as_str(),
        issuer,
        subject,
        email.map(EmailAddress::normalised),
    );
    let rows = rows.fetch_all(database).await?;
    let memberships = rows.into_iter().map(|row| {
        let account = AccountRow {
            id: row.id,
            name: row.name,
            slug: row.slug,
            created_at: row.created_at,
            version: row.version,
            invitation_hours: row.invitation_hours,
            auth_methods: row.auth_methods,
            language: row.language,
            logo_digest: row.logo_digest,
            color: row.color,
            shows_account: row.shows_account,
        };
        let status = parse_status(&row.status).ok_or_else(|| sqlx::Error::Decode("users.status holds what was never written".into()))?;
        Ok(Membership {
            account: account.try_into()?,
            user_id: UserId::new(row.user_id),
            status,
            allows: row.allows,
            is_other: row.is_other,
        })
    });
    let mut memberships = memberships.collect::<Result<Vec<_>, sqlx::Error>>()?;
    // Here and not in the database, whose collation may be any.
    memberships.sort_by_cached_key(|membership| (membership.account.name.to_lowercase(), membership.account.id));
    Ok(memberships)
}
