//! Processes whose current master keys differ, over one database, while one takes the other's place: what one has signed or remembered, the
//! other takes and knows.

use std::sync::Arc;

use chrono::TimeDelta;
use commands::{Commands, Context, Destination, InviteRow, InviteUser, InviteUsers, LimitSettings, OpenAccount, RowAnswer, UpdateUser};
use domain::{Actor, Refusal, Role};
use event_store::{EventStore, MasterKey, MasterKeys, PersonPosition};
use secrecy::ExposeSecret;
use sqlx::{Connection, PgConnection};
use test_support::TestDatabase;

use super::providers::{BROWSER, google, proven};
use super::resets::{NEW_PASSWORD, link, reset};
use super::world::{ADMIN, PASSWORD, World, change as change_of, invitation, member, noon, offered, refusal, wait_for_waiting};

/// A world, and processes over it: each has the same two master keys, or only one.
pub(crate) struct Change {
    pub(crate) world: World,
    pub(crate) old: String,
    pub(crate) new: String,
}

impl Change {
    pub(crate) async fn begin() -> Self {
        let world = World::patient().await;
        Self { old: world.master_text.clone(), new: new_key(), world }
    }

    pub(crate) fn old_first(&self) -> Arc<Commands> {
        process(&self.world, &[&self.old, &self.new])
    }

    pub(crate) fn new_first(&self) -> Arc<Commands> {
        process(&self.world, &[&self.new, &self.old])
    }

    fn new_alone(&self) -> Arc<Commands> {
        process(&self.world, &[&self.new])
    }

    /// Both orders: the process that comes first, and the one that comes after it.
    fn both_ways(&self) -> [(Arc<Commands>, Arc<Commands>); 2] {
        [(self.old_first(), self.new_first()), (self.new_first(), self.old_first())]
    }
}

fn new_key() -> String {
    MasterKey::generate().expect("randomness").to_text().to_string()
}

pub(crate) fn keys(texts: &[&str]) -> MasterKeys {
    MasterKeys::parse(&texts.join(" ")).expect("keys")
}

fn process(world: &World, texts: &[&str]) -> Arc<Commands> {
    let many = std::num::NonZeroU32::new(1_000_000).expect("not zero");
    let limits =
        LimitSettings { attempts_per_user: many, attempts_per_address: many, attempts_per_account: many, ..LimitSettings::default() };
    Arc::new(Commands::new(world.pool.clone(), &keys(texts), offered()).with_limits(limits).without_queues())
}

/// One walk over everybody, in small parts; answers how many keys it has wrapped.
pub(crate) async fn rotate(world: &World, store: &EventStore) -> u64 {
    let mut connection = PgConnection::connect_with(&world.pool.connect_options()).await.expect("connects");
    let (mut after, mut rewrapped) = (PersonPosition::default(), 0);
    loop {
        let part = store.rewrap(&mut connection, after, 3).await.expect("rotates");
        assert_eq!(part.unopened, []);
        rewrapped += part.rewrapped;
        let Some(last) = part.last else { return rewrapped };
        after = last;
    }
}

fn keyed(email: &str) -> InviteUser {
    InviteUser { idempotency_key: Some("k".to_owned()), ..invitation(email, Role::Viewer) }
}

#[tokio::test]
async fn links_from_before_the_change_work_after_it_and_the_other_way_round() {
    let mut change = Change::begin().await;
    for (number, (makes, takes)) in change.both_ways().into_iter().enumerate() {
        let world = &mut change.world;
        let email = format!("ada{number}@example.com");
        world.commands = Arc::clone(&makes);
        let ada = world.invite(&email, Role::Viewer).await.expect("invites").user_id;
        let invited = world.link(world.account, ada).await;
        world.commands = Arc::clone(&takes);
        world.accept_link(&invited, world.now).await.expect("the other process accepts it");

        world.commands = makes;
        let forgotten = link(world, &email, world.now).await;
        world.commands = takes;
        reset(world, &forgotten, NEW_PASSWORD, world.now).await.expect("the other process takes it");
        world.sign_in(&email, NEW_PASSWORD, world.now).await.expect("signs in");
    }
}

#[tokio::test]
async fn without_the_old_key_nothing_works_that_it_has_signed() {
    let mut change = Change::begin().await;
    change.world.commands = change.new_first();
    rotate(&change.world, &EventStore::new(&keys(&[&change.new, &change.old]))).await;
    change.world.commands = change.old_first();
    let ada = change.world.invite("ada@example.com", Role::Viewer).await.expect("invites").user_id;
    let by_old = change.world.link(change.world.account, ada).await;
    let reset_by_old = link(&change.world, ADMIN, change.world.now).await;
    change.world.commands = change.new_first();
    let by_new = change.world.link(change.world.account, ada).await;
    let reset_by_new = link(&change.world, ADMIN, change.world.now).await;
    assert_eq!(rotate(&change.world, &EventStore::new(&keys(&[&change.new, &change.old]))).await, 1, "whom the old one has invited");

    change.world.commands = change.new_alone();
    let world = &change.world;
    assert_eq!(refusal(world.accept_link(&by_old, world.now).await), Refusal::InvalidInvitationLink);
    assert_eq!(refusal(reset(world, &reset_by_old, NEW_PASSWORD, world.now).await), Refusal::InvalidResetLink);
    world.accept_link(&by_new, world.now).await.expect("the new one has signed it");
    reset(world, &reset_by_new, NEW_PASSWORD, world.now).await.expect("the new one has signed it");
}

#[tokio::test]
async fn the_welcome_link_from_before_the_change_opens_the_first_account() {
    let database = TestDatabase::create().await;
    let (old, new) = (new_key(), new_key());
    let process = |texts: &[&str]| Commands::new(database.pool(), &keys(texts), offered()).without_queues();
    let token = process(&[&old, &new]).welcome_token(noon()).await.expect("answers").expect("no account yet");
    let open = OpenAccount {
        token: token.expose().to_owned(),
        name: "Nimbus".to_owned(),
        slug: "nimbus".to_owned(),
        email: ADMIN.to_owned(),
        password: PASSWORD.into(),
    };
    let visitor = Context::new(Actor::Visitor, None, noon());
    assert_eq!(refusal(process(&[&new]).open_account(&visitor, &open).await), Refusal::InvalidWelcomeLink);
    process(&[&new, &old]).open_account(&visitor, &open).await.expect("opens");
}

#[tokio::test]
async fn a_request_is_recognised_when_it_is_repeated_across_the_change() {
    let change = Change::begin().await;
    let world = &change.world;
    for (number, (first, then)) in change.both_ways().into_iter().enumerate() {
        let ctx = Context::new(Actor::Operator, None, world.now + TimeDelta::hours(25 * i64::try_from(number).expect("small")));
        let input = keyed(&format!("ada{number}@example.com"));
        let invited = first.invite_user(&ctx, world.account, &input).await.expect("invites");
        let before = world.counts().await;
        assert_eq!(then.invite_user(&ctx, world.account, &input).await.expect("is recognised"), invited);
        let other = then.invite_user(&ctx, world.account, &keyed("eve@example.com")).await;
        assert_eq!(refusal(other), Refusal::IdempotencyKeyReused);
        let other_command = UpdateUser { role: Some(Role::Editor), idempotency_key: Some("k".to_owned()), ..change_of(invited.user_id) };
        assert_eq!(refusal(then.update_user(&ctx, world.account, &other_command).await), Refusal::IdempotencyKeyReused);
        assert_eq!(world.counts().await, before);
    }
}

#[tokio::test]
async fn a_long_request_that_was_cut_off_before_the_change_goes_on_after_it() {
    let change = Change::begin().await;
    let world = &change.world;
    let ctx = world.by_admin();
    for (number, (first, then)) in change.both_ways().into_iter().enumerate() {
        let row = |email: String| InviteRow { email, role: Role::Viewer, auth_methods: vec!["password".to_owned()] };
        let mut rows: Vec<_> = (0..120).map(|place| row(format!("user{place}-{number}@example.com"))).collect();
        rows[50].email = ADMIN.to_owned();
        rows[115].email = rows[0].email.clone();
        let input = InviteUsers { rows, dry_run: false, idempotency_key: Some(format!("many{number}")) };
        // The first hundred are a part by themselves.
        let cut_off = "create function cut_off() returns trigger language plpgsql as $$ begin
                if new.email like 'user110-%' then raise exception 'cut off'; end if; return new; end $$;
            create trigger cut_off before insert on users for each row execute function cut_off();";
        sqlx::raw_sql(cut_off).execute(&world.pool).await.expect("prepares");
        assert!(first.invite_users(&ctx, world.account, &input).await.is_err());
        sqlx::raw_sql("drop function cut_off cascade").execute(&world.pool).await.expect("repairs");

        let answers = then.invite_users(&ctx, world.account, &input).await.expect("goes on");
        let invited = answers.iter().filter(|answer| answer.refusal.is_none()).count();
        assert_eq!((invited, answers[50].refusal.clone()), (118, Some(Refusal::AlreadyMember)));
        assert_eq!(answers[115].refusal, Some(Refusal::AlreadyInvited));
        let before = world.counts().await;
        let told = |answers: &[RowAnswer]| answers.iter().map(|answer| (answer.user, answer.refusal.clone())).collect::<Vec<_>>();
        // Part of it is remembered by the one key, part by the other.
        for commands in [&first, &then] {
            let again = commands.invite_users(&ctx, world.account, &input).await.expect("is recognised");
            assert_eq!(told(&again), told(&answers));
        }
        assert_eq!(world.counts().await, before);
    }
}

#[tokio::test]
async fn of_one_request_at_once_in_both_processes_one_happens() {
    let change = Change::begin().await;
    let (pool, account) = (&change.world.pool, change.world.account);
    for (number, (first, second)) in change.both_ways().into_iter().enumerate() {
        let mut holder = PgConnection::connect_with(&pool.connect_options()).await.expect("connects");
        let mut held = holder.begin().await.expect("begins");
        // The first comes as far as remembering what it did, and stays there.
        sqlx::query("lock table idempotency_keys in share mode").execute(&mut *held).await.expect("locks");
        let (ctx, email) = (Context::new(Actor::Operator, None, change.world.now), format!("ada{number}@example.com"));
        let input = InviteUser { idempotency_key: Some(email.clone()), ..invitation(&email, Role::Viewer) };
        let late = async {
            wait_for_waiting(pool, 1).await;
            second.invite_user(&ctx, account, &input).await
        };
        let release = async {
            wait_for_waiting(pool, 2).await;
            held.rollback().await
        };
        let (first, second, released) = tokio::join!(first.invite_user(&ctx, account, &input), late, release);
        released.expect("unlocks");
        assert_eq!(first.expect("invites"), second.expect("waits, and gets the same answer"));
    }
}

#[tokio::test]
async fn a_browser_comes_back_from_a_provider_with_the_same_proofs_across_the_change() {
    let change = Change::begin().await;
    let ctx = change.world.by(Actor::Visitor);
    for (sends, takes) in change.both_ways() {
        let begun = sends.begin_provider_sign_in(&ctx, &google(), &Destination::Anywhere, None).await.expect("begins");
        let (state, browser) = (begun.proofs.state.expose_secret(), begun.browser.expose_secret());
        let returned = takes.return_from_provider(&ctx, &google(), state, browser).await.expect("comes back");
        assert_eq!(returned.proofs.nonce.expose_secret(), begun.proofs.nonce.expose_secret());
        assert_eq!(returned.proofs.verifier.expose_secret(), begun.proofs.verifier.expose_secret());
    }
    // A row from before rows named their master key.
    let begun = change.new_first().begin_provider_sign_in(&ctx, &google(), &Destination::Anywhere, None).await.expect("begins");
    sqlx::query("update provider_sign_ins set key_id = null").execute(&change.world.pool).await.expect("forgets its name");
    let (state, browser) = (begun.proofs.state.expose_secret(), begun.browser.expose_secret());
    let returned = change.new_alone().return_from_provider(&ctx, &google(), state, browser).await.expect("comes back");
    assert_eq!(returned.proofs.nonce.expose_secret(), begun.proofs.nonce.expose_secret());

    let begun = change.old_first().begin_provider_sign_in(&ctx, &google(), &Destination::Anywhere, None).await.expect("begins");
    let (state, browser) = (begun.proofs.state.expose_secret(), begun.browser.expose_secret());
    let alone = change.new_alone().return_from_provider(&ctx, &google(), state, browser).await;
    assert_eq!(refusal(alone), Refusal::ProviderSignInFailed, "without the old key its proofs are not known");
}

#[tokio::test]
async fn a_choice_of_accounts_from_before_the_change_is_taken_after_it() {
    let mut change = Change::begin().await;
    let ines = proven("g-ines", ADMIN);
    change.world.open_another().await;
    change.world.commands = change.old_first();
    let choices = change.world.choices(&ines).await;
    let token = choices[0].token.expose_secret();
    let ctx = change.world.by(Actor::Visitor);
    let alone = change.new_alone().sign_in_to_choice(&ctx, token, BROWSER).await;
    assert_eq!(refusal(alone), Refusal::ProviderSignInFailed);
    change.new_first().sign_in_to_choice(&ctx, token, BROWSER).await.expect("signs in");
}

#[tokio::test]
async fn anyone_who_signed_in_before_the_change_stays_signed_in_and_works_on() {
    let mut change = Change::begin().await;
    change.world.commands = change.new_first();
    rotate(&change.world, &EventStore::new(&keys(&[&change.new, &change.old]))).await;
    change.world.commands = change.new_alone();
    let world = &change.world;
    assert!(world.is_alive(&world.admin.token, world.now).await);
    let tom = world.join("tom@example.com", Role::Viewer).await;
    world.update(&world.by_admin(), UpdateUser { name: Some("Tom".to_owned()), ..change_of(tom.id) }).await.expect("renames");
    let signed_in = world.sign_in("tom@example.com", PASSWORD, world.now).await.expect("signs in");
    assert_eq!(member(&world.commands, &signed_in, world.now).await.id, tom.id);
}
