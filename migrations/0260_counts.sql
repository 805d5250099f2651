-- Counts that do not take longer as an account grows.
--
-- The number of users with each role and status is kept while users change. Everything else is counted up to a bound: `CountTo::Bound`.

-- How many users of an account have a role and a status: the sum of all shards.
--
-- A connection to the database writes the shard that its process id selects. If all connections wrote the same row, each command of an
-- account would wait for the commit of the one before it.
create table user_counts (
    account_id uuid not null,
    role_rank smallint not null,
    status text collate "C" not null,
    shard smallint not null,
    count bigint not null,
    constraint user_counts_pkey primary key (account_id, role_rank, status, shard)
) with (fillfactor = 50);

-- Counts the users that a statement inserts, all at once.
create function count_inserted_users() returns trigger
    language plpgsql
    as $$
begin
    insert into user_counts as c (account_id, role_rank, status, shard, count)
    select account_id, role_rank, status, pg_backend_pid() % 64, count(*)
    from inserted
    group by account_id, role_rank, status
    -- in one order, so that two connections with the same shard do not deadlock
    order by account_id, role_rank, status
    on conflict (account_id, role_rank, status, shard) do update set count = c.count + excluded.count;
    return null;
end
$$;

create trigger users_are_counted
    after insert on users
    referencing new table as inserted
    for each statement execute function count_inserted_users();

-- Moves a user from one count to another.
create function count_moved_user() returns trigger
    language plpgsql
    as $$
begin
    insert into user_counts as c (account_id, role_rank, status, shard, count)
    select account_id, role_rank, status, pg_backend_pid() % 64, change
    from (
        select old.account_id, old.role_rank, old.status, -1
        union all
        select new.account_id, new.role_rank, new.status, 1 where tg_op = 'UPDATE'
    ) moved (account_id, role_rank, status, change)
    order by account_id, role_rank, status
    on conflict (account_id, role_rank, status, shard) do update set count = c.count + excluded.count;
    return null;
end
$$;

create trigger users_are_counted_again
    after update on users
    for each row
    when (
        old.status is distinct from new.status
        or old.role is distinct from new.role
        or old.account_id is distinct from new.account_id
    )
    execute function count_moved_user();

create trigger users_are_counted_no_more
    after delete on users
    for each row execute function count_moved_user();

-- The triggers have locked `users`, so nothing is counted twice or forgotten.
insert into user_counts (account_id, role_rank, status, shard, count)
select account_id, role_rank, status, 0, count(*) from users group by account_id, role_rank, status;

-- The settled events of an account that match: see 0221. The generation and the lowest running transaction are determined once for a
-- statement, not once for each event.
create or replace function events_matching(
    account uuid,
    recorded_from timestamptz default null,
    recorded_before timestamptz default null,
    -- as metadata names them
    actors text[] default null,
    -- the person whom the event is about
    subject uuid default null,
    -- streams and events, such as 'user/Invited'
    kinds text[] default null,
    -- with this, also events that cannot be read: those of no known version, such as 'user/Invited/1', and those that a process reported
    known_versions text[] default null
) returns setof events
    language sql
    stable
    as $$
        select e.*
        from events e
        where e.account_id = account
            and (
                e.generation < (select generation from feed_generation)
                or e.xid < (select pg_snapshot_xmin(pg_current_snapshot()))
            )
            and (recorded_from is null or e.recorded_at >= recorded_from)
            and (recorded_before is null or e.recorded_at < recorded_before)
            and (actors is null or e.metadata ->> 'actor' = any (actors))
            and (subject is null or e.person_id = subject)
            and (
                (kinds is null and known_versions is null)
                or e.aggregate_type || '/' || e.event_type = any (kinds)
                or e.aggregate_type || '/' || e.event_type || '/' || e.event_version <> all (known_versions)
                or (
                    known_versions is not null
                    and exists (
                        select
                        from unreadable_events u
                        where u.account_id = e.account_id and u.generation = e.generation and u.xid = e.xid and u.position = e.position
                    )
                )
            )
    $$;

-- The refused attempts of an account that match: see 0221. The caller says how the actor is named: `ActorName` has the one place for it.
drop function refused_attempts_matching(uuid, timestamptz, timestamptz, uuid, uuid, text[]);

create function refused_attempts_matching(
    account uuid,
    attempted_from timestamptz default null,
    attempted_before timestamptz default null,
    -- a user, also through their API keys
    tried_by uuid default null,
    -- the user whom the attempt was about
    about uuid default null,
    codes text[] default null,
    -- with `tried_by`, also attempts of the actor with this name
    actor_name text default null
) returns setof refused_attempts
    language sql
    stable
    parallel safe
    as $$
        select a.*
        from refused_attempts a
        where a.account_id = account
            and (attempted_from is null or a.at >= attempted_from)
            and (attempted_before is null or a.at < attempted_before)
            and (tried_by is null or a.actor_user_id = tried_by or a.actor = actor_name)
            and (about is null or a.user_id = about)
            and (codes is null or a.code = any (codes))
    $$;
