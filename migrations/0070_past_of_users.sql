-- The past of users: the list as it was at any place of the feed, with every filter and order of the list of now.

-- Everything that speaks of one person, over all streams: their history, and what readers see of them computed anew.
create index events_of_person on events (account_id, person_id, generation, xid, position) where person_id is not null;

-- Each version of a row of `users`, from the event that made it until the next. Written by a worker that follows the feed, not by commands.
-- A place is (generation, xid, position) of an event as 20 bytes, big-endian, so that places compare as the feed is ordered.
create table user_versions (
    account_id uuid not null,
    id uuid not null,
    -- the event that made it
    from_place bytea not null,
    -- the event that ended it; of the newest, a place after all others
    until_place bytea not null default '\xff',
    version bigint not null,
    email text not null,
    email_normalised text not null,
    name text,
    role text not null,
    status text not null,
    auth_methods text[] not null,
    created_at timestamptz not null,
    last_active_at timestamptz,
    invitation_id uuid not null,
    invitation_sent_at timestamptz not null,
    invitation_expires_at timestamptz not null,
    sessions_valid_from timestamptz not null,
    delivery_state text not null,
    delivery_at timestamptz,
    delivery_attempts integer not null,
    delivery_detail text,
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
    search_text text not null
        generated always as (lower(email || e'\n' || coalesce(name, ''))) stored,
    constraint user_versions_pkey primary key (account_id, id, from_place),
    constraint user_versions_role_known check (role in ('viewer', 'editor', 'admin')),
    constraint user_versions_status_known check (status in ('invited', 'active', 'inactive', 'deleted')),
    constraint user_versions_last_a_while check (from_place < until_place),
    constraint user_versions_begin_and_end_at_places check (
        octet_length(from_place) = 20 and (octet_length(until_place) = 20 or until_place = '\xff')
    )
);

-- What happened between two places.
create index user_versions_by_place on user_versions (account_id, from_place);
-- As for `users`, one for each order. That a version was in force is seen in the index: what was not is skipped without its row.
create index user_versions_by_created_at on user_versions (account_id, created_at, id, from_place, until_place);
create index user_versions_by_email on user_versions (account_id, email_normalised, id, from_place, until_place);
create index user_versions_by_status on user_versions (account_id, status_order, id, from_place, until_place);
create index user_versions_by_role on user_versions (account_id, role_rank, id, from_place, until_place);
create index user_versions_by_last_active
    on user_versions (account_id, coalesce(last_active_at, '-infinity'::timestamptz), id, from_place, until_place);
create index user_versions_by_last_active_rising
    on user_versions (account_id, coalesce(last_active_at, 'infinity'::timestamptz), id, from_place, until_place);

do $$
begin
    if exists (select from pg_extension where extname = 'pg_trgm') then
        create index user_versions_by_search_text on user_versions using gin (search_text gin_trgm_ops);
    end if;
end
$$;

-- How far that worker has come, and when the feed was where: a row for every thousand events or so. The newest says how far.
create table feed_checkpoints (
    place bytea not null,
    -- no event up to there was recorded later
    recorded_until timestamptz not null,
    -- nothing up to there was decided later: nobody was invited or active after it, so orders of time begin here
    decided_until timestamptz not null,
    -- how many events lie between the one before and this one
    events bigint not null,
    constraint feed_checkpoints_pkey primary key (place)
);

create index feed_checkpoints_by_time on feed_checkpoints (recorded_until);

-- Rebuilds of what readers see, and how far they have come.
create table projection_rebuilds (
    id bigint generated always as identity primary key,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    -- every user up to this id is done
    last_user text not null default '',
    done bigint not null default 0,
    total bigint not null,
    -- how many rows were not as the events have them, and are now
    repaired bigint not null default 0
);
