//! Given an account, when a command comes, then these events or this refusal.

use super::*;
use crate::{AuthMethodId, AuthMethods, InvitationHours, Name, Refusal, Slug, Stream};

fn id(text: &str) -> AuthMethodId {
    AuthMethodId::parse(text).expect("valid")
}

fn methods(ids: &[&str]) -> AuthMethods {
    AuthMethods::parse(ids.iter().map(|text| id(text))).expect("not empty")
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("valid")
}

fn hours(number: u16) -> InvitationHours {
    InvitationHours::parse(number).expect("valid")
}

fn no_change() -> UpdateAccount {
    let configured = methods(&["google", "password"]);
    UpdateAccount { name: None, invitation_hours: None, auth_methods: None, configured, only_way_of_somebody: None }
}

fn given(updates: impl IntoIterator<Item = UpdateAccount>) -> Account {
    let open = OpenAccount { name: name("Nimbus"), slug: Slug::parse("nimbus").expect("valid") };
    let mut account = Account::default();
    for command in std::iter::once(AccountCommand::Open(open)).chain(updates.into_iter().map(AccountCommand::Update)) {
        for event in account.decide(command).expect("allowed") {
            account.apply_event(event);
        }
    }
    account
}

#[test]
fn what_is_given_changes_and_history_says_from_what_to_what() {
    let update = UpdateAccount {
        name: Some(name("Cirrus")),
        invitation_hours: Some(hours(72)),
        auth_methods: Some(methods(&["password"])),
        ..no_change()
    };
    let events = given([]).decide(AccountCommand::Update(update.clone())).expect("allowed");
    assert_eq!(
        events,
        [
            AccountEvent::Renamed { from: name("Nimbus"), to: name("Cirrus") },
            AccountEvent::InvitationHoursChanged { from: hours(24), to: hours(72) },
            AccountEvent::AuthMethodsChanged { from: None, to: methods(&["password"]) },
        ]
    );
    assert_eq!(given([update.clone()]).decide(AccountCommand::Update(update)), Ok(vec![]), "doing what is done is no event");
}

#[test]
fn offering_everything_where_nothing_was_chosen_is_no_change() {
    let everything = UpdateAccount { auth_methods: Some(methods(&["google", "password"])), ..no_change() };
    assert_eq!(given([]).decide(AccountCommand::Update(everything)), Ok(vec![]));
}

#[test]
fn an_account_offers_only_what_is_configured_and_keeps_what_somebody_needs() {
    let update = |ids: &[&str], only_way: Option<&str>| UpdateAccount {
        auth_methods: Some(methods(ids)),
        only_way_of_somebody: only_way.map(id),
        ..no_change()
    };
    assert_eq!(given([]).decide(AccountCommand::Update(update(&["okta"], None))), Err(Refusal::AuthMethodNotOffered { id: id("okta") }));
    let needed = given([]).decide(AccountCommand::Update(update(&["password"], Some("google"))));
    assert_eq!(needed, Err(Refusal::AuthMethodInUse { id: id("google") }));
}

#[test]
fn nothing_but_its_opening_begins_an_account() {
    assert_eq!(Account::default().decide(AccountCommand::Update(no_change())), Err(Refusal::NotFound));
}

#[test]
fn a_choice_of_which_nothing_is_configured_any_more_locks_nobody_out() {
    let configured = methods(&["google", "password"]);
    assert_eq!(configured.chosen_by(None), configured);
    assert_eq!(configured.chosen_by(Some(&methods(&["okta", "password"]))), methods(&["password"]));
    assert_eq!(configured.chosen_by(Some(&methods(&["okta"]))), configured);
}
