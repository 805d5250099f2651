//! No one learns by trying whether a person or an account exists: neither from what is answered, nor from how long it takes.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::world::{PASSWORD, World};

/// How often each kind is tried; and how often once more, before a difference is believed.
const SAMPLES: [usize; 2] = [40, 120];
/// Between these the ratio of two times may lie, of which one came right after the other: the median of all such ratios, because the load
/// of the machine changes meanwhile.
const RATIO: std::ops::Range<f64> = 0.75..1.33;
/// Where the ranks of two samples differ by more standard deviations than this, they are of two kinds: by chance once in 15,000 times.
const DEVIATIONS: f64 = 4.0;
/// And so much, at the least, a difference must be to be seen from elsewhere.
const VISIBLE: f64 = 0.1;

/// Limits so wide that a test can ask as often as it likes.
pub(crate) const PATIENT: [(&str, &str); 3] =
    [("ROSTER_ATTEMPTS_PER_USER", "1000000"), ("ROSTER_ATTEMPTS_PER_ADDRESS", "1000000"), ("ROSTER_ATTEMPTS_PER_ACCOUNT", "1000000")];

/// Someone about whom it is tried: what they are, the account, and the address.
type Kind = (&'static str, &'static str, &'static str);

const KINDS: [Kind; 6] = [
    ("a member", "acme", "ada@acme.example"),
    ("nobody", "acme", "nobody@acme.example"),
    ("someone invited", "acme", "pending@acme.example"),
    ("a deactivated user", "acme", "inactive@acme.example"),
    ("a deleted user", "acme", "deleted@acme.example"),
    ("a member, in an account that does not exist", "no-such-account", "ada@acme.example"),
];

/// A world with all kinds of people, and timeout.
async fn world_of_all_kinds() -> World {
    let world = World::start_with(&PATIENT).await;
    world.invite("pending@acme.example", "VIEWER").await;
    let inactive = world.member("inactive@acme.example", "VIEWER").await;
    world.admin.run("deactivateUser", json!({ "id": inactive.id })).await.done();
    let deleted = world.member("deleted@acme.example", "VIEWER").await;
    world.admin.run("deleteUser", json!({ "id": deleted.id, "confirmEmail": deleted.email })).await.done();
    world.until_mail_is_settled().await;
    world
}

#[tokio::test]
async fn signing_in_with_a_wrong_password_tells_nothing_about_whose_it_is() {
    let world = world_of_all_kinds().await;
    let before = world.everything().await;
    let input = |account: &str, email: &str| json!({ "account": account, "email": email, "password": format!("not {PASSWORD}"), "transport": "COOKIE" });
    all_kinds_are_answered_the_same(&world, "signIn", input).await;
    assert_eq!(world.everything().await, before);
}

#[tokio::test]
async fn asking_for_a_link_to_a_new_password_tells_nothing_about_whose_it_is() {
    let world = world_of_all_kinds().await;
    all_kinds_are_answered_the_same(&world, "requestPasswordReset", |account, email| json!({ "account": account, "email": email })).await;
}

/// Tries a mutation about all kinds of people, each time another one: all get the same bytes, after the same time.
async fn all_kinds_are_answered_the_same(world: &World, mutation: &str, input: impl Fn(&str, &str) -> Value) {
    let mut differences = vec![];
    for samples in SAMPLES {
        let times = times(world, mutation, &input, samples).await;
        differences =
            (1..KINDS.len()).filter(|kind| differs(mutation, KINDS[*kind].0, &times[0], &times[*kind])).map(|kind| KINDS[kind].0).collect();
        if differences.is_empty() {
            return;
        }
    }
    panic!("{mutation}: the time tells {differences:?} from a member");
}

async fn times(world: &World, mutation: &str, input: &impl Fn(&str, &str) -> Value, samples: usize) -> Vec<Vec<Duration>> {
    let name = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!("mutation($input: {name}!) {{ {mutation}(input: $input) {{ userErrors {{ code message field }} }} }}");
    let visitor = world.visitor();
    let mut times = vec![vec![]; KINDS.len()];
    let mut first: Option<(u16, HeaderMap, Value)> = None;
    for round in 0..samples {
        for place in 0..KINDS.len() {
            let kind = (round + place) % KINDS.len();
            let (who, account, email) = KINDS[kind];
            let began = Instant::now();
            let mut answer = visitor.ask(&document, json!({ "input": input(account, email) })).await;
            times[kind].push(began.elapsed());
            for own in ["date", "x-request-id"] {
                answer.headers.remove(own).expect("every answer has it");
            }
            assert_eq!((answer.status, answer.code()), (200, None), "{who}");
            let answer = (answer.status, answer.headers, answer.body);
            assert_eq!(first.get_or_insert_with(|| answer.clone()), &answer, "{who}");
        }
    }
    times
}

/// Whether two samples are of two kinds. What was measured is printed.
fn differs(mutation: &str, who: &str, member: &[Duration], other: &[Duration]) -> bool {
    let ratio = median(member.iter().zip(other).map(|(member, other)| other.as_secs_f64() / member.as_secs_f64()));
    let milliseconds = |times: &[Duration]| median(times.iter().map(Duration::as_secs_f64)) * 1e3;
    let deviations = deviations(member, other);
    println!(
        "{mutation}, {who}: {:.1} ms, a member {:.1} ms: ratio {ratio:.3}, ranks apart by {deviations:.1} deviations, {} samples each",
        milliseconds(other),
        milliseconds(member),
        member.len()
    );
    !RATIO.contains(&ratio) || (deviations.abs() > DEVIATIONS && (ratio - 1.0).abs() > VISIBLE)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<_> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// By how many standard deviations the ranks of two samples are apart (Mann and Whitney).
fn deviations(one: &[Duration], other: &[Duration]) -> f64 {
    let count = |times: &[Duration]| f64::from(u32::try_from(times.len()).expect("few"));
    let wins = |a: &Duration, b: &Duration| match a.cmp(b) {
        Ordering::Greater => 1.0,
        Ordering::Equal => 0.5,
        Ordering::Less => 0.0,
    };
    let won: f64 = one.iter().flat_map(|a| other.iter().map(move |b| wins(a, b))).sum();
    let (n, m) = (count(one), count(other));
    (won - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

#[test]
fn a_difference_is_found_and_chance_is_none() {
    let times = |milliseconds: u64| (0..40).map(|n| Duration::from_micros(milliseconds * 1_000 + n * 97 % 4_000)).collect::<Vec<_>>();
    assert!(!differs("a test", "the same", &times(40), &times(40)));
    assert!(differs("a test", "slower by a half", &times(40), &times(62)));
    assert!(differs("a test", "faster by an eighth", &times(40), &times(34)));
}
