//! Which change restores what was before some events of a user.

use super::{UpdateUser, User, UserEvent};
use crate::user::Status;
use crate::{AuthMethods, Name, Refusal, Role, Stream};

/// What of a user can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Role,
    AuthMethods,
    Name,
    Access,
}

impl Field {
    const ALL: [Self; 4] = [Self::Role, Self::AuthMethods, Self::Name, Self::Access];

    /// The field that an event changes, if it changes nothing else.
    const fn of(event: &UserEvent) -> Option<Self> {
        match event {
            UserEvent::RoleChanged { .. } => Some(Self::Role),
            UserEvent::AuthMethodsChanged { .. } => Some(Self::AuthMethods),
            UserEvent::NameChanged { .. } => Some(Self::Name),
            UserEvent::Deactivated {} | UserEvent::Activated {} => Some(Self::Access),
            _ => None,
        }
    }
}

/// The values that the fields of a user had. A field that is `None` is as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// The role.
    pub role: Option<Role>,
    /// All ways in which they could sign in.
    pub auth_methods: Option<AuthMethods>,
    /// Whether they had access.
    pub active: Option<bool>,
    /// The name.
    pub name: Option<Name>,
}

impl Restored {
    /// The change that restores them.
    #[must_use]
    pub fn update(self, offered: AuthMethods, by_self: bool) -> UpdateUser {
        let Self { role, auth_methods, active, name } = self;
        UpdateUser { role, auth_methods, offered, active, name, by_self }
    }
}

/// Whether an event can be undone, as far as its kind says.
#[must_use]
pub const fn is_undoable(event: &UserEvent) -> bool {
    Field::of(event).is_some()
}

/// What restores the fields that some events of a stream changed, as they were before the first of these. `history` is the whole stream;
/// `is_undone` says of each place in it, from 0, whether its event is undone.
///
/// # Errors
/// Refusals: `NotUndoable` when none of these events only changes a field, or there was no name before; `UserDeleted`; `ChangedSince` when
/// another event changed such a field afterwards, and it does not have the former value by now.
pub fn restore(history: &[UserEvent], is_undone: impl Fn(usize) -> bool) -> Result<Restored, Refusal> {
    let is_one = |(place, event): (usize, &UserEvent)| is_undone(place) && is_undoable(event);
    if !history.iter().enumerate().any(is_one) {
        return Err(Refusal::NotUndoable);
    }
    let now = User::default().after(history);
    if now.status == Some(Status::Deleted) {
        return Err(Refusal::UserDeleted);
    }
    let mut restored = Restored::default();
    for field in Field::ALL {
        let of_field = || history.iter().enumerate().filter(|(_, event)| Field::of(event) == Some(field));
        let Some((first, _)) = of_field().find(|(place, _)| is_undone(*place)) else { continue };
        let then = User::default().after(&history[..first]);
        if field.is_same(&then, &now) {
            continue;
        }
        if of_field().any(|(place, _)| place > first && !is_undone(place)) {
            return Err(Refusal::ChangedSince);
        }
        field.copy(&then, &mut restored)?;
    }
    Ok(restored)
}

impl Field {
    fn is_same(self, then: &User, now: &User) -> bool {
        match self {
            Self::Role => then.role == now.role,
            Self::AuthMethods => then.auth_methods == now.auth_methods,
            Self::Name => then.name == now.name,
            Self::Access => then.status == now.status,
        }
    }

    fn copy(self, then: &User, to: &mut Restored) -> Result<(), Refusal> {
        match self {
            Self::Role => to.role = Some(then.role),
            Self::AuthMethods => to.auth_methods.clone_from(&then.auth_methods),
            Self::Name => {
                let name = then.name.as_ref().and_then(|name| name.known());
                to.name = Some(name.cloned().ok_or(Refusal::NotUndoable)?);
            }
            Self::Access => to.active = Some(then.status == Some(Status::Active)),
        }
        Ok(())
    }
}
