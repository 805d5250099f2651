-- What happened, for ever. The first seven columns are those of postgres-es, whose readers work on
-- this table; `jsonb` because `json` stores \u0000 and every later ->> fails on it.

-- One row. A logical restore starts transaction ids over, so the order of the feed begins with the
-- generation, which such a restore raises.
create table feed_generation (
    only_row boolean primary key default true,
    generation integer not null,
    constraint feed_generation_is_one_row check (only_row)
);
insert into feed_generation (generation) values (1);

create function current_generation() returns integer
    language sql stable
    as 'select generation from feed_generation';

create table events (
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null,
    event_type text not null,
    event_version text not null,
    payload jsonb not null,
    metadata jsonb not null,
    account_id uuid not null,
    -- whose key seals the personal values in the payload
    person_id uuid,
    -- the order of the feed is (generation, xid, position): a bare position would skip the events of
    -- a slow transaction for ever
    generation integer not null default current_generation(),
    xid xid8 not null default pg_current_xact_id(),
    position bigint generated always as identity,
    recorded_at timestamptz not null default clock_timestamp(),
    constraint events_pkey primary key (aggregate_type, aggregate_id, sequence),
    constraint events_sequence_from_one check (sequence >= 1)
);

create unique index events_feed on events (generation, xid, position);

-- Append-only, also for the owner of the table.
create function refuse_to_change_history() returns trigger
    language plpgsql
    as $$
begin
    raise exception 'events are append-only' using errcode = 'insufficient_privilege';
end
$$;

create trigger events_are_append_only
    before update or delete on events
    for each row execute function refuse_to_change_history();

create trigger events_are_never_truncated
    before truncate on events
    for each statement execute function refuse_to_change_history();

-- The key of each person, wrapped by the master key, which is not in this database. Without its row
-- here the personal values in that person's events can never be read again.
create table person_keys (
    account_id uuid not null,
    person_id uuid not null,
    wrapped_key bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint person_keys_pkey primary key (account_id, person_id)
);
