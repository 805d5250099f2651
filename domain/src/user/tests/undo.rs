//! What restores what was before.

use super::*;
use crate::user::{Restored, restore};
use crate::{Name, Personal, Refusal};

fn role(from: Role, to: Role) -> UserEvent {
    UserEvent::RoleChanged { from, to }
}

fn named(name: &str) -> UserEvent {
    UserEvent::NameChanged { name: Personal::Known(Name::parse(name).expect("a name")) }
}

/// A member with a name, then these events; those at these places among them are undone.
fn undo(events: &[UserEvent], places: &[usize]) -> Result<Restored, Refusal> {
    let mut history = vec![invited_event(), accepted("password"), named("Ada")];
    let before = history.len();
    history.extend_from_slice(events);
    restore(&history, |place| place.checked_sub(before).is_some_and(|place| places.contains(&place)))
}

#[test]
fn each_field_is_restored() {
    let nothing = Restored::default();
    let to_viewer = role(Role::Editor, Role::Viewer);
    assert_eq!(undo(&[to_viewer], &[0]), Ok(Restored { role: Some(Role::Editor), ..nothing.clone() }));
    let changed = methods_changed(&["password"], &["google", "password"]);
    assert_eq!(undo(&[changed], &[0]).map(|restored| restored.auth_methods.is_some()), Ok(true));
    assert_eq!(undo(&[UserEvent::Deactivated {}], &[0]), Ok(Restored { active: Some(true), ..nothing.clone() }));
    let twice = [UserEvent::Deactivated {}, UserEvent::Activated {}];
    assert_eq!(undo(&twice, &[1]), Ok(Restored { active: Some(false), ..nothing.clone() }));
    assert_eq!(undo(&[named("Grace")], &[0]), Ok(Restored { name: Name::parse("Ada").ok(), ..nothing }));
}

#[test]
fn all_events_of_an_operation_are_undone_to_before_the_first_one() {
    let events = [role(Role::Editor, Role::Viewer), UserEvent::Deactivated {}, role(Role::Viewer, Role::Admin)];
    let both = Restored { role: Some(Role::Editor), active: Some(true), ..Restored::default() };
    assert_eq!(undo(&events, &[0, 1, 2]), Ok(both));
}

#[test]
fn what_changed_the_same_field_since_is_in_the_way_and_what_changed_another_is_not() {
    let events = [role(Role::Editor, Role::Viewer), role(Role::Viewer, Role::Admin), UserEvent::Deactivated {}];
    assert_eq!(undo(&events, &[0]), Err(Refusal::ChangedSince));
    assert_eq!(undo(&events, &[1]), Ok(Restored { role: Some(Role::Viewer), ..Restored::default() }));
    assert_eq!(undo(&events, &[0, 2]), Err(Refusal::ChangedSince), "all or nothing");
    let between = [role(Role::Editor, Role::Viewer), role(Role::Viewer, Role::Editor), role(Role::Editor, Role::Admin)];
    assert_eq!(undo(&between, &[0, 2]), Err(Refusal::ChangedSince));
}

#[test]
fn what_is_as_it_was_needs_no_change() {
    let events = [role(Role::Editor, Role::Viewer), role(Role::Viewer, Role::Editor)];
    assert_eq!(undo(&events, &[0]), Ok(Restored::default()));
    assert_eq!(undo(&events, &[1]), Ok(Restored { role: Some(Role::Viewer), ..Restored::default() }), "an undo can be undone");
}

#[test]
fn what_only_happens_once_cannot_be_undone() {
    for once in [UserEvent::PasswordSet {}, UserEvent::SessionsEnded {}, linked("google", "1")] {
        assert_eq!(undo(&[once], &[0]), Err(Refusal::NotUndoable));
    }
    let history = [invited_event(), accepted("password"), named("Ada")];
    for place in 0..history.len() {
        assert_eq!(restore(&history, |at| at == place), Err(Refusal::NotUndoable), "there was no name before");
    }
    assert_eq!(undo(&[], &[7]), Err(Refusal::NotUndoable));
    assert_eq!(undo(&[role(Role::Editor, Role::Viewer), UserEvent::Deleted {}], &[0]), Err(Refusal::UserDeleted));
    assert_eq!(undo(&[UserEvent::Deleted {}], &[0]), Err(Refusal::NotUndoable));
}
