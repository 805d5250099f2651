//! How much the database reads for signing in and out, for the queue of mails and for housekeeping, however large the tables are.
//!
//! Every statement that a command sends counts: what is measured is how many rows and index entries of each table were read meanwhile. So
//! a statement that sorts or scans a table, or reads a queue past its limit, is found, also one that is new.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use commands::mail::{Due, FailedAttempt};
use commands::{
    ChangePassword, Commands, Context, Deleted, EndSessions, Error, Finished, LimitSettings, OpenAccount, RequestPasswordReset,
    ResetPassword, SignIn,
};
use domain::{AccountId, Actor, Refusal, Role, UserId};
use projections::sessions::list_sessions;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use super::providers::{BROWSER, proven};
use super::resets::NEW_PASSWORD;
use super::world::{ADMIN, PASSWORD, World, invitation, offered, refusal, visitor_at};

/// What a command may read of any table that finds what it needs by keys.
const FEW: i64 = 300;
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// Rows of every table that grows, as of $1, of the account $2 and the user $3.
const LARGE: [&str; 8] = [
    "insert into accounts (id, name, slug, created_at)
     select ('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Account ' || n, 'account-' || n, $1 - n * interval '1 second'
     from generate_series(1, 20000) n where $2::uuid is not null and $3::uuid is not null",
    "insert into users (account_id, id, version, email, email_normalised, role, status, auth_methods, created_at, invitation_id,
        invitation_sent_at, invitation_expires_at, sessions_valid_from)
     select ('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        ('02000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
        'user' || n || '@example.com', 'user' || n || '@example.com', 'viewer', 'invited', array['password'], $1,
        gen_random_uuid(), $1, $1 + interval '1 day', $1
     from generate_series(1, 20000) n where $2::uuid is not null and $3::uuid is not null",
    "insert into sessions (id, account_id, user_id, token_hash, auth_method, started_at, expires_at, last_seen_at)
     select ('03000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $2, $3, sha256(n::text::bytea), 'password', $1,
        $1 + interval '14 days', $1
     from generate_series(1, 10000) n",
    "insert into events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, account_id, person_id)
     select 'session', '03000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'), 1, 'Started', '1',
        jsonb_build_object('Started', jsonb_build_object('account_id', $2::uuid, 'user_id', $3::uuid, 'auth_method', 'password',
            'expires_at', to_char($1 + interval '14 days', 'YYYY-MM-DD\"T\"HH24:MI:SSZ'))),
        '{\"actor\": \"visitor\", \"cause\": \"signIn\", \"at\": \"2027-01-15T08:00:00.000000Z\"}', $2, $3
     from generate_series(1, 10000) n",
    "insert into sessions (id, account_id, user_id, token_hash, auth_method, started_at, expires_at, ended_at, last_seen_at)
     select gen_random_uuid(), ('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        ('02000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, sha256(('of another' || n)::bytea), 'password',
        $1 - interval '50 days', $1 + (n % 10 - 5) * interval '20 days', $1 - (n % 5) * interval '20 days', $1
     from generate_series(1, 20000) n where $2::uuid is not null and $3::uuid is not null",
    "insert into idempotency_keys (account_id, actor, key_hash, operation, input_hash, subject_id, version, created_at)
     select $2, 'operator', sha256(n::text::bytea), 'inviteUser', sha256('i'), $3, 1, $1 - (n % 50) * interval '1 hour'
     from generate_series(1, 20000) n",
    "insert into refused_attempts (account_id, number, id, at, operation, code, actor, user_id)
     select $2, n, gen_random_uuid(), $1 - (9000 - n) * interval '20 minutes', 'signIn', 'INVALID_CREDENTIALS', 'visitor', $3
     from generate_series(1, 9000) n",
    "insert into provider_sign_ins (state_hash, browser_hash, auth_method, expires_at, account_slug, user_id)
     select sha256(n::text::bytea), sha256('b'), 'google', $1 + (n % 20 - 10) * interval '1 minute', $2::text, $3
     from generate_series(1, 20000) n",
];

/// 45,000 mails of a list, of which some are paused, some are under way, and the time of some is over.
const QUEUE: &str = "insert into mail_outbox (delivery_id, account_id, user_id, purpose, resent, cause, created_at, expires_at, lane, turn,
        next_attempt_at, claimed_until)
     select gen_random_uuid(), u.account_id, u.id, 'access_restored', false, 'bulk', $1,
        case when n % 10 = 0 then $1 - interval '1 hour' else $1 + interval '1 day' end, 1, 8 * n,
        case when n % 4 = 0 then now() + interval '1 hour' when n % 1000 = 1 then now() + interval '4 minutes' end,
        case when n % 1000 = 1 then now() + interval '4 minutes' end
     from generate_series(1, 45000) n
     join users u on u.id = ('02000000-0000-7000-8000-' || lpad(to_hex(1 + n % 20000), 12, '0'))::uuid
     where $2::uuid is not null and $3::uuid is not null";

/// A world with large tables, whose commands have one connection, so that everything that they read is seen.
struct Meter {
    world: World,
    commands: Commands,
    pool: PgPool,
}

impl Meter {
    async fn start(tables: &[&str]) -> Self {
        let world = World::patient().await;
        let mut filling = world.pool.acquire().await.expect("connects");
        for insert in tables {
            let fill = sqlx::query(insert).bind(world.now).bind(world.account.uuid()).bind(world.admin.id.uuid());
            fill.execute(&mut *filling).await.expect(insert);
        }
        // What filling the tables has read is counted before anything is measured.
        for settle in ["vacuum analyze", "select pg_stat_force_next_flush()"] {
            sqlx::query(settle).execute(&mut *filling).await.expect(settle);
        }
        drop(filling);
        let pool = PgPoolOptions::new().max_connections(1).connect_with((*world.pool.connect_options()).clone()).await.expect("connects");
        let many = std::num::NonZeroU32::new(1_000_000).expect("not zero");
        let limits =
            LimitSettings { attempts_per_user: many, attempts_per_address: many, attempts_per_account: many, ..LimitSettings::default() };
        let commands = Commands::new(pool.clone(), &world.master, offered()).with_limits(limits);
        Self { world, commands, pool }
    }

    /// How many rows and index entries of each table this connection has read.
    async fn reads(&self) -> BTreeMap<String, i64> {
        let mut connection = self.pool.acquire().await.expect("connects");
        for flush in ["select pg_stat_force_next_flush()", "select pg_stat_clear_snapshot()"] {
            sqlx::query(flush).execute(&mut *connection).await.expect(flush);
        }
        let select = "select t.relname::text, (t.seq_tup_read + coalesce(sum(i.idx_tup_read), 0))::bigint
            from pg_stat_user_tables t left join pg_stat_user_indexes i on i.relid = t.relid group by t.relname, t.seq_tup_read";
        let rows: Vec<(String, i64)> = sqlx::query_as(select).fetch_all(&mut *connection).await.expect("answers");
        rows.into_iter().collect()
    }

    /// Does something, and fails when more than `most` rows of any table are read for it.
    async fn reads_at_most<T>(&self, most: i64, what: &str, doing: impl Future<Output = T>) -> T {
        let before = self.reads().await;
        let done = doing.await;
        let after = self.reads().await;
        for (table, count) in after {
            let read = count - before.get(&table).copied().unwrap_or_default();
            assert!(read <= most, "{what} reads {read} rows of {table}");
        }
        done
    }

    fn ctx(&self, actor: Actor) -> Context {
        Context::new(actor, None, self.world.now)
    }
}

fn sign_in(account: Option<&str>, password: &str) -> SignIn {
    SignIn { account: account.map(str::to_owned), email: ADMIN.to_owned(), password: password.into() }
}

#[tokio::test]
async fn signing_in_and_out_reads_no_more_with_twenty_thousand_accounts_and_ten_thousand_sessions() {
    let meter = Meter::start(&LARGE).await;
    let (commands, visitor, now) = (&meter.commands, meter.ctx(Actor::Visitor), meter.world.now);
    let few = async |what: &str, signing: &SignIn, ctx: &Context| meter.reads_at_most(FEW, what, commands.sign_in(ctx, signing)).await;
    assert_eq!(refusal(few("without an account", &sign_in(None, PASSWORD), &visitor).await), Refusal::AccountRequired);
    assert_eq!(refusal(few("with a wrong password", &sign_in(Some("nimbus"), "wrong"), &visitor).await), Refusal::InvalidCredentials);
    assert_eq!(refusal(few("elsewhere", &sign_in(Some("nowhere"), PASSWORD), &visitor).await), Refusal::InvalidCredentials);
    let signed_in = few("signing in", &sign_in(Some("nimbus"), PASSWORD), &visitor_at("203.0.113.7", now)).await.expect("signs in");
    meter.reads_at_most(FEW, "writing refused attempts", commands.write_refused_attempts()).await.expect("keeps");

    let welcome = OpenAccount { token: "x".into(), name: "X".into(), slug: "xx".into(), email: ADMIN.into(), password: PASSWORD.into() };
    assert_eq!(
        refusal(meter.reads_at_most(FEW, "a welcome", commands.open_account(&visitor, &welcome)).await),
        Refusal::InvalidWelcomeLink
    );
    assert!(meter.reads_at_most(FEW, "a welcome link", commands.welcome_token(now)).await.expect("answers").is_none());

    let authenticate = commands.authenticate(signed_in.token.expose(), now + TimeDelta::hours(1));
    let actor = meter.reads_at_most(FEW, "authenticating", authenticate).await.expect("answers");
    meter.reads_at_most(FEW, "signing out", commands.sign_out(&meter.ctx(actor))).await.expect("signs out");

    let (account, id): (AccountId, UserId) = (meter.world.account, meter.world.admin.id);
    let listed = list_sessions(&meter.pool, account, id, now, now - TimeDelta::hours(1));
    assert_eq!(meter.reads_at_most(11_000, "listing sessions", listed).await.expect("lists").len(), 100, "no more are listed");

    let identity = proven("1", "user7@example.com");
    let provider = commands.sign_in_with_provider(&visitor, &identity, None, BROWSER);
    assert_eq!(refusal(meter.reads_at_most(FEW, "a provider", provider).await), Refusal::InvitationNotAccepted);

    for account in [None, Some("nimbus".to_owned())] {
        let ask = RequestPasswordReset { account, email: ADMIN.to_owned() };
        let _: Result<(), Error> = meter.reads_at_most(FEW, "asking for a link", commands.request_password_reset(&visitor, &ask)).await;
    }
    meter.reads_at_most(FEW, "opening a link", commands.look_into_reset_requests()).await.expect("looks");
    let mail = commands.claim_mails(now, LEASE, 1, Due::Now).await.expect("claims").remove(0).expect("it can be read");
    let commands::mail::WaitingLetter::PasswordReset { token } = mail.letter else { panic!("{mail:?}") };
    let reset = ResetPassword { token: token.expose().to_owned(), new_password: NEW_PASSWORD.into() };
    let back = meter.reads_at_most(FEW, "resetting", commands.reset_password(&visitor, &reset)).await.expect("resets");
    let actor = commands.authenticate(back.token.expose(), now).await.expect("answers");
    let change = ChangePassword { current_password: NEW_PASSWORD.into(), new_password: PASSWORD.into(), keep_api_keys: false };
    meter.reads_at_most(FEW, "another password", commands.change_password(&meter.ctx(actor), &change)).await.expect("changes");
}

#[tokio::test]
async fn guessing_at_someone_with_ten_thousand_sessions_reads_no_more_than_the_newest_thousand() {
    let meter = Meter::start(&LARGE).await;
    let commands = Commands::new(meter.pool.clone(), &meter.world.master, offered());
    for attempt in 0..13 {
        let visitor = visitor_at("198.51.100.1", meter.world.now);
        let refused = meter.reads_at_most(1_100, "guessing", commands.sign_in(&visitor, &sign_in(Some("nimbus"), "wrong"))).await;
        assert_eq!(matches!(refusal(refused), Refusal::TooManyAttempts { .. }), attempt >= 10, "{attempt}");
    }
}

#[tokio::test]
async fn ending_ten_thousand_sessions_takes_one_statement_to_append_and_one_to_write() {
    let meter = Meter::start(&LARGE).await;
    for count in [
        "create table statements (what text)",
        "create function count_statement() returns trigger language plpgsql as $$
         begin insert into statements values (tg_table_name); return null; end $$",
        "create trigger counted after insert on events for each statement execute function count_statement()",
        "create trigger counted after update on sessions for each statement execute function count_statement()",
    ] {
        sqlx::query(count).execute(&meter.world.pool).await.expect(count);
    }
    let keep = EndSessions { user_id: None, keep_current: true };
    let ctx = meter.ctx(meter.world.admin.actor);
    // Of each session the row is read once to find it, once to apply the event and once to write it, and the event once to load it.
    meter.reads_at_most(35_000, "ending all others", meter.commands.end_sessions(&ctx, &keep)).await.expect("ends");
    let statements: Vec<String> =
        sqlx::query_scalar("select what from statements order by what").fetch_all(&meter.world.pool).await.expect("answers");
    assert_eq!(statements, ["events", "sessions"]);
    let ended = "select count(*) from events where event_type = 'Ended'";
    let ended: i64 = sqlx::query_scalar(ended).fetch_one(&meter.world.pool).await.expect("answers");
    let open = list_sessions(&meter.pool, meter.world.account, meter.world.admin.id, ctx.at, ctx.at - TimeDelta::hours(1)).await;
    assert_eq!((ended, open.expect("lists").len()), (10_000, 1), "the one that asks goes on");
}

#[tokio::test]
async fn housekeeping_reads_no_more_than_its_batches() {
    let meter = Meter::start(&LARGE).await;
    let mut deleted = BTreeMap::new();
    for what in Finished::ALL {
        for batch in 0.. {
            let deleting = meter.commands.delete_finished(what, meter.world.now + TimeDelta::seconds(1));
            // The oldest are found by an index and deleted by their key. Deleted rows of earlier batches are passed over until Postgres has
            // marked them in the index, which other transactions delay.
            let most = 2_200 + 1_000 * batch;
            let done = meter.reads_at_most(most, what.table(), deleting).await.expect("deletes");
            let (Deleted::Some(rows) | Deleted::All(rows)) = done else { panic!("{done:?}") };
            *deleted.entry(what.table()).or_insert(0) += rows;
            if matches!(done, Deleted::All(_)) {
                break;
            }
            assert!(batch < 30, "it ends");
        }
    }
    let expected = [
        ("idempotency_keys", 10_400),
        ("invitation_counts", 0),
        ("password_resets", 0),
        ("provider_sign_ins", 11_000),
        ("refused_attempts", 2_520),
        ("sessions", 16_000),
    ];
    assert_eq!(deleted.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn no_statement_reads_the_queue_of_mails_past_its_limit() {
    let meter = Meter::start(&[LARGE[0], LARGE[1], QUEUE]).await;
    let (commands, now) = (&meter.commands, meter.world.now);
    let claim = |due| commands.claim_mails(now, LEASE, 4, due);
    let few = 100;
    let mut claimed = vec![];
    // Postgres plans a statement for its values five times before it may keep a plan for all.
    for due in [Due::Now, Due::Expired].repeat(4) {
        let mails = meter.reads_at_most(few, &format!("claiming {due:?}"), claim(due)).await.expect("claims");
        assert_eq!(mails.len(), 4);
        claimed.extend(mails.into_iter().map(|mail| mail.expect("it can be read")));
    }
    let failed = FailedAttempt { at: now, pause: TimeDelta::minutes(1), error: "later", reply: "451 later" };
    meter.reads_at_most(few, "putting back", commands.retry_mail(&claimed[0], &failed)).await.expect("puts back");
    meter.reads_at_most(few, "giving back", commands.release_mail(&claimed[1])).await.expect("gives back");
    meter.reads_at_most(few, "recording", commands.record_mail_sent(&claimed[2], now)).await.expect("records");
    let failed = commands.record_mail_failed(&claimed[3], now, domain::delivery::FailureReason::Refused, "550 no");
    meter.reads_at_most(few, "recording a failure", failed).await.expect("records");

    let ctx = meter.ctx(meter.world.admin.actor);
    let invite = invitation("eve@example.com", Role::Viewer);
    let invited = meter.reads_at_most(FEW, "inviting", commands.invite_user(&ctx, meter.world.account, &invite)).await.expect("invites");
    let delete = commands::DeleteUser {
        id: invited.user_id.to_string(),
        confirm_email: "eve@example.com".to_owned(),
        expected_version: None,
        idempotency_key: None,
    };
    meter.reads_at_most(FEW, "revoking", commands.delete_user(&ctx, meter.world.account, &delete)).await.expect("revokes");

    let operator = meter.ctx(Actor::Operator);
    // What is counted is counted up to ten thousand.
    let (listed, count) = meter.reads_at_most(10_400, "listing", commands.list_queued_mails(&operator, None, 50)).await.expect("lists");
    assert_eq!((listed.len(), count), (50, event_store::MAX_COUNTED));
    let mine: AccountId = "01000000-0000-7000-8000-000000000001".parse().expect("an id");
    let (listed, count) =
        meter.reads_at_most(few, "listing one", commands.list_queued_mails(&operator, Some(mine), 50)).await.expect("lists");
    assert_eq!((listed.len(), count), (2, 2));
    meter.reads_at_most(few, "hurrying one", commands.hurry_queued_mails(&operator, Some(mine))).await.expect("hurries");
    commands.hurry_queued_mails(&operator, None).await.expect("hurries");

    // However many come back from their pause at once, each claim lets a thousand wait for their turn again.
    sqlx::query("update mail_outbox set next_attempt_at = now() - interval '1 second'").execute(&meter.world.pool).await.expect("ends");
    sqlx::query("vacuum analyze mail_outbox").execute(&meter.world.pool).await.expect("analyzes");
    meter.reads_at_most(2_500, "waking", claim(Due::Now)).await.expect("claims");
}

#[tokio::test]
async fn a_sign_in_changes_the_row_of_its_user_in_place() {
    let meter = Meter::start(&[]).await;
    let in_place = async || -> (i64, i64) {
        meter.reads().await;
        let select = "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relname = 'users'";
        sqlx::query_as(select).fetch_one(&meter.pool).await.expect("answers")
    };
    let (updates, hot) = in_place().await;
    for _ in 0..2 {
        meter.commands.sign_in(&meter.ctx(Actor::Visitor), &sign_in(Some("nimbus"), PASSWORD)).await.expect("signs in");
    }
    assert_eq!(in_place().await, (updates + 2, hot + 2), "no index of users gets an entry");
}
