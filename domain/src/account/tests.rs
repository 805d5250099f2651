//! Given an account, when a command comes, then these events or this refusal.

use cqrs_es::test::AggregateTestExecutor;

use super::*;
use crate::given::given;
use crate::{AuthMethodId, AuthMethods, BrandColor, InvitationHours, Language, Logo, LogoDigest, LogoType, Name, Refusal, Slug};

fn id(text: &str) -> AuthMethodId {
    AuthMethodId::parse(text).expect("valid")
}

fn methods(ids: &[&str]) -> AuthMethods {
    AuthMethods::parse(ids.iter().map(|text| id(text))).expect("not empty")
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("valid")
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("valid")
}

fn hours(number: u16) -> InvitationHours {
    InvitationHours::parse(number).expect("valid")
}

fn logo() -> Logo {
    Logo { digest: LogoDigest::new([1; 32]), media_type: LogoType::Png, bytes: 1_200 }
}

fn color(text: &str) -> BrandColor {
    BrandColor::parse(text).expect("valid")
}

fn no_change() -> UpdateAccount {
    let configured = methods(&["google", "password"]);
    UpdateAccount {
        name: None,
        invitation_hours: None,
        auth_methods: None,
        language: None,
        logo: None,
        color: None,
        shows_account: None,
        configured,
        only_way_of_someone: None,
    }
}

/// An account that was opened.
fn opened() -> AggregateTestExecutor<Account> {
    given([AccountEvent::Opened { name: name("Nimbus"), slug: slug("nimbus") }])
}

#[test]
fn an_account_is_opened_once() {
    let open = || AccountCommand::Open(OpenAccount { name: name("Nimbus"), slug: slug("nimbus") });
    let event = AccountEvent::Opened { name: name("Nimbus"), slug: slug("nimbus") };
    given::<Account>([]).when(open()).then_expect_events(vec![event]);
    opened().when(open()).then_expect_events(vec![]);
}

#[test]
fn what_is_given_changes_and_history_says_from_what_to_what() {
    let update = UpdateAccount {
        name: Some(name("Cirrus")),
        invitation_hours: Some(hours(72)),
        auth_methods: Some(methods(&["password"])),
        language: Some(Language::De),
        logo: Some(Replacement::By(logo())),
        color: Some(Replacement::By(color("#1864AB"))),
        shows_account: Some(true),
        ..no_change()
    };
    let events = vec![
        AccountEvent::Renamed { from: name("Nimbus"), to: name("Cirrus") },
        AccountEvent::InvitationHoursChanged { from: hours(24), to: hours(72) },
        AccountEvent::AuthMethodsChanged { from: None, to: methods(&["password"]) },
        AccountEvent::LanguageChanged { from: Language::En, to: Language::De },
        AccountEvent::LogoChanged { from: None, to: Some(logo()) },
        AccountEvent::ColorChanged { from: None, to: Some(color("#1864ab")) },
        AccountEvent::SignInPageChanged { shows_account: true },
    ];
    opened().when(AccountCommand::Update(update.clone())).then_expect_events(events.clone());
    // Doing what is done is no event.
    opened().and(events).when(AccountCommand::Update(update)).then_expect_events(vec![]);
}

#[test]
fn offering_everything_where_nothing_was_chosen_is_no_change() {
    let everything = UpdateAccount { auth_methods: Some(methods(&["google", "password"])), ..no_change() };
    opened().when(AccountCommand::Update(everything)).then_expect_events(vec![]);
}

#[test]
fn an_account_offers_only_what_is_configured_and_keeps_what_someone_needs() {
    let update = |ids: &[&str], only_way: Option<&str>| {
        AccountCommand::Update(UpdateAccount { auth_methods: Some(methods(ids)), only_way_of_someone: only_way.map(id), ..no_change() })
    };
    opened().when(update(&["okta"], None)).then_expect_error(Refusal::AuthMethodNotOffered { id: id("okta") });
    opened().when(update(&["password"], Some("google"))).then_expect_error(Refusal::AuthMethodInUse { id: id("google") });
}

#[test]
fn nothing_but_its_opening_begins_an_account() {
    given::<Account>([]).when(AccountCommand::Update(no_change())).then_expect_error(Refusal::NotFound);
}

#[test]
fn a_choice_of_which_nothing_is_configured_any_more_locks_no_one_out() {
    let configured = methods(&["google", "password"]);
    assert_eq!(configured.chosen_by(None), configured);
    assert_eq!(configured.chosen_by(Some(&methods(&["okta", "password"]))), methods(&["password"]));
    assert_eq!(configured.chosen_by(Some(&methods(&["okta"]))), configured);
}
