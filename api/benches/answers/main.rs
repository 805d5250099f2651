//! How fast the API answers while a mail server fails in each of its ways, beside how fast it answers when all is quiet:
//! `make bench-answers`. Fails when a median answer takes twice as long or more.

#[expect(dead_code, reason = "no mail is read here")]
#[path = "../../tests/whole_job/letters.rs"]
mod letters;
#[expect(dead_code, reason = "tests look what arrives")]
#[path = "../../tests/whole_job/outage.rs"]
mod outage;
#[expect(dead_code, reason = "an admin is all that is needed here")]
#[path = "../../tests/whole_job/person.rs"]
mod person;
#[expect(dead_code, reason = "a server is all that is started here")]
#[path = "../../tests/program/mod.rs"]
mod program;
#[expect(dead_code, reason = "an account with one admin is enough here")]
#[path = "../../tests/whole_job/world.rs"]
mod world;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use outage::Outage;
use person::Person;
use serde_json::{Value, json};
use test_support::SmtpBehaviour;

/// How much slower the median answer may be while mail fails: it is noise that this allows for.
const SLOWER: f64 = 2.0;
const SAMPLES: usize = 40;
const BEHAVIOURS: [SmtpBehaviour; 9] = [
    SmtpBehaviour::Refusing,
    SmtpBehaviour::Greylisting,
    SmtpBehaviour::Hanging,
    SmtpBehaviour::Dropping,
    SmtpBehaviour::DroppingAfterKeeping,
    SmtpBehaviour::DroppingMidData,
    SmtpBehaviour::DemandingStartTls,
    SmtpBehaviour::DemandingAuth,
    SmtpBehaviour::Down,
];

#[tokio::main]
async fn main() -> ExitCode {
    let mut is_quick = true;
    for behaviour in BEHAVIOURS {
        is_quick &= measure(behaviour).await;
    }
    if is_quick { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures one way to fail: whether the API answered quickly meanwhile.
async fn measure(behaviour: SmtpBehaviour) -> bool {
    let outage = Outage::start().await;
    let admin = &outage.world.admin;
    let before = medians(admin).await;
    outage.fail(behaviour).await;
    let during = medians(admin).await;
    let healed = Instant::now();
    outage.heal(behaviour).await;
    let delivered = healed.elapsed();
    // Every write makes the next one a little slower, so what was quiet before and after is taken together.
    let after = medians(admin).await;
    let quiet = [0, 1].map(|which| (before[which] + after[which]) / 2);
    let [read, write] = [0, 1].map(|which| during[which].as_secs_f64() / quiet[which].as_secs_f64());
    let is_quick = read < SLOWER && write < SLOWER;
    println!(
        "{behaviour:?}: reads {read:.2}, writes {write:.2} times as long as when quiet ({during:?}, {quiet:?}); all delivered after {delivered:.1?}{}",
        if is_quick { "" } else { ": TOO SLOW" }
    );
    is_quick
}

/// The median times of a read and of a write.
async fn medians(admin: &Person) -> [Duration; 2] {
    const READ: &str = "{ users(first: 50) { nodes { email status } } }";
    const WRITE: &str = "mutation($input: UpdateUserInput!) { updateUser(input: $input) { userErrors { code } } }";
    let (mut reads, mut writes) = (vec![], vec![]);
    for number in 0..SAMPLES {
        reads.push(timed(admin, READ, json!({})).await);
        writes.push(timed(admin, WRITE, json!({ "input": { "id": admin.id, "name": format!("Ada {number}") } })).await);
    }
    [reads, writes].map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

async fn timed(admin: &Person, query: &str, variables: Value) -> Duration {
    let began = Instant::now();
    assert_eq!(admin.ask(query, variables).await.code(), None);
    began.elapsed()
}
