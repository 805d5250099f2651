use std::net::IpAddr;

use domain::{Actor, Client};
use uuid::Uuid;

use super::*;

const HERE: &str = "192.0.2.1";
const ADA: &str = "ada@example.com";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn limits() -> Limits {
    Limits::new(LimitSettings::default())
}

fn at(address: &str, seconds: i64) -> Context {
    let address: IpAddr = address.parse().unwrap();
    Context::new(Actor::Visitor, None, start() + TimeDelta::seconds(seconds)).from(Client::new(Some(address), None))
}

/// The address with this number.
fn elsewhere(number: usize, seconds: i64) -> Context {
    at(&format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255), seconds)
}

fn known() -> AccountTried<'static> {
    AccountTried::Known(AccountId::new(Uuid::from_u128(1)))
}

fn seconds<T: std::fmt::Debug>(result: Result<T, Refusal>) -> u64 {
    match result {
        Err(Refusal::TooManyAttempts { retry_after_seconds }) => retry_after_seconds,
        other => panic!("not too many: {other:?}"),
    }
}

/// How many attempts pass before one is refused.
fn passed<T>(attempt: impl Fn(usize) -> Result<T, Refusal>) -> usize {
    (0..10_000).find(|number| attempt(*number).is_err()).expect("one is refused")
}

#[test]
fn guesses_about_one_person_are_limited_from_wherever_they_come() {
    let limits = limits();
    let anyone = (0..100).filter(|number| limits.sign_in(&elsewhere(*number, 0), known(), ADA) == Ok(Admission::Anyone));
    assert_eq!(anyone.count(), 10);
    for spelling in ["ADA@Example.com", " ada@example.com "] {
        assert_ne!(limits.sign_in(&elsewhere(200, 0), known(), spelling), Ok(Admission::Anyone), "{spelling}");
    }
    assert_eq!(limits.sign_in(&elsewhere(201, 0), known(), "eve@example.com"), Ok(Admission::Anyone));
    let other = AccountTried::Known(AccountId::new(Uuid::from_u128(2)));
    assert_eq!(limits.sign_in(&elsewhere(202, 0), other, ADA), Ok(Admission::Anyone));
}

#[test]
fn guesses_from_one_address_are_limited_about_anyone_whom_they_are() {
    let limits = limits();
    assert_eq!(passed(|number| limits.sign_in(&at(HERE, 0), known(), &format!("{number}@example.com"))), 300);
    assert_eq!(limits.sign_in(&at("192.0.2.2", 0), known(), ADA), Ok(Admission::Anyone));
}

#[test]
fn anyone_who_has_an_ipv6_network_has_one_address_and_a_mapped_one_is_what_it_maps() {
    let limits = limits();
    let from = |number: usize| at(&format!("2001:db8:0:1::{number:x}"), 0);
    assert_eq!(passed(|number| limits.use_link(&from(number))), 300);
    limits.use_link(&at("2001:db8:0:2::1", 0)).expect("another network");
    assert_eq!(passed(|_| limits.use_link(&at(HERE, 0))), 300);
    seconds(limits.use_link(&at("::ffff:192.0.2.1", 0)));
}

#[test]
fn an_account_as_a_whole_is_limited_and_what_is_guessed_about_one_person_takes_little_of_it() {
    let limits = limits();
    for number in 0..5_000 {
        drop(limits.sign_in(&elsewhere(number, 0), known(), ADA));
    }
    let anyone = |number: usize| {
        let email = format!("{number}@example.com");
        limits.sign_in(&elsewhere(10_000 + number, 0), known(), &email).is_ok_and(|admission| admission == Admission::Anyone)
    };
    assert_eq!((0..2_000).filter(|number| anyone(*number)).count(), 990);
    let other = AccountTried::Known(AccountId::new(Uuid::from_u128(2)));
    assert_eq!(limits.sign_in(&elsewhere(20_000, 0), other, ADA), Ok(Admission::Anyone));
}

#[test]
fn accounts_and_addresses_that_do_not_exist_are_limited_the_same() {
    let limits = limits();
    for (account, email) in [(AccountTried::Unknown("no-such"), ADA), (AccountTried::Unknown(""), "no address"), (known(), "no address")] {
        let anyone = (0..50).filter(|number| limits.sign_in(&elsewhere(*number, 0), account, email) == Ok(Admission::Anyone));
        assert_eq!(anyone.count(), 10, "{account:?} {email}");
    }
    let spelled = AccountTried::Unknown(" No-Such ");
    assert_ne!(limits.sign_in(&elsewhere(99, 0), spelled, ADA), Ok(Admission::Anyone));
}

#[test]
fn where_a_person_may_be_known_a_few_more_guesses_are_heard() {
    let limits = limits();
    while limits.sign_in(&elsewhere(0, 0), known(), ADA) == Ok(Admission::Anyone) {}
    let heard = |result| matches!(result, Ok(Admission::Familiar(Refusal::TooManyAttempts { .. })));
    assert!(heard(limits.sign_in(&elsewhere(0, 0), known(), ADA)) && heard(limits.sign_in(&elsewhere(0, 0), known(), ADA)));
    seconds(limits.sign_in(&elsewhere(0, 0), known(), ADA));
    assert!(heard(limits.sign_in(&at(HERE, 0), known(), ADA)), "what is used up elsewhere is not missing here");
    let nowhere = Context::new(Actor::Visitor, None, start());
    seconds(limits.sign_in(&nowhere, known(), ADA));
}

#[test]
fn buckets_refill_steadily_so_that_no_one_is_locked_out_for_good() {
    let limits = limits();
    let guess = |seconds: i64| limits.change_password(&at(HERE, seconds), UserId::new(Uuid::nil()));
    assert_eq!(passed(|_| guess(0)), 10);
    assert_eq!(seconds(guess(0)), 90);
    assert_eq!(seconds(guess(89)), 1);
    assert!(guess(90).is_ok());
    assert_eq!(seconds(guess(91)), 89, "an attacker who goes on takes each as it comes, and no more");
    assert_eq!(passed(|_| guess(90 + 15 * 60)), 10);
}

#[test]
fn wishes_for_new_passwords_have_buckets_of_their_own() {
    let limits = limits();
    let wish = |number: usize, email: &str| limits.request_password_reset(&elsewhere(number, 0), known(), email);
    assert_eq!(passed(|number| wish(number, ADA)), 3);
    assert_eq!(seconds(wish(9, ADA)), 20 * 60);
    assert_eq!(passed(|number| limits.request_password_reset(&at(HERE, 0), known(), &format!("{number}@example.com"))), 30);
    assert_eq!(passed(|number| wish(1_000 + number, &format!("x{number}@example.com"))), 100 - 3 - 30);
    assert_eq!(limits.sign_in(&at(HERE, 0), known(), ADA), Ok(Admission::Anyone));
}

#[test]
fn links_and_ways_to_providers_are_limited_by_address_and_apart() {
    let limits = limits();
    assert_eq!(passed(|_| limits.use_link(&at(HERE, 0))), 300);
    assert_eq!(passed(|_| limits.begin_provider_sign_in(&at(HERE, 0))), 300);
    assert_eq!(seconds(limits.use_link(&at(HERE, 0))), 3);
}

#[test]
fn a_wall_clock_that_is_set_back_stops_nothing() {
    let limits = limits();
    let guess = |seconds: i64| limits.change_password(&at(HERE, seconds), UserId::new(Uuid::nil()));
    assert_eq!(passed(|_| guess(1_000_000)), 10);
    assert_eq!(seconds(guess(0)), 90);
    assert!(guess(90).is_ok());
}

#[test]
fn requests_that_come_out_of_order_move_no_clock() {
    let limits = limits();
    let guess = |seconds: i64| limits.change_password(&at(HERE, seconds), UserId::new(Uuid::nil()));
    assert_eq!(passed(|_| guess(30)), 10);
    for _ in 0..20 {
        seconds(guess(0));
        seconds(guess(30));
    }
}

#[test]
fn what_is_full_again_is_forgotten() {
    let limits = limits();
    for number in 0..1_000 {
        limits.use_link(&elsewhere(number, 0)).expect("an address each");
    }
    limits.tidy(start());
    assert_eq!(limits.links.len(), 1_000);
    limits.tidy(start() + TimeDelta::minutes(15));
    assert_eq!(limits.links.len(), 0);
}

#[test]
fn the_memory_is_bounded_and_a_shared_bucket_is_limited_together() {
    let limits = limits();
    let mut refused = 0;
    for number in 0..400_000 {
        refused += usize::from(limits.familiar.take(&Key::of_number(number)).is_err());
    }
    assert!(refused > 50_000, "the shared buckets are limited, too, at three attempts each: {refused}");
    assert!(limits.familiar.len() <= 100_000 + 65_536, "{}", limits.familiar.len());
}
