-- Events that could not be read when somebody read them: a key that does not open, a damaged payload, a type or version that a newer
-- Roster has written. The event itself stays as it is. This table makes them findable, and it is the list of what must be added to the
-- past of users as soon as a process can read it: after an upgrade, or when the missing master key is given.

create table unreadable_events (
    account_id uuid not null,
    -- where it stands in the feed
    generation integer not null,
    xid xid8 not null,
    position bigint not null,
    -- why, for operators; nothing personal
    reason text not null,
    found_at timestamptz not null default clock_timestamp(),
    constraint unreadable_events_pkey primary key (account_id, generation, xid, position)
);

-- They are read again in the order of the feed, whatever account they belong to.
create unique index unreadable_events_feed on unreadable_events (generation, xid, position);
