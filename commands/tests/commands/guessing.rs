//! A guesser is slowed down, and the user whose password is guessed still gets in.

use chrono::TimeDelta;
use commands::{AcceptInvitation, Destination, OpenAccount};
use domain::{AuthMethodId, Refusal, Role};

use super::world::{ADMIN, PASSWORD, World, refusal, visitor_at};

const TOM: &str = "tom@nimbus.example";
const HOME: &str = "192.0.2.1";
const CAFE: &str = "198.51.100.7";
const ATTACKER: &str = "203.0.113.66";

fn is_limited<T>(result: Result<T, commands::Error>) -> bool {
    matches!(refusal(result), Refusal::TooManyAttempts { .. })
}

/// Guesses until nothing is heard any more.
async fn use_up(world: &World, email: &str, at: chrono::DateTime<chrono::Utc>) {
    while refusal(world.sign_in_from(ATTACKER, email, "wrong", at).await) == Refusal::InvalidCredentials {}
}

#[tokio::test]
async fn a_victim_of_guessing_gets_in_from_where_they_were_before() {
    let world = World::open().await;
    world.join(TOM, Role::Editor).await;
    world.sign_in_from(HOME, TOM, PASSWORD, world.now).await.expect("signs in");
    use_up(&world, TOM, world.now).await;
    assert!(is_limited(world.sign_in_from(CAFE, TOM, PASSWORD, world.now).await), "the right password, where no one knows him");
    world.sign_in_from(HOME, TOM, PASSWORD, world.now).await.expect("signs in at home");
    assert!(is_limited(world.sign_in_from(HOME, TOM, "wrong", world.now).await), "a wrong one tells nothing, not even at home");
    let hours_later = world.now + TimeDelta::hours(2);
    use_up(&world, TOM, hours_later).await;
    world.sign_in_from(HOME, TOM, PASSWORD, hours_later).await.expect("as often as it takes");
}

#[tokio::test]
async fn no_one_is_locked_out_for_good() {
    let world = World::open().await;
    world.join(TOM, Role::Editor).await;
    use_up(&world, TOM, world.now).await;
    let Refusal::TooManyAttempts { retry_after_seconds } = refusal(world.sign_in_from(CAFE, TOM, PASSWORD, world.now).await) else {
        panic!("refused otherwise")
    };
    let seconds = i64::try_from(retry_after_seconds).expect("fits");
    assert!(seconds <= 90, "{seconds}");
    world.sign_in_from(CAFE, TOM, PASSWORD, world.now + TimeDelta::seconds(seconds)).await.expect("signs in when it was said");
}

#[tokio::test]
async fn a_place_is_known_for_thirty_days_to_whom_it_belongs_and_in_all_of_its_network() {
    let world = World::open().await;
    world.join(TOM, Role::Editor).await;
    world.sign_in_from("2001:db8:0:1::5", TOM, PASSWORD, world.now).await.expect("signs in");
    world.sign_in_from("2001:db8:0:2::5", ADMIN, PASSWORD, world.now).await.expect("signs in");
    let days = |days| world.now + TimeDelta::days(days);
    use_up(&world, TOM, days(29)).await;
    assert!(is_limited(world.sign_in_from("2001:db8:0:2::5", TOM, PASSWORD, days(29)).await), "another person's place");
    world.sign_in_from("2001:db8:0:1::99", TOM, PASSWORD, days(29)).await.expect("the same network");
    use_up(&world, ADMIN, days(30)).await;
    assert!(is_limited(world.sign_in_from("2001:db8:0:2::5", ADMIN, PASSWORD, days(30)).await), "a month later");
}

#[tokio::test]
async fn the_limits_answer_the_same_whether_or_not_anyone_has_the_address() {
    let world = World::open().await;
    world.join(TOM, Role::Editor).await;
    world.sign_in_from(HOME, TOM, PASSWORD, world.now).await.expect("signs in");
    let before = world.everything().await;
    let tomorrow = world.now + TimeDelta::days(1);
    let mut answers = vec![];
    for email in [TOM, "nobody@nimbus.example"] {
        let mut heard = vec![];
        for (address, attempts) in [(ATTACKER, 15), (HOME, 5)] {
            for _ in 0..attempts {
                heard.push(refusal(world.sign_in_from(address, email, "wrong", tomorrow).await));
            }
        }
        answers.push(heard);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].iter().filter(|refusal| **refusal == Refusal::InvalidCredentials).count(), 10);
    assert_eq!(world.everything().await, before, "a refused attempt writes nothing");
}

#[tokio::test]
async fn one_address_tries_no_more_than_its_share_of_links_and_providers() {
    let world = World::open().await;
    let link = world.invite(TOM, Role::Viewer).await.map(|changed| changed.user_id).expect("invites");
    let link = world.link(world.account, link).await;
    let there = visitor_at(ATTACKER, world.now);
    for _ in 0..300 {
        assert_eq!(refusal(world.commands.preview_invitation(&there, "forged").await), Refusal::InvalidInvitationLink);
    }
    let before = world.everything().await;
    let accept = AcceptInvitation { token: link, password: PASSWORD.into(), name: None };
    let open = OpenAccount {
        token: "forged".to_owned(),
        name: "New".to_owned(),
        slug: "new".to_owned(),
        email: ADMIN.to_owned(),
        password: PASSWORD.into(),
    };
    assert!(is_limited(world.commands.preview_invitation(&there, &accept.token).await));
    assert!(is_limited(world.commands.accept_invitation(&there, &accept).await));
    assert!(is_limited(world.commands.open_account(&there, &open).await));
    assert_eq!(world.everything().await, before);
    world.commands.accept_invitation(&visitor_at(HOME, world.now), &accept).await.expect("others are not held up");

    let google = AuthMethodId::parse("google").expect("valid");
    for _ in 0..300 {
        world.commands.begin_provider_sign_in(&there, &google, &Destination::Anywhere, None).await.expect("begins");
    }
    assert!(is_limited(world.commands.begin_provider_sign_in(&there, &google, &Destination::Anywhere, None).await));
}
