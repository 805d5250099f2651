//! People in a few accounts, with four events each, as commands would have appended them.

use std::time::Instant;

use chrono::{SubsecRound, TimeDelta, Utc};
use domain::account::{Account, AccountEvent};
use domain::user::{User, UserEvent};
use domain::{AccountId, Actor, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Role, Slug, UserId};
use event_store::{Batch, EventStore, Metadata, Person};
use sqlx::PgPool;
use uuid::Uuid;

use crate::Outcome;

pub(crate) const ACCOUNTS: u32 = 4;
pub(crate) const EVENTS_OF_EACH: u32 = 4;
/// How many people's events are written in one transaction.
const TOGETHER: u32 = 2500;

/// Appends so many events: whole people, each invited, joined, given another role and a name.
pub(crate) async fn append(pool: &PgPool, store: &EventStore, events: u32) -> Outcome<Vec<AccountId>> {
    let began = Instant::now();
    let accounts: Vec<AccountId> = (0..ACCOUNTS).map(|_| AccountId::new(Uuid::now_v7())).collect();
    let mut batch = Batch::default();
    for (number, account) in accounts.iter().enumerate() {
        let opened = AccountEvent::Opened { name: Name::parse("Bench")?, slug: Slug::parse(&format!("bench-{number}"))? };
        batch.add::<Account>(*account, *account, 0, &[opened], None)?;
    }
    write(pool, store, batch).await?;
    let people = events / EVENTS_OF_EACH;
    for first in (0..people).step_by(TOGETHER as usize) {
        let mut batch = Batch::default();
        let mut together: Vec<(u32, UserId, Person)> = vec![];
        for number in first..people.min(first + TOGETHER) {
            let id = UserId::new(Uuid::now_v7());
            together.push((number, id, store.new_person(account_of(&accounts, number), id)?));
        }
        // The first event of each, then the second: so events of many people lie between two of one.
        for version in 0..EVENTS_OF_EACH {
            for (number, id, person) in &mut together {
                let account = account_of(&accounts, *number);
                batch.add::<User>(account, *id, u64::from(version), &[event(account, *number, version)?], Some(person))?;
            }
        }
        write(pool, store, batch).await?;
    }
    sqlx::query("vacuum analyze events, person_keys").execute(pool).await?;
    println!("appended {events} events in {:.1?}", began.elapsed());
    Ok(accounts)
}

fn account_of(accounts: &[AccountId], number: u32) -> AccountId {
    accounts[number as usize % accounts.len()]
}

fn event(account_id: AccountId, number: u32, version: u32) -> Outcome<UserEvent> {
    const FIRST: [&str; 10] = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Margaret", "Dennis", "Ken", "Radia"];
    let (first, last) = (FIRST[number as usize * 7 % 10], last_name(number));
    Ok(match version {
        0 => UserEvent::Invited {
            account_id,
            email: Personal::Known(EmailAddress::parse(&format!("{first}.{last}@example.com"))?),
            role: Role::Viewer,
            auth_methods: AuthMethods::parse([AuthMethodId::password()])?,
            invitation_id: InvitationId::new(Uuid::now_v7()),
            // As the server's clock has it.
            expires_at: Utc::now().trunc_subsecs(6) + TimeDelta::hours(24),
        },
        1 => UserEvent::Accepted { auth_method: AuthMethodId::password() },
        2 => UserEvent::RoleChanged { from: Role::Viewer, to: if number % 20 < ACCOUNTS { Role::Admin } else { Role::Editor } },
        _ => UserEvent::NameChanged { name: Personal::Known(Name::parse(&format!("{first} {last}"))?) },
    })
}

/// Eight letters, other ones for each number.
fn last_name(number: u32) -> String {
    // An odd factor, so that no two numbers become the same.
    let mixed = number.wrapping_add(1).wrapping_mul(0x9E37_79B1);
    (0..8).map(|place| char::from(b"bfghklmnprstvwzd"[(mixed >> (4 * place) & 15) as usize])).collect()
}

async fn write(pool: &PgPool, store: &EventStore, batch: Batch) -> Outcome<()> {
    let mut transaction = pool.begin().await?;
    let metadata = Metadata { actor: Actor::System, request_id: None, cause: "bench".to_owned(), at: Utc::now() };
    store.append(&mut transaction, batch, &metadata).await?;
    Ok(transaction.commit().await?)
}
