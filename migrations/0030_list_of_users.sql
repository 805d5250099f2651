-- The list of users in every order, at any size: an index for each order, with the id as the last word.

-- Roles by rank, not by letter.
alter table users add column role_rank smallint not null
    generated always as (case role when 'viewer' then 0 when 'editor' then 1 else 2 end) stored;

-- Statuses by rank, all invitations in one, so that pending and expired lie together and the index needs no clock; within it
-- the latest expiry first. One number: the rank times 2^52, less the microseconds of the expiry, which are fewer than 2^52.
alter table users add column status_order bigint not null
    generated always as (
        case status when 'active' then 0 when 'inactive' then 1 when 'invited' then 2 else 3 end * 4503599627370496
        - case status
            when 'invited' then (extract(epoch from invitation_expires_at at time zone 'UTC') * 1000000)::bigint
            else 0
        end
    ) stored;

-- What a search looks into. A name holds no line break, so no match reaches from the address into the name.
alter table users add column search_text text not null
    generated always as (lower(email || e'\n' || coalesce(name, ''))) stored;

create index users_by_email on users (account_id, email_normalised, id);
create index users_by_status on users (account_id, status_order, id);
create index users_by_role on users (account_id, role_rank, id);
-- Whoever never signed in comes last in both directions.
create index users_by_last_active on users (account_id, coalesce(last_active_at, '-infinity'::timestamptz), id);
create index users_by_last_active_rising on users (account_id, coalesce(last_active_at, 'infinity'::timestamptz), id);
-- For a status that few have, in the default order.
create index users_of_status on users (account_id, status, created_at desc, id desc);

-- Search by any part, where the extension exists; without it the search is slower and finds the same.
do $$
begin
    create extension if not exists pg_trgm;
    create index users_by_search_text on users using gin (search_text gin_trgm_ops);
exception
    when undefined_file or insufficient_privilege or feature_not_supported then
        raise notice 'pg_trgm is not available: searching users will be slow in large accounts';
end
$$;
