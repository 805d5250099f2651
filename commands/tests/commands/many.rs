//! Many users are changed at once: each row has its own outcome, by the rules for one user.

mod crashes;
mod rules;
mod selections;
mod undo;

use commands::{BulkAnswer, Context, DeleteUsers, Error, Outcome, ResendInvitations, UpdateUsers, UserSelection};
use domain::{Role, UserId};

use super::world::World;

pub(super) fn ids(users: &[UserId]) -> UserSelection {
    UserSelection::Ids(users.iter().map(ToString::to_string).collect())
}

/// Nothing is changed yet.
pub(super) fn update(users: UserSelection) -> UpdateUsers {
    UpdateUsers { users, role: None, auth_methods: None, active: None, dry_run: false, idempotency_key: None }
}

pub(super) fn give_role(users: UserSelection, role: Role) -> UpdateUsers {
    UpdateUsers { role: Some(role), ..update(users) }
}

pub(super) fn set_active(users: UserSelection, active: bool) -> UpdateUsers {
    UpdateUsers { active: Some(active), ..update(users) }
}

pub(super) fn resend(users: UserSelection) -> ResendInvitations {
    ResendInvitations { users, dry_run: false, idempotency_key: None }
}

pub(super) fn delete(users: UserSelection, confirm_count: u64) -> DeleteUsers {
    DeleteUsers { users, confirm_count, dry_run: false, idempotency_key: None }
}

impl World {
    pub(super) async fn update_many(&self, ctx: &Context, input: &UpdateUsers) -> Result<BulkAnswer, Error> {
        self.commands.update_users(ctx, self.account, input).await
    }

    pub(super) async fn resend_many(&self, ctx: &Context, input: &ResendInvitations) -> Result<BulkAnswer, Error> {
        self.commands.resend_invitations(ctx, self.account, input).await
    }

    pub(super) async fn delete_many(&self, ctx: &Context, input: &DeleteUsers) -> Result<BulkAnswer, Error> {
        self.commands.delete_users(ctx, self.account, input).await
    }

    /// Invites so many people.
    pub(super) async fn invite_many(&self, count: usize) -> Vec<UserId> {
        let row = |number| commands::InviteRow {
            email: format!("user{number}@example.com"),
            role: Role::Viewer,
            auth_methods: vec!["password".to_owned()],
        };
        let input = commands::InviteUsers { rows: (0..count).map(row).collect(), dry_run: false, idempotency_key: None };
        let invited = self.commands.invite_users(&self.by_admin(), self.account, &input).await.expect("invites");
        invited.into_iter().map(|answer| answer.user.expect("is invited")).collect()
    }
}

/// What became of each row: `changed`, `unchanged`, or the code of a refusal.
pub(super) fn outcomes(answer: &BulkAnswer) -> Vec<&'static str> {
    let outcome = |outcome: &Outcome| match outcome {
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Refused(refusal) => refusal.code(),
    };
    answer.rows.iter().map(|row| outcome(&row.outcome)).collect()
}
