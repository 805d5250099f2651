//! Rules over several users, under concurrency. Each round starts its rivals together.

use std::num::NonZeroU32;
use std::sync::Arc;

use commands::{Changed, Error, LimitSettings, UpdateUser};
use domain::{Actor, Refusal, Role, UserId};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::world::{Member, World, after_statements, change, invitation, raced, refusal};

raced! {
    World::open();
    of_many_invitations_to_one_address_one_wins_and_the_others_are_shown_who,
    an_invitation_that_is_accepted_by_many_at_once_is_accepted_once,
    an_acceptance_that_races_with_a_deletion_leaves_no_one_in,
    racing_changes_of_one_user_are_all_kept,
    in_the_feed_an_address_is_freed_before_it_is_taken_again,
}

const ROUNDS: usize = 100;

async fn of_many_invitations_to_one_address_one_wins_and_the_others_are_shown_who(world: World) {
    const FORMS: [&str; 4] = ["zoë@bücher.example", "zoe@bücher.example", "ZOE@BÜCHER.example", "Zoe@xn--bcher-kva.example"];
    let world = Arc::new(world);
    for round in 0..ROUNDS {
        let mut rivals = JoinSet::new();
        let start = Arc::new(Barrier::new(8));
        for rival in 0..8 {
            let (world, start) = (Arc::clone(&world), Arc::clone(&start));
            let email = FORMS[1 + rival % 3].replacen('@', &format!("+{round}@"), 1);
            rivals.spawn(async move {
                start.wait().await;
                world.invite(&email, Role::Viewer).await
            });
        }
        let results = rivals.join_all().await;
        let winners: Vec<UserId> = results.iter().filter_map(|result| result.as_ref().ok()).map(|changed| changed.user_id).collect();
        assert_eq!(winners.len(), 1, "round {round}");
        for lost in results.into_iter().filter_map(Result::err) {
            let Error::Refused { refusal: Refusal::AlreadyInvited, user } = lost else { panic!("round {round}: {lost}") };
            assert_eq!(user, Some(winners[0]), "round {round}");
        }
    }
    let not_ascii = world.invite(FORMS[0], Role::Viewer).await;
    assert_eq!(refusal(not_ascii).code(), "INVALID_EMAIL");
}

/// What an admin does, in a race about who is left.
#[derive(Clone, Copy, Debug)]
enum Verb {
    DemoteOther,
    DeactivateOther,
    DeleteOther,
    DemoteSelf,
}

const VERBS: [Verb; 4] = [Verb::DemoteOther, Verb::DeactivateOther, Verb::DeleteOther, Verb::DemoteSelf];

impl Verb {
    async fn run(self, world: &World, me: Actor, my_id: UserId, other: UserId, others_email: &str) -> Result<Changed, Error> {
        let ctx = world.by(me);
        let demote = |id| UpdateUser { role: Some(Role::Viewer), ..change(id) };
        match self {
            Self::DemoteOther => world.update(&ctx, demote(other)).await,
            Self::DemoteSelf => world.update(&ctx, demote(my_id)).await,
            Self::DeactivateOther => world.update(&ctx, UpdateUser { active: Some(false), ..change(other) }).await,
            Self::DeleteOther => world.delete(&ctx, other, others_email).await,
        }
    }
}

/// Two admins of one account, made admins again after each round.
struct Rivals {
    world: Arc<World>,
    pair: [(String, Member); 2],
}

impl Rivals {
    async fn round(&mut self, verbs: [Verb; 2]) -> [Result<Changed, Error>; 2] {
        let start = Arc::new(Barrier::new(2));
        let run = |me: usize| {
            let (world, start) = (Arc::clone(&self.world), Arc::clone(&start));
            let ((_, mine), (email, others)) = (self.pair[me].clone(), self.pair[1 - me].clone());
            tokio::spawn(async move {
                start.wait().await;
                verbs[me].run(&world, mine.actor, mine.id, others.id, &email).await
            })
        };
        let (first, second) = (run(0), run(1));
        [first.await.expect("no panic"), second.await.expect("no panic")]
    }

    async fn restore(&mut self) {
        let operator = self.world.by(Actor::Operator);
        for (email, member) in &mut self.pair {
            let view = self.world.view(self.world.account, member.id).await;
            if view.status == domain::user::Status::Deleted {
                let again = self.world.commands.invite_user(&operator, self.world.account, &invitation(email, Role::Admin)).await;
                *member = self.world.accept(self.world.account, again.expect("invites").user_id).await;
            } else {
                let restored = UpdateUser { role: Some(Role::Admin), active: Some(true), ..change(member.id) };
                self.world.update(&operator, restored).await.expect("restores");
            }
        }
        assert_eq!(self.world.active_admins().await, 2);
    }
}

async fn the_last_admin_stays(mut world: World, verbs: [Verb; 2]) {
    let second = world.join("tom@nimbus.example", Role::Admin).await;
    let first = world.admin.clone();
    world.now += chrono::TimeDelta::seconds(1);
    let pair = [(super::world::ADMIN.to_owned(), first), ("tom@nimbus.example".to_owned(), second)];
    let mut rivals = Rivals { world: Arc::new(world), pair };
    for round in 0..ROUNDS {
        let results = rivals.round(verbs).await;
        assert!(rivals.world.active_admins().await >= 1, "round {round} of {verbs:?}");
        assert!(results.iter().any(Result::is_ok), "round {round} of {verbs:?}: {results:?}");
        for result in results {
            match result {
                Ok(_) | Err(Error::Refused { refusal: Refusal::LastAdmin | Refusal::UserDeleted, .. }) => {}
                Err(other) => panic!("round {round} of {verbs:?}: {other:?}"),
            }
        }
        rivals.restore().await;
    }
}

macro_rules! last_admin {
    ($($name:ident: $first:ident, $second:ident;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                the_last_admin_stays(World::open().await, [Verb::$first, Verb::$second]).await;
                the_last_admin_stays(World::open().await.in_many_processes(), [Verb::$first, Verb::$second]).await;
            }
        )+

        #[test]
        fn every_pair_of_verbs_is_raced() {
            let raced = [$((Verb::$first as usize, Verb::$second as usize)),+];
            let pairs = (0..VERBS.len()).flat_map(|first| (first..VERBS.len()).map(move |second| (first, second)));
            assert!(pairs.eq(raced));
        }
    };
}

last_admin! {
    the_last_admin_stays_when_both_demote_each_other: DemoteOther, DemoteOther;
    the_last_admin_stays_when_one_demotes_and_one_deactivates: DemoteOther, DeactivateOther;
    the_last_admin_stays_when_one_demotes_and_one_deletes: DemoteOther, DeleteOther;
    the_last_admin_stays_when_one_demotes_the_other_who_demotes_oneself: DemoteOther, DemoteSelf;
    the_last_admin_stays_when_both_deactivate_each_other: DeactivateOther, DeactivateOther;
    the_last_admin_stays_when_one_deactivates_and_one_deletes: DeactivateOther, DeleteOther;
    the_last_admin_stays_when_one_deactivates_the_other_who_demotes_oneself: DeactivateOther, DemoteSelf;
    the_last_admin_stays_when_both_delete_each_other: DeleteOther, DeleteOther;
    the_last_admin_stays_when_one_deletes_the_other_who_demotes_oneself: DeleteOther, DemoteSelf;
    the_last_admin_stays_when_both_demote_themselves: DemoteSelf, DemoteSelf;
}

#[tokio::test]
async fn the_constraint_holds_whatever_path_a_row_takes() {
    let world = World::open().await;
    for change in ["role = 'viewer'", "status = 'inactive'", "status = 'deleted'"] {
        let sql = format!("update users set {change} where id = $1");
        let error = sqlx::query(&sql).bind(world.admin.id.uuid()).execute(&world.pool).await.expect_err("refused");
        let constraint = error.as_database_error().and_then(|error| error.constraint()).map(str::to_owned);
        assert_eq!(constraint.as_deref(), Some("account_keeps_an_admin"), "{change}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_outlives_a_deactivation_that_races_with_the_sign_in() {
    const TOM: &str = "tom@nimbus.example";
    let patient = LimitSettings { attempts_per_user: NonZeroU32::MAX, ..LimitSettings::default() };
    let world = Arc::new(World::open_with(patient).await);
    let tom = world.join(TOM, Role::Viewer).await;
    for round in 0..ROUNDS {
        let sign_in = {
            let world = Arc::clone(&world);
            // The clocks of two processes differ, in either direction.
            let skew = chrono::TimeDelta::seconds(if round % 2 == 0 { 3 } else { -3 });
            tokio::spawn(async move { world.sign_in(TOM, super::world::PASSWORD, world.now + skew).await })
        };
        // A sign-in takes some 50 ms to compare the password; the deactivation lands all over that time.
        after_statements(&world.pool, round * 2).await;
        world.update(&world.by_admin(), UpdateUser { active: Some(false), ..change(tom.id) }).await.expect("deactivates");
        match sign_in.await.expect("no panic") {
            Ok(signed_in) => assert!(!world.is_alive(&signed_in.token, world.now).await, "round {round}"),
            Err(error) => assert_eq!(refusal::<()>(Err(error)), Refusal::AccessDeactivated, "round {round}"),
        }
        assert!(!world.is_alive(&tom.token, world.now).await);
        world.update(&world.by_admin(), UpdateUser { active: Some(true), ..change(tom.id) }).await.expect("activates");
    }
    let none_alive =
        "select count(*) from sessions s join users u on u.id = s.user_id where u.id = $1 and s.started_at >= u.sessions_valid_from";
    let alive: i64 = sqlx::query_scalar(none_alive).bind(tom.id.uuid()).fetch_one(&world.pool).await.expect("answers");
    assert_eq!(alive, 0);
}

async fn an_invitation_that_is_accepted_by_many_at_once_is_accepted_once(world: World) {
    let world = Arc::new(world);
    for round in 0..5 {
        let invited = world.invite(&format!("ada+{round}@example.com"), Role::Admin).await.expect("invites");
        let link = world.link(world.account, invited.user_id).await;
        let mut rivals = JoinSet::new();
        for _ in 0..4 {
            let (world, link) = (Arc::clone(&world), link.clone());
            rivals.spawn(async move { world.accept_link(&link, world.now).await });
        }
        let (won, lost): (Vec<_>, Vec<_>) = rivals.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        for result in lost {
            assert_eq!(refusal(result), Refusal::InvitationAlreadyAccepted);
        }
        assert_eq!(world.history(invited.user_id).await, ["Invited", "Accepted", "PasswordSet"]);
    }
}

async fn an_acceptance_that_races_with_a_deletion_leaves_no_one_in(world: World) {
    let world = Arc::new(world);
    for round in 0..20 {
        let email = format!("ada+{round}@example.com");
        let invited = world.invite(&email, Role::Viewer).await.expect("invites");
        let link = world.link(world.account, invited.user_id).await;
        let accept = {
            let world = Arc::clone(&world);
            tokio::spawn(async move { world.accept_link(&link, world.now).await })
        };
        after_statements(&world.pool, round * 8).await;
        world.delete(&world.by_admin(), invited.user_id, &email).await.expect("deletes");
        match accept.await.expect("no panic") {
            Ok(signed_in) => assert!(!world.is_alive(&signed_in.token, world.now).await),
            Err(error) => assert_eq!(refusal::<()>(Err(error)), Refusal::InvitationRevoked),
        }
        let last = world.history(invited.user_id).await.pop();
        assert_eq!(last.as_deref(), Some("Deleted"));
    }
}

async fn racing_changes_of_one_user_are_all_kept(world: World) {
    let world = Arc::new(world);
    let tom = world.invite("tom@nimbus.example", Role::Viewer).await.expect("invites");
    let mut rivals = JoinSet::new();
    for number in 0..20 {
        let world = Arc::clone(&world);
        rivals.spawn(async move {
            world.update(&world.by_admin(), UpdateUser { name: Some(format!("Tom {number}")), ..change(tom.user_id) }).await
        });
    }
    let mut versions: Vec<u64> = rivals.join_all().await.into_iter().map(|result| result.expect("is retried").version).collect();
    versions.sort_unstable();
    assert_eq!(versions, (2..=21).collect::<Vec<_>>());
    assert_eq!(world.view(world.account, tom.user_id).await.version, 21);
}

async fn in_the_feed_an_address_is_freed_before_it_is_taken_again(world: World) {
    const EMAIL: &str = "ada@example.com";
    let world = Arc::new(world);
    let mut holder = world.invite(EMAIL, Role::Viewer).await.expect("invites").user_id;
    for round in 0..ROUNDS {
        let mut takers = JoinSet::new();
        for _ in 0..3 {
            let world = Arc::clone(&world);
            takers.spawn(async move {
                loop {
                    match world.invite(EMAIL, Role::Viewer).await {
                        Ok(taken) => return Some(taken.user_id),
                        Err(Error::Refused { user, .. }) if user == Some(holder) => tokio::task::yield_now().await,
                        Err(Error::Refused { refusal: Refusal::AlreadyInvited, .. }) => return None,
                        Err(other) => panic!("round {round}: {other}"),
                    }
                }
            });
        }
        world.delete(&world.by_admin(), holder, EMAIL).await.expect("deletes");
        let taken: Vec<UserId> = takers.join_all().await.into_iter().flatten().collect();
        assert_eq!(taken.len(), 1, "round {round}");
        holder = taken[0];
    }
    let admin = world.admin.id.to_string();
    let feed = world.feed().await;
    let changes: Vec<_> = feed.iter().filter(|event| event.aggregate_type == "user" && event.aggregate_id != admin).collect();
    assert_eq!(changes.len(), 2 * ROUNDS + 1);
    for (number, event) in changes.iter().enumerate() {
        assert_eq!(event.event_type, if number % 2 == 0 { "Invited" } else { "Deleted" }, "event {number}");
    }
}
