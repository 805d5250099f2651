//! A choice of accounts at the end of a sign-in with a provider works once, and no longer than the sessions of its user.

use std::sync::Arc;

use commands::{AccountChoice, Error, UpdateUser};
use domain::{Actor, Refusal, Role};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::providers::{BROWSER, proven};
use super::world::{ADMIN, PASSWORD, World, change, refusal};

#[tokio::test]
async fn a_choice_works_once_and_with_it_the_others_are_used_up() {
    use secrecy::ExposeSecret;
    let world = World::open().await;
    let ines = proven("1", ADMIN);
    let (cirrus, _) = world.open_another().await;
    let choose = async |choice: &AccountChoice| {
        world.commands.sign_in_to_choice(&world.by(Actor::Visitor), choice.token.expose_secret(), BROWSER).await
    };
    let choices = world.choices(&ines).await;
    assert_eq!(choose(&choices[0]).await.expect("signs in").account_id, cirrus);
    let before = world.everything().await;
    for choice in &choices {
        assert_eq!(refusal(choose(choice).await), Refusal::ProviderSignInFailed, "{}", choice.account.slug);
    }
    assert_eq!(world.everything().await, before);
    let (choices, others) = (world.choices(&ines).await, world.choices(&ines).await);
    assert_eq!(choose(&choices[1]).await.expect("signs in").account_id, world.account);
    assert_eq!(choose(&others[1]).await.expect("another sign-in has choices of its own").account_id, world.account);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_uses_of_one_persons_choices_at_once_one_wins() {
    use secrecy::ExposeSecret;
    let world = Arc::new(World::open().await);
    world.open_another().await;
    let choices = world.choices(&proven("1", ADMIN)).await;
    let start = Arc::new(Barrier::new(8));
    let mut rivals = JoinSet::new();
    for number in 0..8 {
        let (world, start, token) = (Arc::clone(&world), Arc::clone(&start), choices[number % 2].token.expose_secret().to_owned());
        rivals.spawn(async move {
            start.wait().await;
            world.commands.sign_in_to_choice(&world.by(Actor::Visitor), &token, BROWSER).await
        });
    }
    assert_eq!(rivals.join_all().await.iter().filter(|signed_in| signed_in.is_ok()).count(), 1);
}

/// Every way to end the sessions of the admin of the first account, by that admin or another.
#[derive(Clone, Copy, Debug)]
enum Ending {
    ByOneself,
    ByAnother,
    AllOthers,
    PasswordChange,
    PasswordReset,
    Deactivation,
    DeactivationAndBack,
    Deletion,
    Leaving,
}

#[tokio::test]
async fn a_choice_works_once_and_not_after_the_sessions_were_ended() {
    use Ending::{AllOthers, ByAnother, ByOneself, Deactivation, DeactivationAndBack, Deletion, Leaving, PasswordChange, PasswordReset};
    use secrecy::ExposeSecret;
    for ending in [ByOneself, ByAnother, AllOthers, PasswordChange, PasswordReset, Deactivation, DeactivationAndBack, Deletion, Leaving] {
        let world = World::open().await;
        let (cirrus, _) = world.open_another().await;
        let other = world.join("other@example.com", Role::Admin).await;
        let choices = world.choices(&proven("1", ADMIN)).await;
        let ctx = world.by(other.actor);
        let sessions = async |by: &commands::Context, user_id: Option<String>, keep_current| {
            let input = commands::EndSessions { user_id, keep_current };
            world.commands.end_sessions(by, &input).await.expect("ends");
        };
        let access = async |active| {
            let update = UpdateUser { active: Some(active), ..change(world.admin.id) };
            world.update(&ctx, update).await.expect("changes access");
        };
        match ending {
            ByOneself => sessions(&world.by_admin(), None, false).await,
            ByAnother => {
                // There is no session left to end, and still a person who has proved an address has to do so again.
                sessions(&ctx, Some(world.admin.id.to_string()), false).await;
                let again = world.choices(&proven("1", ADMIN)).await;
                sessions(&ctx, Some(world.admin.id.to_string()), false).await;
                let late = world.commands.sign_in_to_choice(&world.by(Actor::Visitor), again[1].token.expose_secret(), BROWSER).await;
                assert_eq!(refusal(late), Refusal::ProviderSignInFailed);
            }
            AllOthers => sessions(&world.by_admin(), None, true).await,
            PasswordChange => {
                let input = commands::ChangePassword {
                    current_password: PASSWORD.into(),
                    new_password: super::resets::NEW_PASSWORD.into(),
                    keep_api_keys: false,
                };
                world.commands.change_password(&world.by_admin(), &input).await.expect("changes");
            }
            PasswordReset => {
                let token = super::resets::link(&world, ADMIN, world.now).await;
                super::resets::reset(&world, &token, super::resets::NEW_PASSWORD, world.now).await.expect("resets");
            }
            Deactivation => access(false).await,
            DeactivationAndBack => {
                access(false).await;
                access(true).await;
            }
            Deletion => drop(world.delete(&ctx, world.admin.id, ADMIN).await.expect("deletes")),
            Leaving => {
                let input = commands::LeaveAccount { confirm_email: ADMIN.to_owned(), idempotency_key: None };
                world.commands.leave_account(&world.by_admin(), &input).await.expect("leaves");
            }
        }
        let before = world.everything().await;
        let chosen = world.commands.sign_in_to_choice(&world.by(Actor::Visitor), choices[1].token.expose_secret(), BROWSER).await;
        assert!(matches!(chosen, Err(Error::Refused { .. })), "{ending:?}: {chosen:?}");
        assert_eq!(world.everything().await, before, "{ending:?}");
        let there = world.commands.sign_in_to_choice(&world.by(Actor::Visitor), choices[0].token.expose_secret(), BROWSER).await;
        assert_eq!(there.expect("in the other account nothing was ended").account_id, cirrus, "{ending:?}");
    }
}
