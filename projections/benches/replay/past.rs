//! Pages of users as they were, beside the same pages of users as they are.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::{AccountId, UserId};
use event_store::Cursor;
use projections::users::{
    AsOf, ListedStatus, Moment, PageRequest, UserCursor, UserFilter, UserOrder, UserOrderField, find_user, find_user_as_of, list_users,
};
use sqlx::PgConnection;
use test_support::TestDatabase;
use uuid::Uuid;

use crate::{Outcome, connect, median, past_rows, ratio, verdict};

/// How many times as long as the page of now a page of the past may take.
const LIMIT: f64 = 2.0;
const ROUNDS: usize = 7;
/// A page that takes longer, all rounds together, is measured in fewer: what is this slow needs no median.
const TIMEOUT: Duration = Duration::from_secs(5);
/// At which hundredths of the way from the first invitation until now the past is looked at.
const PLACES: [u32; 2] = [50, 95];
/// How many hundredths down the list a deep page lies.
const DEPTH: i64 = 60;

struct Bench {
    connection: PgConnection,
    account: AccountId,
    users: u32,
}

pub(crate) async fn measure(users: u32) -> Outcome<bool> {
    let database = TestDatabase::create().await;
    let began = Instant::now();
    let mut connection = connect(&database).await?.acquire().await?.detach();
    let account = AccountId::new(Uuid::now_v7());
    past_rows::populate(&mut connection, account, users).await?;
    println!("\nwrote {users} users and their versions in {:.1?}", began.elapsed());
    println!("{:<40} {:>10} {:>10} {:>7} {:>10} {:>7}   (limit {LIMIT})", "page of 50", "now", "half-way", "ratio", "of late", "ratio");
    let mut bench = Bench { connection, account, users };
    let mut within = true;
    for (order_name, order) in orders() {
        for (filter_name, filter) in filters() {
            for (depth_name, depth) in [("first", 0), ("deep", DEPTH)] {
                within &= bench.compare(&format!("{order_name}, {filter_name}, {depth_name}"), &filter, order, depth).await?;
            }
        }
    }
    Ok(within)
}

fn orders() -> [(&'static str, UserOrder); 6] {
    let by = |field, descending| UserOrder { field, descending };
    [
        ("newest", by(UserOrderField::CreatedAt, true)),
        ("e-mail", by(UserOrderField::Email, false)),
        ("status", by(UserOrderField::Status, false)),
        ("role", by(UserOrderField::Role, false)),
        ("last active", by(UserOrderField::LastActiveAt, true)),
        ("longest away", by(UserOrderField::LastActiveAt, false)),
    ]
}

fn filters() -> [(&'static str, UserFilter); 3] {
    let few = UserFilter { statuses: vec![ListedStatus::Inactive], ..UserFilter::default() };
    let searching = UserFilter { search: Some("margaret".to_owned()), ..UserFilter::default() };
    [("everybody", UserFilter::default()), ("inactive", few), ("search", searching)]
}

impl Bench {
    async fn compare(&mut self, name: &str, filter: &UserFilter, order: UserOrder, depth: i64) -> Outcome<bool> {
        let now = Moment::Now(Utc::now());
        let mut moments = vec![now];
        for place in PLACES {
            moments.push(Moment::Past(self.moment(place).await?));
        }
        let mut places = vec![];
        for moment in &moments {
            places.push(if depth == 0 { None } else { self.place(order, *moment, depth).await? });
        }
        let mut times: Vec<Vec<Duration>> = vec![vec![]; moments.len()];
        // Side by side, so that noise hits all. The first round warms up.
        let first = Instant::now();
        for round in 0..=ROUNDS {
            if round > 1 && first.elapsed() > TIMEOUT {
                break;
            }
            for (index, moment) in moments.iter().enumerate() {
                let request = PageRequest::First(50, places[index].clone());
                let began = Instant::now();
                list_users(&mut self.connection, self.account, filter, order, request, *moment).await?;
                if round > 0 {
                    times[index].push(began.elapsed());
                }
            }
        }
        let medians: Vec<_> = times.into_iter().map(median).collect();
        let mut line = format!("{name:<40} {:>10}", format!("{:.2?}", medians[0]));
        let mut worst = 0_f64;
        for past in &medians[1..] {
            worst = worst.max(ratio(*past, medians[0]));
            line = format!("{line} {:>10} {:>7.2}", format!("{past:.2?}"), ratio(*past, medians[0]));
        }
        println!("{line}{}", verdict(worst, LIMIT));
        Ok(worst <= LIMIT)
    }

    async fn moment(&mut self, hundredths: u32) -> Outcome<AsOf> {
        let tick = i64::from(self.users) * i64::from(hundredths) / 100;
        // After the last event of its transaction.
        let place = "int4send(1) || int8send(1000 + $1::bigint) || int8send(9223372036854775807)";
        let select = format!("select {place}, {}", past_rows::time_at("$1", "$2"));
        let row: (Vec<u8>, DateTime<Utc>) =
            sqlx::query_as(&select).bind(tick).bind(i64::from(self.users)).fetch_one(&mut self.connection).await?;
        Ok(AsOf { position: Cursor::from_bytes(&row.0)?, at: row.1, event: None, decided_until: row.1 })
    }

    /// The place so many hundredths down the list of everybody.
    async fn place(&mut self, order: UserOrder, moment: Moment, depth: i64) -> Outcome<Option<UserCursor>> {
        let key = match order.field {
            UserOrderField::LastActiveAt if order.descending => "coalesce(last_active_at, '-infinity')",
            UserOrderField::LastActiveAt => "coalesce(last_active_at, 'infinity')",
            UserOrderField::Status => "status_order",
            UserOrderField::Email | UserOrderField::Relevance => "email_normalised",
            UserOrderField::Role => "role_rank",
            UserOrderField::CreatedAt => "created_at",
        };
        let direction = if order.descending { "desc" } else { "asc" };
        let (now, then) = match moment {
            Moment::Now(_) => ("users".to_owned(), None),
            Moment::Past(as_of) => {
                let of = |users| format!("select * from {users}('{}', user_filter(), $1, 0, 'infinity')", self.account);
                let (current, ended) = (of("users_matching_as_of"), of("user_versions_matching_as_of"));
                (format!("({current} union all {ended}) u"), Some(as_of.position.transaction()))
            }
        };
        let select = format!(
            "with listed as (select id, {key} as key from {now} where coalesce($1::bigint, 0) >= 0)
            select id from listed order by key {direction}, id {direction} offset (select count(*) from listed) * $2 / 100 limit 1"
        );
        let id: Uuid = sqlx::query_scalar(&select).bind(then).bind(depth).fetch_one(&mut self.connection).await?;
        let user = match moment {
            Moment::Now(_) => find_user(&mut self.connection, self.account, UserId::new(id)).await?,
            Moment::Past(as_of) => find_user_as_of(&mut self.connection, self.account, UserId::new(id), as_of).await?,
        };
        Ok(user.map(|user| UserCursor::of(&user, order)))
    }
}
