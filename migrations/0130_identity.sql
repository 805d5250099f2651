-- Which database assigned the transaction ids of the events. The order of the feed trusts these ids, and a copy of the database lives in
-- another world of ids, or of clients' cursors. Programs compare what is stored here with the database that they are connected to, before
-- they write anything.

alter table feed_generation
    -- of the cluster; null where it may not be read
    add column system_identifier bigint,
    add column database_oid bigint,
    -- of this table: a dump that is restored makes another one
    add column table_oid bigint,
    -- of the WAL; null where it may not be read
    add column timeline integer,
    -- The transaction that has written this row. Copies of the files keep it as the row's xmin; a dump that is restored writes the row
    -- again, in another transaction. Null until a program has connected for the first time.
    add column identified_by xid8,
    add column identified_at timestamptz,
    -- `roster restore finish` has raised the generation, and has not applied its list of erasures yet
    add column restore_unfinished boolean not null default false;

-- What the server says of itself, as far as it may be asked: some hosts revoke these functions, or do not have them.
create function present_cluster(out present_system_identifier bigint, out present_timeline integer)
    language plpgsql stable
    as $$
begin
    begin
        select c.system_identifier into present_system_identifier from pg_control_system() c;
    exception when insufficient_privilege or undefined_function or feature_not_supported then
        present_system_identifier := null;
    end;
    begin
        -- The control file names the timeline of the last checkpoint, which may be older than a promotion.
        if not pg_is_in_recovery() then
            present_timeline := ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::integer;
        end if;
    exception when insufficient_privilege or undefined_function or feature_not_supported or object_not_in_prerequisite_state then
        present_timeline := null;
    end;
end
$$;
