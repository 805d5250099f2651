//! What a call does to each of its users: the command about one user.

use std::collections::HashMap;

use domain::user::{self, UserCommand};
use domain::{AuthMethods, InvitationHours, InvitationId, Refusal, UserId};
use uuid::Uuid;

use super::undo::{PastEvent, Undone};
use crate::Error;
use crate::unit_of_work::{Claims, Deciding};

/// What a call does to each of its users.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// What depends on the user and on the settings of the account is filled in for each row.
    Update(user::UpdateUser),
    Resend,
    Delete,
    Undo(Undone),
}

/// What a part looked up for all of its rows, besides what they claimed.
pub(super) type Histories = HashMap<UserId, Vec<PastEvent>>;

impl Action {
    /// Claims what the decisions about all users depend on.
    pub(super) fn claims(&self, claims: Claims) -> Claims {
        let depends_on_settings = match self {
            Self::Update(update) => update.auth_methods.is_some(),
            Self::Resend | Self::Undo(_) => true,
            Self::Delete => false,
        };
        claims.when(depends_on_settings, Claims::settings)
    }

    /// The streams of the users, if the commands follow from them.
    pub(super) async fn histories(&self, work: &mut Deciding<'_>, users: &[(usize, UserId)]) -> Result<Histories, Error> {
        match self {
            Self::Undo(undone) => {
                work.name_undone(undone.name());
                Undone::histories(work, users).await
            }
            Self::Update(_) | Self::Resend | Self::Delete => Ok(Histories::new()),
        }
    }

    /// The command to one user.
    ///
    /// # Errors
    /// Refusals: why nothing of this user can be undone.
    pub(super) fn command(&self, work: &Deciding<'_>, user_id: UserId, histories: &Histories) -> Result<UserCommand, Refusal> {
        let by_self = work.ctx().actor.user() == Some(user_id);
        let offered = |configured: AuthMethods| work.settings().map_or(configured, |settings| settings.offered.clone());
        Ok(match self {
            Self::Update(update) => {
                UserCommand::Update(user::UpdateUser { offered: offered(update.offered.clone()), by_self, ..update.clone() })
            }
            Self::Undo(undone) => {
                let history = histories.get(&user_id).ok_or(Refusal::NotFound)?;
                UserCommand::Update(undone.update(history, offered(work.commands().offered()), by_self)?)
            }
            Self::Resend => UserCommand::Resend(user::ResendInvitation {
                confirm_email: None,
                lifetime: work.settings().map_or_else(InvitationHours::default, |settings| settings.lifetime),
                invitation_id: InvitationId::new(Uuid::now_v7()),
                at: work.ctx().at,
            }),
            Self::Delete => UserCommand::Delete(user::DeleteUser { confirm_email: None, by_self }),
        })
    }
}
