//! Events of users without rows of them, for rebuilding: written as commands write them, four for each user.

use chrono::{SubsecRound, TimeDelta, Utc};
use domain::user::{User, UserEvent};
use domain::{AccountId, AuthMethodId, AuthMethods, EmailAddress, InvitationId, Name, Personal, Role, UserId};
use event_store::{Batch, Metadata, Person};
use uuid::Uuid;

use super::Roster;
use crate::outcome::Outcome;

pub(crate) const EVENTS_OF_EACH: u64 = 4;
/// How many users' events are written in one transaction.
const TOGETHER: u64 = 2500;

impl Roster {
    /// Appends the events of so many users, each invited, joined, given another role and a name.
    pub(crate) async fn append_history(&self, users: u64) -> Outcome<()> {
        let store = self.commands.event_store();
        for first in (0..users).step_by(usize::try_from(TOGETHER)?) {
            let mut together: Vec<(u64, UserId, Person)> = vec![];
            for number in first..users.min(first + TOGETHER) {
                let id = UserId::new(Uuid::now_v7());
                together.push((number, id, store.new_person(self.account, id)?));
            }
            let mut batch = Batch::default();
            // The first event of each, then the second: so events of many users lie between two of one.
            for version in 0..EVENTS_OF_EACH {
                for (number, id, person) in &mut together {
                    batch.add::<User>(self.account, *id, version, &[event(self.account, *number, version)?], Some(person))?;
                }
            }
            let mut transaction = self.pool.begin().await?;
            let metadata = Metadata {
                actor: self.admin,
                request_id: None,
                cause: "bench".to_owned(),
                #[cfg(not(feature = "baseline"))]
                operation_id: None,
                #[cfg(not(feature = "baseline"))]
                undoes: None,
                at: Utc::now(),
            };
            store.append(&mut transaction, batch, &metadata).await?;
            transaction.commit().await?;
        }
        sqlx::query("vacuum analyze events, person_keys").execute(&self.pool).await?;
        Ok(())
    }
}

fn event(account_id: AccountId, number: u64, version: u64) -> Outcome<UserEvent> {
    Ok(match version {
        0 => UserEvent::Invited {
            account_id,
            email: Personal::Known(EmailAddress::parse(&format!("history-{number}@bench.example")).map_err(|_| "not an address")?),
            role: Role::Viewer,
            auth_methods: AuthMethods::parse([AuthMethodId::password()])?,
            invitation_id: InvitationId::new(Uuid::now_v7()),
            // As the server's clock has it.
            expires_at: Utc::now().trunc_subsecs(6) + TimeDelta::hours(24),
        },
        1 => UserEvent::Accepted { auth_method: AuthMethodId::password() },
        2 => UserEvent::RoleChanged { from: Role::Viewer, to: Role::Editor },
        _ => UserEvent::NameChanged { name: Personal::Known(Name::parse(&format!("History {number}"))?) },
    })
}
