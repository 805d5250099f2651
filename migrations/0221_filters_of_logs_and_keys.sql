-- The filters of the audit log, of refused attempts and of keys, each written once: see 0220.

-- Whether an event can no longer change its position: every transaction with a lower id has ended.
create function is_settled(generation integer, xid xid8) returns boolean
    language sql
    stable
    as $$
        select generation < current_generation() or xid < pg_snapshot_xmin(pg_current_snapshot())
    $$;

-- The settled events of an account that match.
create function events_matching(
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
            and is_settled(e.generation, e.xid)
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

-- The refused attempts of an account that match.
create function refused_attempts_matching(
    account uuid,
    attempted_from timestamptz default null,
    attempted_before timestamptz default null,
    -- a user, also through their API keys, or a service key
    tried_by uuid default null,
    -- the user whom the attempt was about
    about uuid default null,
    codes text[] default null
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
            and (tried_by is null or a.actor_user_id = tried_by or a.actor = 'service_key:' || tried_by::text)
            and (about is null or a.user_id = about)
            and (codes is null or a.code = any (codes))
    $$;

-- The API keys of an account that match. With `in_use_at`, only keys that work at this instant and whose owner is not deleted.
create function api_keys_matching(account uuid, owner uuid default null, in_use_at timestamptz default null) returns setof api_keys
    language sql
    stable
    parallel safe
    as $$
        select k.*
        from api_keys k
        join users u on u.id = k.user_id and u.account_id = k.account_id
        where k.account_id = account
            and (owner is null or k.user_id = owner)
            and (in_use_at is null or (k.revoked_at is null and k.expires_at > in_use_at and u.status <> 'deleted'))
    $$;

-- The service keys of an account that match. With `in_use_at`, only keys that work at this instant.
create function service_keys_matching(account uuid, in_use_at timestamptz default null) returns setof service_keys
    language sql
    stable
    parallel safe
    as $$
        select k.*
        from service_keys k
        where k.account_id = account
            and (in_use_at is null or (k.revoked_at is null and k.expires_at > in_use_at))
    $$;
