-- What is finished is deleted in small batches, by one process at a time, each found by an index; and signing in reads no table from end to
-- end.

-- Up to which instant finished rows were deleted. Comparing the read models with the events asks it, because the events stay: a session that
-- ended before may be missing.
create table housekeeping (
    -- such as 'sessions'
    subject text collate "C" not null,
    deleted_until timestamptz not null,
    constraint housekeeping_pkey primary key (subject)
);

-- A session is over when it is ended or expires, whichever comes first.
create index sessions_by_end on sessions (least(ended_at, expires_at));

-- Whom a provider vouches for, before the account is known.
create index users_live_by_address on users (email_normalised) where status <> 'deleted';
