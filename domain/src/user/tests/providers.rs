//! Signing in with a provider, and who a user is there.

use super::*;
use crate::Refusal;

/// A member who has signed in with a provider.
fn member_with_google() -> AggregateTestExecutor<User> {
    let both = methods_changed(&["password"], &["google", "password"]);
    invited().and(vec![both, accepted("google"), linked("google", "1")])
}

#[test]
fn accepting_with_a_provider_says_who_they_are_there() {
    let invite = UserCommand::Invite(InviteUser { auth_methods: methods(&["google"]), ..invite_ada() });
    let events = new().when(invite).inspect_result().expect("allowed");
    let accept_here = accept(1, "google", start());
    given::<User>(events.clone()).when(accept_here).then_expect_events(vec![accepted("google"), linked("google", "1")]);
    given::<User>(events).when(accept(1, "password", start())).then_expect_error(Refusal::AuthMethodNotAllowed);
}

#[test]
fn at_first_the_verified_address_decides() {
    let user = || active().and(vec![methods_changed(&["password"], &["google", "password"])]);
    let ada = known_as("google", "1", "ADA@example.com");
    let unverified = ProviderIdentity { email_verified: false, ..ada.clone() };
    let nameless = ProviderIdentity { email: None, ..ada.clone() };
    for (identity, refusal) in [
        (unverified, Refusal::ProviderEmailUnverified),
        (nameless, Refusal::ProviderEmailUnverified),
        (known_as("google", "1", "eve@example.com"), Refusal::ProviderEmailMismatch),
        (known_as("okta", "1", "ada@example.com"), Refusal::AuthMethodNotAllowed),
    ] {
        user().when(UserCommand::LinkProvider(identity)).then_expect_error(refusal);
    }
    user().when(UserCommand::LinkProvider(ada)).then_expect_events(vec![linked("google", "1")]);
}

#[test]
fn once_linked_the_subject_decides() {
    let renamed = known_as("google", "1", "renamed@example.com");
    let nameless = ProviderIdentity { email: None, ..renamed.clone() };
    for same in [renamed, nameless] {
        member_with_google().when(UserCommand::LinkProvider(same)).then_expect_events(vec![]);
    }
    let stranger = known_as("google", "2", "ada@example.com");
    let elsewhere = ProviderIdentity { issuer: "https://other.example".to_owned(), ..known_as("google", "1", "ada@example.com") };
    for other in [stranger, elsewhere] {
        member_with_google().when(UserCommand::LinkProvider(other)).then_expect_error(Refusal::ProviderAccountDiffers);
    }
}

#[test]
fn a_way_that_is_taken_away_and_given_again_starts_over() {
    let (both, password) = (["google", "password"], ["password"]);
    let ways = |ids: &[&str]| UserCommand::Update(UpdateUser { auth_methods: Some(methods(ids)), ..no_change() });
    let (taken, given_again) = (methods_changed(&both, &password), methods_changed(&password, &both));
    member_with_google().when(ways(&password)).then_expect_events(vec![taken.clone()]);
    member_with_google().and(vec![taken.clone()]).when(ways(&both)).then_expect_events(vec![given_again.clone()]);
    let other = UserCommand::LinkProvider(known_as("google", "2", "ada@example.com"));
    member_with_google().and(vec![taken, given_again]).when(other).then_expect_events(vec![linked("google", "2")]);
}
