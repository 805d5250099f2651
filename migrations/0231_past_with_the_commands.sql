-- The past of users is written by the commands that change them, in their transactions. No worker follows the feed for it, so no process has
-- to wait for another one.
--
-- `users` has the version that is in force. `user_versions` has those that have ended, so a user who never changed has none. A sign-in
-- and the result of a mail end no version: `past_activity` has former last sign-ins, and a row says since when its delivery is known.
--
-- A position of a user's history is a transaction and a rank: the transaction is `generation * 2^48 + xid` of an event, and the rank
-- says which of the user's events in this transaction it is, from 1 on. Commands know both before they have written their events, and the
-- positions are in the order of the feed, because the lock of a user is taken before the transaction gets its id.

create function transaction_of(generation integer, xid xid8) returns bigint
    language sql
    immutable
    parallel safe
    as $$ select generation::bigint * 281474976710656 + xid::text::bigint $$;

-- The rank of the last event of a user that belongs to a transaction and lies at or before a position.
create function rank_at(account uuid, person uuid, at_transaction bigint, at_position bigint) returns integer
    language sql
    stable
    parallel safe
    -- it is rarely called: only for users of the very transaction
    cost 1
    as $$
        select count(*)::integer
        from events e
        where e.account_id = account
            and e.person_id = person
            and e.generation = (at_transaction / 281474976710656)::integer
            and e.xid = (at_transaction % 281474976710656)::text::xid8
            and e.position <= at_position
            and (e.aggregate_type in ('user', 'delivery') or (e.aggregate_type = 'session' and e.event_type = 'Started'))
    $$;

alter table users
    -- Since when this version is in force. Null: its past has not been written, see below.
    add column since_transaction bigint,
    add column since_rank integer not null default 0,
    -- since when `last_active_at` is as it is
    add column active_transaction bigint,
    add column active_rank integer not null default 0,
    -- since when the result of the mail is known; null while it waits
    add column delivered_transaction bigint,
    add column delivered_rank integer not null default 0;

-- Invited users who have one version began with it. What others have been is computed from their events, by any process that runs: until
-- then, no past is shown of their account.
update users u set
    since_transaction = ('x' || encode(substr(v.from_place, 1, 4), 'hex'))::bit(32)::integer::bigint * 281474976710656
        + ('x' || encode(substr(v.from_place, 5, 8), 'hex'))::bit(64)::bigint,
    since_rank = 1,
    active_transaction = ('x' || encode(substr(v.from_place, 1, 4), 'hex'))::bit(32)::integer::bigint * 281474976710656
        + ('x' || encode(substr(v.from_place, 5, 8), 'hex'))::bit(64)::bigint,
    active_rank = 1
from user_versions v
where v.account_id = u.account_id
    and v.id = u.id
    and v.version = 1
    and v.until_place = '\xff'
    and u.version = 1
    and u.status = 'invited'
    and u.delivery_state = 'waiting'
    and u.last_active_at is null;

alter table users add column lacks_past boolean not null generated always as (since_transaction is null) stored;

create index users_without_past on users (account_id, id) where lacks_past;

drop function user_versions_matching;
drop table user_versions;

create table user_versions (
    account_id uuid not null,
    id uuid not null,
    until_transaction bigint not null,
    until_rank integer not null,
    since_transaction bigint not null,
    since_rank integer not null,
    version bigint not null,
    email text not null,
    email_normalised text collate "C" not null,
    name text,
    role text not null,
    status text not null,
    auth_methods text[] not null,
    created_at timestamptz not null,
    invitation_id uuid not null,
    invitation_sent_at timestamptz not null,
    invitation_expires_at timestamptz not null,
    delivery_state text not null,
    delivery_at timestamptz,
    delivery_attempts integer not null,
    delivery_detail text,
    delivered_transaction bigint,
    delivered_rank integer not null,
    erased_at timestamptz,
    -- these three as in `users`
    role_rank smallint not null
        generated always as (case role when 'viewer' then 0 when 'editor' then 1 else 2 end) stored,
    status_order bigint not null
        generated always as (
            case status when 'active' then 0 when 'inactive' then 1 when 'invited' then 2 else 3 end * 4503599627370496
            - case status
                when 'invited' then (extract(epoch from invitation_expires_at at time zone 'UTC') * 1000000)::bigint
                else 0
            end
        ) stored,
    search_text text collate "C" not null
        generated always as (search_fold(email || e'\n' || coalesce(name, ''))) stored,
    constraint user_versions_pkey primary key (id, until_transaction, until_rank),
    constraint user_versions_role_known check (role in ('viewer', 'editor', 'admin')),
    constraint user_versions_status_known check (status in ('invited', 'active', 'inactive', 'deleted')),
    constraint user_versions_last_a_while check ((since_transaction, since_rank) < (until_transaction, until_rank))
);

-- As for `users`, one for each order. That a version was in force is seen in the index: what was not is skipped without its row.
create index user_versions_by_created_at on user_versions (account_id, created_at, id, since_transaction, until_transaction);
create index user_versions_by_email on user_versions (account_id, email_normalised, id, since_transaction, until_transaction);
create index user_versions_by_status on user_versions (account_id, status_order, id, since_transaction, until_transaction);
create index user_versions_of_status on user_versions (account_id, status_order, created_at, id, since_transaction, until_transaction)
    where status_order = 4503599627370496 or status_order = 13510798882111488;
create index user_versions_by_role on user_versions (account_id, role_rank, id, since_transaction, until_transaction);

do $$
begin
    if exists (select from pg_extension where extname = 'pg_trgm') then
        create index user_versions_by_search_text on user_versions using gin (search_text gin_trgm_ops);
    end if;
end
$$;

-- Former values of `users.last_active_at`: null from the invitation until the first sign-in, then each sign-in until the next.
create table past_activity (
    account_id uuid not null,
    user_id uuid not null,
    until_transaction bigint not null,
    until_rank integer not null,
    since_transaction bigint not null,
    since_rank integer not null,
    last_active_at timestamptz,
    constraint past_activity_pkey primary key (user_id, until_transaction, until_rank)
);

create index past_activity_by_time on past_activity (account_id, last_active_at, user_id, since_transaction, until_transaction);

-- A program of an earlier version changes a user without saying since when. The past of that user is computed again.
create function forget_past() returns trigger
    language plpgsql
    as $$
begin
    new.since_transaction := null;
    return new;
end
$$;

create trigger users_changed_without_their_past
    before update on users
    for each row when (
        new.since_transaction = old.since_transaction
        and new.since_rank = old.since_rank
        and (
            new.version <> old.version
            or (
                new.last_active_at is distinct from old.last_active_at
                and new.active_transaction is not distinct from old.active_transaction
                and new.active_rank = old.active_rank
            )
            or (
                new.delivery_state <> old.delivery_state
                and new.delivery_at is distinct from old.delivery_at
                and new.delivered_transaction is not distinct from old.delivered_transaction
                and new.delivered_rank = old.delivered_rank
            )
        )
    ) execute function forget_past();

-- A user at a position of the past, as lists read it.
create type listed_user as (
    account_id uuid,
    id uuid,
    since_transaction bigint,
    since_rank integer,
    version bigint,
    email text,
    email_normalised text collate "C",
    name text,
    role text,
    status text,
    auth_methods text[],
    created_at timestamptz,
    last_active_at timestamptz,
    invitation_id uuid,
    invitation_sent_at timestamptz,
    invitation_expires_at timestamptz,
    delivery_state text,
    delivery_at timestamptz,
    delivery_attempts integer,
    delivery_detail text,
    delivered_transaction bigint,
    delivered_rank integer,
    erased_at timestamptz,
    role_rank smallint,
    status_order bigint
);

-- When a user was last active at a position. Of no cost to the planner, or it would not inline the functions below.
create function last_active_as_of(account uuid, person uuid, at_transaction bigint, at_position bigint) returns timestamptz
    language plpgsql
    stable
    parallel safe
    cost 1
    as $$
declare
    active_at timestamptz;
begin
    select h.last_active_at into active_at
    from past_activity h
    where h.user_id = person
        and h.until_transaction >= at_transaction
        and (h.until_transaction > at_transaction or h.until_rank > rank_at(account, person, at_transaction, at_position))
    order by h.until_transaction, h.until_rank
    limit 1;
    if not found then
        select u.last_active_at into active_at from users u where u.id = person;
    end if;
    return active_at;
end
$$;

-- The users of an account who matched at a position of the feed, and whose version of then is still in force. `decided_until` is an upper
-- bound of `created_at` at that position: without it, a list with the newest first steps over everyone who came later.
create function users_matching_as_of(
    account uuid, filter user_filter, at_transaction bigint, at_position bigint, decided_until timestamptz
) returns setof listed_user
    language sql
    stable
    parallel safe
    as $$
        select
            u.account_id, u.id, u.since_transaction, u.since_rank, u.version, u.email, u.email_normalised, u.name, u.role, u.status,
            u.auth_methods, u.created_at,
            case
                when u.active_transaction < at_transaction
                    or (u.active_transaction = at_transaction
                        and u.active_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                    then u.last_active_at
                else last_active_as_of(u.account_id, u.id, at_transaction, at_position)
            end,
            u.invitation_id, u.invitation_sent_at, u.invitation_expires_at,
            case
                when u.delivered_transaction < at_transaction
                    or (u.delivered_transaction = at_transaction
                        and u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                    then u.delivery_state
                else 'waiting'
            end,
            case
                when u.delivered_transaction < at_transaction
                    or (u.delivered_transaction = at_transaction
                        and u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                    then u.delivery_at
            end,
            case
                when u.delivered_transaction < at_transaction
                    or (u.delivered_transaction = at_transaction
                        and u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                    then u.delivery_attempts
                else 0
            end,
            case
                when u.delivered_transaction < at_transaction
                    or (u.delivered_transaction = at_transaction
                        and u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                    then u.delivery_detail
            end,
            u.delivered_transaction, u.delivered_rank, u.erased_at, u.role_rank, u.status_order
        from users u
        where u.account_id = account
            and u.created_at <= decided_until
            and u.since_transaction <= at_transaction
            and (u.since_transaction < at_transaction or u.since_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
            and user_matches(
                filter, u.status, u.invitation_expires_at,
                case
                    when u.delivered_transaction < at_transaction
                        or (u.delivered_transaction = at_transaction
                            and u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                        then u.delivery_state
                    else 'waiting'
                end,
                u.role_rank, u.auth_methods, u.search_text, u.created_at,
                case
                    when u.active_transaction < at_transaction
                        or (u.active_transaction = at_transaction
                            and u.active_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
                        then u.last_active_at
                    else last_active_as_of(u.account_id, u.id, at_transaction, at_position)
                end
            )
    $$;

-- The same of those whose version of then has ended.
create function user_versions_matching_as_of(
    account uuid, filter user_filter, at_transaction bigint, at_position bigint, decided_until timestamptz
) returns setof listed_user
    language sql
    stable
    parallel safe
    as $$
        select
            v.account_id, v.id, v.since_transaction, v.since_rank, v.version, v.email, v.email_normalised, v.name, v.role, v.status,
            v.auth_methods, v.created_at,
            last_active_as_of(v.account_id, v.id, at_transaction, at_position),
            v.invitation_id, v.invitation_sent_at, v.invitation_expires_at,
            case
                when v.delivered_transaction < at_transaction
                    or (v.delivered_transaction = at_transaction
                        and v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
                    then v.delivery_state
                else 'waiting'
            end,
            case
                when v.delivered_transaction < at_transaction
                    or (v.delivered_transaction = at_transaction
                        and v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
                    then v.delivery_at
            end,
            case
                when v.delivered_transaction < at_transaction
                    or (v.delivered_transaction = at_transaction
                        and v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
                    then v.delivery_attempts
                else 0
            end,
            case
                when v.delivered_transaction < at_transaction
                    or (v.delivered_transaction = at_transaction
                        and v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
                    then v.delivery_detail
            end,
            v.delivered_transaction, v.delivered_rank, v.erased_at, v.role_rank, v.status_order
        from user_versions v
        where v.account_id = account
            and v.created_at <= decided_until
            and v.since_transaction <= at_transaction
            and v.until_transaction >= at_transaction
            and (v.since_transaction < at_transaction or v.since_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
            and (v.until_transaction > at_transaction or v.until_rank > rank_at(v.account_id, v.id, at_transaction, at_position))
            and user_matches(
                filter, v.status, v.invitation_expires_at,
                case
                    when v.delivered_transaction < at_transaction
                        or (v.delivered_transaction = at_transaction
                            and v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
                        then v.delivery_state
                    else 'waiting'
                end,
                v.role_rank, v.auth_methods, v.search_text, v.created_at,
                last_active_as_of(v.account_id, v.id, at_transaction, at_position)
            )
    $$;
