//! What is true of every history, whatever was asked.

use proptest::prelude::*;

use super::*;
use crate::given::fold;
use crate::{Name, Stream};

fn any_command() -> impl Strategy<Value = UserCommand> {
    let typed = prop_oneof![Just("ada@example.com"), Just("ADA@example.COM"), Just("eve@example.com")];
    let at = (0..60_i64).prop_map(|hours| start() + TimeDelta::hours(hours));
    let method = prop_oneof![Just("password"), Just("google")];
    let name = prop_oneof![Just(None), Just(Name::parse("Ada").ok()), Just(Name::parse("Grace").ok())];
    let role = prop::option::of(prop::sample::select(Role::ALL.to_vec()));
    let ways =
        prop::option::of(prop_oneof![Just(methods(&["password"])), Just(methods(&["google", "password"])), Just(methods(&["okta"]))]);
    prop_oneof![
        1 => Just(invite()),
        2 => (typed.clone(), 1..4_u128, at.clone()).prop_map(|(typed, number, at)| resend(typed, number, at)),
        1 => at.clone().prop_map(reveal),
        3 => (1..4_u128, method, at).prop_map(|(number, method, at)| accept(number, method, at)),
        4 => (role, ways, prop::option::of(any::<bool>()), name, any::<bool>()).prop_map(|(role, auth_methods, active, name, by_self)| {
            UserCommand::Update(UpdateUser { role, auth_methods, active, name, by_self, ..no_change() })
        }),
        1 => typed.clone().prop_map(leave),
        1 => typed.clone().prop_map(erase),
        1 => Just(UserCommand::SetPassword),
        1 => Just(issue_password_link()),
        1 => Just(UserCommand::EndSessions),
        2 => (prop_oneof![Just("google"), Just("okta")], prop_oneof![Just("1"), Just("2")], typed.clone())
            .prop_map(|(method, subject, typed)| UserCommand::LinkProvider(known_as(method, subject, typed))),
        1 => (typed, any::<bool>()).prop_map(|(typed, by_self)| delete(typed, by_self)),
    ]
}

/// What must hold for a history as a whole.
fn check_history(events: &[UserEvent]) {
    let count = |wanted: fn(&UserEvent) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert_eq!(count(|e| matches!(e, UserEvent::Invited { .. })), usize::from(!events.is_empty()));
    assert!(events.is_empty() || matches!(events[0], UserEvent::Invited { .. }));
    assert!(count(|e| matches!(e, UserEvent::Accepted { .. })) <= 1);
    let after = events.iter().skip_while(|e| !matches!(e, UserEvent::Deleted {} | UserEvent::Left {})).skip(1);
    assert!(after.clone().count() <= 1 && after.clone().all(|e| matches!(e, UserEvent::Erased {})), "only an erasure follows a deletion");
    let access: Vec<_> = events.iter().filter(|e| matches!(e, UserEvent::Deactivated {} | UserEvent::Activated {})).collect();
    assert!(access.windows(2).all(|pair| pair[0] != pair[1]), "access is taken and given in turns");
    assert!(!events.iter().any(|e| matches!(e, UserEvent::RoleChanged { from, to } if from == to)));
    assert!(!events.iter().any(|e| matches!(e, UserEvent::AuthMethodsChanged { from, to } if from == to)));
}

proptest! {
    #[test]
    fn any_commands_leave_the_invariants_true_and_replay_gives_what_deciding_saw(commands in prop::collection::vec(any_command(), 0..40)) {
        let (mut user, mut history) = (User::default(), vec![]);
        for command in std::iter::once(invite()).chain(commands) {
            // `handle` works on the history, `decide` on the state that has come of it so far.
            let answer = given::<User>(history.clone()).when(command.clone()).inspect_result();
            prop_assert_eq!(&answer, &user.decide(command.clone()));
            let Ok(events) = answer else { continue };
            for event in events {
                history.push(event.clone());
                cqrs_es::Aggregate::apply(&mut user, event);
            }
            let harmless = user.decide(command.clone()).map_or(true, |events| events.is_empty());
            let repeatable = matches!(command, UserCommand::Resend(_) | UserCommand::RevealLink(_) | UserCommand::IssuePasswordLink(_) | UserCommand::SetPassword | UserCommand::EndSessions);
            prop_assert!(harmless || repeatable, "a retry adds nothing: {command:?}");
        }
        check_history(&history);
        let stored = history.iter().map(|event| serde_json::to_string(event).expect("an event is JSON"));
        prop_assert_eq!(fold::<User>(stored.map(|stored| serde_json::from_str(&stored).expect("and reads back"))), user);
    }
}
