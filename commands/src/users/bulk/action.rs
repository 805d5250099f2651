//! What a call does to each of its users: the command about one user.

use domain::user::{self, UserCommand};
use domain::{InvitationHours, InvitationId, UserId};
use uuid::Uuid;

use crate::unit_of_work::{Claims, Deciding};

/// What a call does to each of its users.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// What depends on the user and on the settings of the account is filled in for each row.
    Update(user::UpdateUser),
    Resend,
    Delete,
}

impl Action {
    /// Claims what the decisions about all users depend on.
    pub(super) fn claims(&self, claims: Claims) -> Claims {
        let depends_on_settings = match self {
            Self::Update(update) => update.auth_methods.is_some(),
            Self::Resend => true,
            Self::Delete => false,
        };
        claims.when(depends_on_settings, Claims::settings)
    }

    /// The command to one user.
    pub(super) fn command(&self, work: &Deciding<'_>, user_id: UserId) -> UserCommand {
        let by_self = work.ctx().actor.user() == Some(user_id);
        match self {
            Self::Update(update) => {
                let offered = work.settings().map_or_else(|| update.offered.clone(), |settings| settings.offered.clone());
                UserCommand::Update(user::UpdateUser { offered, by_self, ..update.clone() })
            }
            Self::Resend => UserCommand::Resend(user::ResendInvitation {
                confirm_email: None,
                lifetime: work.settings().map_or_else(InvitationHours::default, |settings| settings.lifetime),
                invitation_id: InvitationId::new(Uuid::now_v7()),
                at: work.ctx().at,
            }),
            Self::Delete => UserCommand::Delete(user::DeleteUser { confirm_email: None, by_self }),
        }
    }
}
