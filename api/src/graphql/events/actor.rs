use async_graphql::{ComplexObject, Context, Enum, Result, SimpleObject};
use domain::{AccountId, UserId};

use crate::graphql::answer::visible_user;
use crate::graphql::user::User;

/// What kind of somebody has done something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ActorKind {
    /// A signed-in user of the account.
    User,
    /// A program with an API key.
    ApiKey,
    /// Somebody who held a link or a password, and was not signed in yet.
    Visitor,
    /// Who runs this Roster, at its command line.
    Operator,
    /// Roster itself.
    System,
}

/// Who has done something.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(super) struct Actor {
    /// What kind of somebody it was.
    kind: ActorKind,
    #[graphql(skip)]
    who: Option<(AccountId, UserId)>,
}

#[ComplexObject]
impl Actor {
    /// The user, as they are now, if it was a user of this account; null for who may not see that user.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let (account_id, id) = self.who?;
        visible_user(ctx, account_id, id).await.transpose()
    }
}

impl Actor {
    /// Reads an actor as the metadata of an event of this account names it.
    pub(super) fn read(account_id: AccountId, text: Option<&str>) -> Self {
        match text {
            Some("visitor") => Self { kind: ActorKind::Visitor, who: None },
            Some("operator") => Self { kind: ActorKind::Operator, who: None },
            Some(user) if user.starts_with("user:") => {
                let id = user.trim_start_matches("user:").parse().ok();
                Self { kind: ActorKind::User, who: id.map(|id| (account_id, id)) }
            }
            Some(key) if key.starts_with("api_key:") => Self { kind: ActorKind::ApiKey, who: None },
            _ => Self { kind: ActorKind::System, who: None },
        }
    }
}
