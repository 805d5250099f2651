//! Pages of a list of a million users beside the same pages of ten thousand, in one run: `make bench-list`.
//!
//! Prints the median time of each page in both, and their ratio, which is what counts: machines differ, and are noisy. Fails when
//! a ratio is over its limit.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::{AccountId, Role};
use projections::users::{ListedStatus, Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, UserView, list_users};
use sqlx::PgConnection;
use test_support::TestDatabase;
use uuid::Uuid;

const SMALL: i32 = 10_000;
const LARGE: i32 = 1_000_000;
const ROUNDS: usize = 41;

/// A page to measure, and how much longer it may take among a million users.
struct Page {
    name: &'static str,
    filter: UserFilter,
    order: UserOrder,
    /// From which place on: so many hundredths down the list.
    depth: i32,
    limit: f64,
}

fn pages() -> Vec<Page> {
    let newest = UserOrder::default();
    let page = |name, filter, order, depth, limit| Page { name, filter, order, depth, limit };
    let by = |field| UserOrder { field, descending: false };
    let everybody = UserFilter::default;
    let searching = |text: &str| UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
    let few = UserFilter { statuses: vec![ListedStatus::Inactive], ..UserFilter::default() };
    let roles = UserFilter { roles: vec![Role::Editor, Role::Admin], ..UserFilter::default() };
    vec![
        page("first page", everybody(), newest, 0, 1.5),
        page("deep page", everybody(), newest, 60, 1.5),
        page("first page by e-mail", everybody(), by(UserOrderField::Email), 0, 1.5),
        page("deep page by last active", everybody(), by(UserOrderField::LastActiveAt), 60, 1.5),
        page("deep page by status", everybody(), by(UserOrderField::Status), 60, 1.5),
        page("a status that few have", few, newest, 0, 1.5),
        page("two roles", roles, newest, 0, 1.5),
        page("search that finds one", searching("zdtdkpfkn"), newest, 0, 3.0),
        page("search that finds many", searching("margaret"), newest, 0, 3.0),
        page("search that finds no one", searching("qqqzzz"), newest, 0, 3.0),
    ]
}

/// An account of so many people, of whom one in fifty is inactive. First names are few; last names are many, so that each three
/// letters in a row stand in about one of seven hundred, as in real ones.
async fn populate(connection: &mut PgConnection, people: i32) -> Result<AccountId, sqlx::Error> {
    let account = AccountId::new(Uuid::now_v7());
    let open = "insert into accounts (id, name, slug, created_at) values ($1, 'Bench', 'bench', now())";
    sqlx::query(open).bind(account.uuid()).execute(&mut *connection).await?;
    let insert = "
        with people as (
            select n,
                (array['ada','grace','alan','edsger','barbara','donald','margaret','dennis','ken','radia'])[1 + n * 7 % 10] as first,
                translate(substr(md5(n::text), 1, 12), '0123456789abcdef', 'bdfghklmnprstvwz') as last
            from generate_series(1, $2) n
        )
        insert into users (account_id, id, version, email, email_normalised, name, role, status, auth_methods, created_at,
            last_active_at, invitation_id, invitation_sent_at, invitation_expires_at, sessions_valid_from)
        select $1, gen_random_uuid(), 3, address, address, initcap(first) || ' ' || initcap(last),
            case when n % 20 = 0 then 'admin' when n % 4 = 0 then 'editor' else 'viewer' end,
            case when n % 50 = 7 then 'inactive' when n % 10 = 3 then 'invited' else 'active' end, array['password'],
            now() - n * interval '30 seconds', case when n % 10 <> 3 then now() - n % 9973 * interval '1 minute' end,
            gen_random_uuid(), now(), now() + n % 997 * interval '1 minute', now()
        from people, lateral (select first || '.' || last || '@example.com' as address) a";
    sqlx::query(insert).bind(account.uuid()).bind(people).execute(&mut *connection).await?;
    sqlx::query("vacuum analyze users").execute(&mut *connection).await?;
    Ok(account)
}

/// An account in a database of its own.
struct Bench {
    connection: PgConnection,
    account: AccountId,
    people: i32,
    now: DateTime<Utc>,
    _database: TestDatabase,
}

impl Bench {
    async fn open(people: i32) -> Result<Self, sqlx::Error> {
        let database = TestDatabase::create().await;
        let mut connection = database.pool().acquire().await?.detach();
        let account = populate(&mut connection, people).await?;
        Ok(Self { connection, account, people, now: Utc::now(), _database: database })
    }

    /// The place so many hundredths down the list.
    async fn place(&mut self, page: &Page) -> Result<Option<UserCursor>, sqlx::Error> {
        if page.depth == 0 {
            return Ok(None);
        }
        let key = match page.order.field {
            UserOrderField::LastActiveAt => "coalesce(last_active_at, 'infinity')",
            UserOrderField::Status => "status_order",
            UserOrderField::Email | UserOrderField::Relevance => "email_normalised",
            UserOrderField::Role => "role_rank",
            UserOrderField::CreatedAt => "created_at",
        };
        let direction = if page.order.descending { "desc" } else { "asc" };
        let select = format!("select id from users order by {key} {direction}, id {direction} offset $1 limit 1");
        let id: Uuid = sqlx::query_scalar(&select).bind(self.people / 100 * page.depth).fetch_one(&mut self.connection).await?;
        let user: Option<UserView> = projections::users::find_user(&mut self.connection, self.account, domain::UserId::new(id)).await?;
        Ok(user.map(|user| UserCursor::of(&user, page.order)))
    }

    async fn measure(&mut self, page: &Page, place: Option<&UserCursor>) -> Result<Duration, sqlx::Error> {
        let request = PageRequest::First(50, place.cloned());
        let began = Instant::now();
        list_users(&mut self.connection, self.account, &page.filter, page.order, request, Moment::Now(self.now)).await?;
        Ok(began.elapsed())
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

async fn run() -> Result<bool, sqlx::Error> {
    println!("populating {SMALL} and {LARGE} users …");
    let (mut small, mut large) = (Bench::open(SMALL).await?, Bench::open(LARGE).await?);
    println!("{:<28} {:>12} {:>12} {:>8} {:>8}", "page of 50", SMALL, LARGE, "ratio", "limit");
    let mut within = true;
    for page in pages() {
        let (in_small, in_large) = (small.place(&page).await?, large.place(&page).await?);
        let (mut short, mut long) = (vec![], vec![]);
        // Side by side, so that noise hits both.
        for _ in 0..ROUNDS {
            short.push(small.measure(&page, in_small.as_ref()).await?);
            long.push(large.measure(&page, in_large.as_ref()).await?);
        }
        let (short, long) = (median(short), median(long));
        let ratio = long.as_secs_f64() / short.as_secs_f64();
        let verdict = if ratio <= page.limit { "" } else { "  OVER" };
        within &= ratio <= page.limit;
        println!("{:<28} {short:>12.2?} {long:>12.2?} {ratio:>8.2} {:>8.1}{verdict}", page.name, page.limit);
    }
    Ok(within)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench-list: {error}");
            ExitCode::FAILURE
        }
    }
}
