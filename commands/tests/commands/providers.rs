//! Signing in with a provider: who gets in, who does not, and what is left of it.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{AccountChoice, Error, ProviderOutcome, SignedIn, UpdateUser};
use domain::{Actor, AuthMethodId, EmailAddress, ProviderIdentity, Refusal, Role, UserId};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::world::{ADMIN, World, change, invitation, refusal};

pub(crate) const BROWSER: &str = "browser";

/// Whom Google has proven, with an address that it vouches for.
pub(crate) fn proven(subject: &str, email: &str) -> ProviderIdentity {
    ProviderIdentity {
        auth_method: google(),
        issuer: "https://accounts.google.com".to_owned(),
        subject: subject.to_owned(),
        email: Some(EmailAddress::parse(email).expect("valid")),
        email_verified: true,
    }
}

pub(crate) fn google() -> AuthMethodId {
    AuthMethodId::parse("google").expect("valid")
}

impl World {
    pub(crate) async fn with_provider(&self, identity: &ProviderIdentity, account: Option<&str>) -> Result<SignedIn, Error> {
        match self.commands.sign_in_with_provider(&self.by(Actor::Visitor), identity, account, BROWSER).await? {
            ProviderOutcome::SignedIn(signed_in) => Ok(signed_in),
            ProviderOutcome::Choose(_) => panic!("there was a choice"),
        }
    }

    pub(crate) async fn accept_with_provider(&self, user: UserId, identity: &ProviderIdentity) -> Result<SignedIn, Error> {
        let token = self.link(self.account, user).await;
        self.commands.accept_invitation_with_provider(&self.by(Actor::Visitor), &token, identity, Some("Ada\nLovelace")).await
    }

    /// Someone invited who may sign in with Google and with a password.
    pub(crate) async fn invite_for_google(&self, email: &str) -> UserId {
        let invite =
            commands::InviteUser { auth_methods: vec!["google".to_owned(), "password".to_owned()], ..invitation(email, Role::Viewer) };
        self.commands.invite_user(&self.by_admin(), self.account, &invite).await.expect("invites").user_id
    }

    pub(crate) async fn choices(&self, identity: &ProviderIdentity) -> Vec<AccountChoice> {
        match self.commands.sign_in_with_provider(&self.by(Actor::Visitor), identity, None, BROWSER).await.expect("answers") {
            ProviderOutcome::Choose(choices) => choices,
            ProviderOutcome::SignedIn(_) => panic!("there was no choice"),
        }
    }
}

#[tokio::test]
async fn the_address_decides_once_then_the_subject_does() {
    let world = World::open().await;
    let first = world.with_provider(&proven("1", "INES@Nimbus.example"), Some("nimbus")).await.expect("signs in");
    assert_eq!(first.user_id, world.admin.id);
    assert!(world.is_alive(&first.token, world.now).await);
    let moved = proven("1", "ines@elsewhere.example");
    let unverified = ProviderIdentity { email_verified: false, ..moved.clone() };
    let silent = ProviderIdentity { email: None, ..unverified.clone() };
    for known in [moved, unverified, silent] {
        assert_eq!(world.with_provider(&known, Some("nimbus")).await.expect("signs in").user_id, world.admin.id);
    }
    let refused = world.with_provider(&proven("2", ADMIN), Some("nimbus")).await;
    assert_eq!(refusal(refused), Refusal::ProviderAccountDiffers, "the next owner of the address is another person");
    let other_issuer = ProviderIdentity { issuer: "https://id.example".to_owned(), ..proven("1", ADMIN) };
    assert_eq!(refusal(world.with_provider(&other_issuer, Some("nimbus")).await), Refusal::ProviderAccountDiffers);
    assert_eq!(world.history(world.admin.id).await.iter().filter(|event| *event == "ProviderLinked").count(), 1);
}

#[tokio::test]
async fn a_provider_lets_in_no_one_who_was_not_invited_or_has_no_access() {
    let world = World::open().await;
    let pending = world.invite_for_google("pending@example.com").await;
    let inactive = world.join("inactive@example.com", Role::Viewer).await;
    let by_password = world.join("password@example.com", Role::Viewer).await;
    let google =
        UpdateUser { auth_methods: Some(vec!["google".to_owned(), "password".to_owned()]), active: Some(false), ..change(inactive.id) };
    world.update(&world.by_admin(), google).await.expect("updates");
    let before = world.everything().await;
    let unverified = ProviderIdentity { email_verified: false, ..proven("1", ADMIN) };
    for (identity, account, expected) in [
        (proven("1", "nobody@example.com"), Some("nimbus"), Refusal::NotInvited),
        (proven("1", "nobody@example.com"), None, Refusal::NotInvited),
        (proven("1", ADMIN), Some("cirrus"), Refusal::NotInvited),
        (proven("1", ADMIN), Some("No Slug"), Refusal::NotInvited),
        (unverified.clone(), Some("nimbus"), Refusal::ProviderEmailUnverified),
        (unverified.clone(), Some("cirrus"), Refusal::ProviderEmailUnverified),
        (unverified, None, Refusal::ProviderEmailUnverified),
        (proven("1", "pending@example.com"), Some("nimbus"), Refusal::InvitationNotAccepted),
        (proven("1", "pending@example.com"), None, Refusal::InvitationNotAccepted),
        (proven("1", "inactive@example.com"), Some("nimbus"), Refusal::AccessDeactivated),
        (proven("1", "inactive@example.com"), None, Refusal::AccessDeactivated),
        (proven("1", "password@example.com"), Some("nimbus"), Refusal::AuthMethodNotAllowed),
        (proven("1", "password@example.com"), None, Refusal::AuthMethodNotAllowed),
    ] {
        assert_eq!(refusal(world.with_provider(&identity, account).await), expected, "{account:?} {:?}", identity.email);
        assert_eq!(world.everything().await, before, "{expected:?} changed something");
    }
    assert_eq!(world.history(pending).await, ["Invited"]);
    assert_eq!(world.history(by_password.id).await.len(), 3, "invited, accepted, password set");
}

#[tokio::test]
async fn an_invitation_is_accepted_only_with_the_invited_address() {
    let world = World::open().await;
    let ada = world.invite_for_google("ada@example.com").await;
    let before = world.everything().await;
    let unverified = ProviderIdentity { email_verified: false, ..proven("1", "ada@example.com") };
    let silent = ProviderIdentity { email: None, ..proven("1", "ada@example.com") };
    for (identity, expected) in [
        (proven("1", "eve@example.com"), Refusal::ProviderEmailMismatch),
        (unverified, Refusal::ProviderEmailUnverified),
        (silent, Refusal::ProviderEmailUnverified),
        (
            ProviderIdentity { auth_method: AuthMethodId::parse("okta").expect("valid"), ..proven("1", "ada@example.com") },
            Refusal::AuthMethodNotAllowed,
        ),
    ] {
        assert_eq!(refusal(world.accept_with_provider(ada, &identity).await), expected);
        assert_eq!(world.everything().await, before, "{expected:?} changed something");
    }
    let accepted = world.accept_with_provider(ada, &proven("1", "Ada@Example.com")).await.expect("accepts");
    assert!(world.is_alive(&accepted.token, world.now).await);
    assert_eq!(world.history(ada).await, ["Invited", "Accepted", "ProviderLinked"], "the provider's name for them is no name");
    assert_eq!(refusal(world.accept_with_provider(ada, &proven("1", "ada@example.com")).await), Refusal::InvitationAlreadyAccepted);
    assert_eq!(world.with_provider(&proven("1", "else@example.com"), Some("nimbus")).await.expect("signs in").user_id, ada);
}

#[tokio::test]
async fn a_person_at_a_provider_is_one_user_of_an_account_and_another_elsewhere() {
    let world = World::open().await;
    world.with_provider(&proven("1", ADMIN), Some("nimbus")).await.expect("signs in");
    let second = world.invite_for_google("second@example.com").await;
    let before = world.everything().await;
    let refused = world.accept_with_provider(second, &proven("1", "second@example.com")).await;
    assert_eq!(refusal(refused), Refusal::ProviderAccountInUse);
    assert_eq!(world.everything().await, before, "nothing is left of it");
    let (cirrus, _) = world.open_another().await;
    let there = world.with_provider(&proven("1", ADMIN), Some("cirrus")).await.expect("signs in");
    assert_eq!(there.account_id, cirrus);
}

#[tokio::test]
async fn one_address_in_several_accounts_is_a_choice_for_who_has_proven_it() {
    use secrecy::ExposeSecret;
    let world = World::open().await;
    let ines = proven("1", ADMIN);
    assert_eq!(world.with_provider(&ines, None).await.expect("there is one only").account_id, world.account);
    let (cirrus, _) = world.open_another().await;
    let choices = world.choices(&ines).await;
    assert_eq!(choices.iter().map(|choice| choice.account.slug.as_str()).collect::<Vec<_>>(), ["cirrus", "nimbus"]);

    let token = choices[0].token.expose_secret();
    let before = world.everything().await;
    let at = async |token: &str, browser: &str, minutes: i64| {
        let ctx = commands::Context::new(Actor::Visitor, None, world.now + TimeDelta::minutes(minutes));
        world.commands.sign_in_to_choice(&ctx, token, browser).await
    };
    let forged = token.chars().rev().collect::<String>();
    for (token, browser, minutes) in [(token, "another", 0), (token, "", 0), (token, BROWSER, 10), (&forged, BROWSER, 0), ("", BROWSER, 0)]
    {
        assert_eq!(refusal(at(token, browser, minutes).await), Refusal::ProviderSignInFailed, "{browser} {minutes}");
    }
    assert_eq!(world.everything().await, before);
    assert_eq!(at(token, BROWSER, 9).await.expect("signs in").account_id, cirrus);

    let unverified = ProviderIdentity { email_verified: false, ..proven("2", ADMIN) };
    assert_eq!(refusal(world.with_provider(&unverified, None).await), Refusal::ProviderEmailUnverified, "no accounts are told");
    let stranger = proven("2", ADMIN);
    assert_eq!(refusal(world.with_provider(&stranger, None).await), Refusal::ProviderAccountDiffers);
}

#[tokio::test(flavor = "multi_thread")]
async fn first_sign_ins_at_the_same_time_link_once() {
    let world = Arc::new(World::open().await);
    let start = Arc::new(Barrier::new(8));
    let mut rivals = JoinSet::new();
    for _ in 0..8 {
        let (world, start) = (Arc::clone(&world), Arc::clone(&start));
        rivals.spawn(async move {
            start.wait().await;
            world.with_provider(&proven("1", ADMIN), Some("nimbus")).await
        });
    }
    assert!(rivals.join_all().await.iter().all(Result::is_ok));
    assert_eq!(world.history(world.admin.id).await.iter().filter(|event| *event == "ProviderLinked").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_who_prove_one_address_first_one_is_let_in() {
    let world = Arc::new(World::open().await);
    let start = Arc::new(Barrier::new(2));
    let mut rivals = JoinSet::new();
    for subject in ["1", "2"] {
        let (world, start) = (Arc::clone(&world), Arc::clone(&start));
        rivals.spawn(async move {
            start.wait().await;
            world.with_provider(&proven(subject, ADMIN), Some("nimbus")).await
        });
    }
    let (won, lost): (Vec<_>, Vec<_>) = rivals.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for lost in lost {
        assert_eq!(refusal(lost), Refusal::ProviderAccountDiffers);
    }
}
