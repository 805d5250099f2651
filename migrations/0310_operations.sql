-- The events of one call have an operation id in their metadata: the audit log shows together what one call did to many users, and finds it.
-- Most events have none (sign-ins, mails), so the index is small.

create index events_of_operation on events (account_id, ((metadata ->> 'operation_id') collate "C"), generation, xid, position)
    where metadata ->> 'operation_id' is not null;

-- As in 0260, with the operation.
drop function events_matching(uuid, timestamptz, timestamptz, text[], uuid, text[], text[]);

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
    known_versions text[] default null,
    -- the call that caused the event
    operation text default null
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
            and (operation is null or (e.metadata ->> 'operation_id') collate "C" = operation)
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
