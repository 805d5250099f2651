//! The list of users of an account as a table, page by page.

use chrono::{DateTime, Utc};
use commands::{Commands, Context, Error};
use domain::AccountId;
use domain::export::{ExportFilter, ExportFormat, Exported, RequestExport};
use event_store::Pool;
use projections::users::{
    AsOfError, MAX_PAGE, Moment, Page, PageRequest, Span, UserCursor, UserFilter, UserOrder, UserView, as_of_instant, list_users,
    page_order,
};

use super::Export;
use super::cloud_event::written;
use super::parameters::{InvalidParameter, Parameters};
use super::table::{Table, TableForm};
use crate::wire::{DeliveryState, MAX_SEARCH, OrderDirection, Role, UserOrderField, UserStatus, spelled, stored_states};

const COLUMNS: [&str; 11] = [
    "id",
    "email",
    "name",
    "status",
    "role",
    "auth_methods",
    "created_at",
    "last_active_at",
    "invitation_sent_at",
    "invitation_expires_at",
    "erased_at",
];

/// Which users are wanted, in which order.
#[derive(Debug)]
pub(crate) struct UsersWanted {
    filter: UserFilter,
    order: UserOrder,
    /// The instant of the past that is asked for.
    as_of: Option<DateTime<Utc>>,
    table: TableForm,
    /// The same filter as the history remembers it.
    remembered: ExportFilter,
}

/// An export of the list of users that has been remembered.
pub(crate) struct UsersExport {
    pages: UserPages,
    table: TableForm,
    is_first: bool,
    count: u64,
}

/// Where the users come from, page by page.
struct UserPages {
    account_id: AccountId,
    filter: UserFilter,
    order: UserOrder,
    moment: Moment,
    after: Option<UserCursor>,
    is_complete: bool,
}

impl UsersWanted {
    /// Reads the filters and the order of the list of users as the API names them, one value in each parameter; those of lists may be
    /// repeated. `sends_mail` says whether this Roster does.
    pub(crate) fn parse(mut parameters: Parameters, sends_mail: bool) -> Result<Self, InvalidParameter> {
        let format = parameters.format(&[ExportFormat::Csv])?;
        let table = parameters.table_form(format)?;
        let statuses: Vec<UserStatus> = parameters.choices("status")?;
        let roles: Vec<Role> = parameters.choices("role")?;
        let auth_methods = parameters.auth_methods("authMethod")?;
        let search = parameters.one("search")?;
        if search.as_ref().is_some_and(|text| text.chars().count() > MAX_SEARCH) {
            return Err(InvalidParameter::TooLong { name: "search", most: MAX_SEARCH });
        }
        let created = Span { from: parameters.instant("createdFrom")?, before: parameters.instant("createdBefore")? };
        let last_active = Span { from: parameters.instant("lastActiveFrom")?, before: parameters.instant("lastActiveBefore")? };
        let never_active = parameters.flag("neverActive")?;
        let deliveries: Vec<DeliveryState> = parameters.choices("delivery")?;
        let includes_deleted = parameters.flag("includeDeleted")?;
        let order = order(&mut parameters)?;
        let as_of = parameters.instant("asOf")?;
        parameters.finish()?;
        let names = |statuses: &[UserStatus]| statuses.iter().map(|status| spelled(*status).to_owned()).collect::<Vec<_>>();
        let remembered = ExportFilter::default()
            .narrowed("status", names(&statuses))
            .narrowed("role", roles.iter().map(|role| spelled(*role).to_owned()))
            .narrowed("authMethod", auth_methods.iter().map(ToString::to_string))
            .narrowed("createdFrom", created.from.map(written))
            .narrowed("createdBefore", created.before.map(written))
            .narrowed("lastActiveFrom", last_active.from.map(written))
            .narrowed("lastActiveBefore", last_active.before.map(written))
            .narrowed("neverActive", never_active.map(|flag| flag.to_string()))
            .narrowed("delivery", deliveries.iter().map(|state| spelled(*state).to_owned()))
            .narrowed("includeDeleted", includes_deleted.map(|flag| flag.to_string()))
            .narrowed("asOf", as_of.map(written));
        // A user who is searched for by name or address may be erased one day.
        let remembered = if search.is_some() { remembered.narrowed_in_private("search") } else { remembered };
        let filter = UserFilter {
            statuses: statuses.into_iter().map(Into::into).collect(),
            roles: roles.into_iter().map(Into::into).collect(),
            auth_methods,
            search,
            created,
            last_active,
            never_active,
            deliveries: if deliveries.is_empty() { None } else { Some(stored_states(sends_mail, &deliveries)) },
            includes_deleted: includes_deleted.unwrap_or_default(),
        };
        Ok(Self { filter, order, as_of, table, remembered })
    }

    /// The moment that the list is of.
    ///
    /// # Errors
    /// When it has not come, or cannot be told yet.
    pub(crate) async fn moment(
        &self,
        ctx: &Context,
        commands: &Commands,
        database: &Pool,
        account_id: AccountId,
    ) -> Result<Moment, AsOfError> {
        match self.as_of {
            None => Ok(Moment::Now(ctx.at)),
            Some(at) => Ok(Moment::Past(as_of_instant(database, commands.event_store(), account_id, at).await?)),
        }
    }

    /// Begins the export for who may list users, and remembers that it was asked for.
    ///
    /// # Errors
    /// As [`Commands::request_export`].
    pub(crate) async fn begin(self, ctx: &Context, commands: &Commands, account_id: AccountId, moment: Moment) -> Result<Export, Error> {
        let Self { filter, order, table, remembered, .. } = self;
        let request = RequestExport { account_id, what: Exported::Users, format: ExportFormat::Csv, filter: remembered, sealed: false };
        commands.request_export(ctx, &request).await?;
        let pages = UserPages { account_id, filter, order, moment, after: None, is_complete: false };
        Ok(Export::Users(Box::new(UsersExport { pages, table, is_first: true, count: 0 })))
    }
}

/// `orderBy`, ascending unless `direction` says otherwise; the newest first when nothing is said.
fn order(parameters: &mut Parameters) -> Result<UserOrder, InvalidParameter> {
    let field: Option<UserOrderField> = parameters.choice("orderBy")?;
    let direction: Option<OrderDirection> = parameters.choice("direction")?;
    match (field, direction) {
        (Some(field), direction) => Ok(UserOrder { field: field.into(), descending: direction == Some(OrderDirection::Desc) }),
        (None, None) => Ok(UserOrder::default()),
        (None, Some(_)) => Err(InvalidParameter::Lonely { name: "direction", with: "orderBy" }),
    }
}

impl UsersExport {
    pub(super) const fn count(&self) -> u64 {
        self.count
    }

    pub(super) async fn next_part(&mut self, database: &Pool) -> Result<Option<Vec<u8>>, Error> {
        let Some(users) = self.pages.next(database).await? else { return Ok(None) };
        let mut table = if self.is_first { Table::beginning(self.table, COLUMNS) } else { Table::continued(self.table) };
        for user in &users {
            row(&mut table, user, self.pages.moment.instant());
        }
        (self.is_first, self.count) = (false, self.count + users.len() as u64);
        Ok(Some(table.into_bytes()))
    }
}

impl UserPages {
    async fn next(&mut self, database: &Pool) -> Result<Option<Vec<UserView>>, event_store::DatabaseError> {
        if self.is_complete {
            return Ok(None);
        }
        let page = PageRequest::First(MAX_PAGE, self.after.take());
        self.order = page_order(database, self.account_id, &self.filter, self.order, &page, self.moment).await?;
        let Page { users, has_next, .. } = list_users(database, self.account_id, &self.filter, self.order, page, self.moment).await?;
        self.after = users.last().map(|user| UserCursor::of(user, self.order));
        self.is_complete = !has_next;
        Ok(Some(users))
    }
}

fn row(table: &mut Table, user: &UserView, now: DateTime<Utc>) {
    let methods: Vec<_> = user.auth_methods.iter().map(domain::AuthMethodId::as_str).collect();
    let instant = |at: Option<DateTime<Utc>>| at.map(written).unwrap_or_default();
    let status = user.status_at(now);
    let is_invited = user.status == domain::user::Status::Invited;
    table.row([
        &user.id.to_string(),
        &user.email,
        user.name.as_deref().unwrap_or_default(),
        spelled(UserStatus::from(status)),
        spelled(Role::from(user.role)),
        &methods.join(", "),
        &written(user.created_at),
        &instant(user.last_active_at),
        &instant(is_invited.then_some(user.invitation_sent_at)),
        &instant(is_invited.then_some(user.invitation_expires_at)),
        &instant(user.erased_at),
    ]);
}

#[cfg(test)]
mod tests {
    use projections::users::ListedStatus;

    use super::*;

    fn parse(given: &[(&str, &str)]) -> Result<UsersWanted, InvalidParameter> {
        let given = given.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        UsersWanted::parse(Parameters::new(given), true)
    }

    #[test]
    fn every_filter_is_read_and_remembered_without_what_was_searched_for() {
        let wanted = parse(&[
            ("status", "ACTIVE"),
            ("status", "DELETED"),
            ("role", "ADMIN"),
            ("authMethod", "password"),
            ("search", "eve@acme.example"),
            ("createdFrom", "2026-01-01T00:00:00+01:00"),
            ("neverActive", "false"),
            ("orderBy", "EMAIL"),
        ]);
        let wanted = wanted.expect("nothing is wrong");
        assert_eq!(wanted.filter.statuses, [ListedStatus::Active, ListedStatus::Deleted]);
        assert!(!wanted.order.descending);
        let remembered = serde_json::to_value(&wanted.remembered).expect("JSON");
        let expected = serde_json::json!({
            "status": ["ACTIVE", "DELETED"], "role": ["ADMIN"], "authMethod": ["password"], "search": [],
            "createdFrom": ["2025-12-31T23:00:00.000000Z"], "neverActive": ["false"],
        });
        assert_eq!(remembered, expected);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (given, said) in [
            (&[("direction", "ASC")][..], "`direction` goes with orderBy only"),
            (&[("orderBy", "NAME")], "`orderBy` must be one of: EMAIL, STATUS, ROLE, CREATED_AT, LAST_ACTIVE_AT, RELEVANCE"),
            (&[("format", "ndjson")], "`format` must be one of: csv"),
            (&[("separator", "|")], "`separator` must be one of: comma, semicolon, tab"),
            (&[("authMethod", "no method!")], "`authMethod` must be the id of a way to sign in"),
            (&[("search", "a"), ("search", "b")], "`search` is given more than once"),
            (&[("search", "x".repeat(201).as_str())], "`search` has at most 200 characters"),
        ] {
            assert_eq!(parse(given).expect_err("it is refused").to_string(), said, "{given:?}");
        }
    }
}
