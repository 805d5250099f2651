-- A row of `users` has fewer indexes, and a sign-in changes none of them.
--
-- An invited user had 13 entries in indexes. A sign-in wrote all of them again, because two of them contained `last_active_at`. Now the row
-- changes in place (HOT), and the order by last activity has a narrow table of its own.

-- The last sign-in of everyone who has ever signed in, in the order of the list. It follows `users` by itself, as an index does.
create table user_activity (
    user_id uuid not null,
    account_id uuid not null,
    last_active_at timestamptz not null,
    constraint user_activity_pkey primary key (user_id)
);

create function follow_user_activity() returns trigger
    language plpgsql
    as $$
begin
    if tg_op = 'DELETE' or new.last_active_at is null then
        delete from user_activity where user_id = old.id;
    else
        insert into user_activity (user_id, account_id, last_active_at)
        values (new.id, new.account_id, new.last_active_at)
        on conflict (user_id) do update set account_id = excluded.account_id, last_active_at = excluded.last_active_at;
    end if;
    return null;
end
$$;

create trigger users_with_activity_are_ordered
    after insert on users
    for each row when (new.last_active_at is not null) execute function follow_user_activity();

create trigger users_are_ordered_again
    after update on users
    for each row when (
        new.last_active_at is distinct from old.last_active_at or (new.account_id <> old.account_id and new.last_active_at is not null)
    ) execute function follow_user_activity();

create trigger users_leave_the_order
    after delete on users
    for each row when (old.last_active_at is not null) execute function follow_user_activity();

insert into user_activity (user_id, account_id, last_active_at)
select id, account_id, last_active_at from users where last_active_at is not null;

create index user_activity_by_time on user_activity (account_id, last_active_at, user_id);

-- The table is written again for these columns. They stay the same when `last_active_at` or `delivery_state` changes, in most cases, so
-- partial indexes by them do not keep an update from being HOT.
alter table users
    add column never_active boolean not null generated always as (last_active_at is null) stored,
    add column has_failed_invitation boolean not null generated always as (status = 'invited' and delivery_state = 'failed') stored;

-- Room on each page for the next version of some of its rows.
alter table users set (fillfactor = 90);

-- Rising, as users come: a falling one was left with half-full pages.
drop index users_by_created_at;
create index users_by_created_at on users (account_id, created_at, id);

-- Ordered by `user_activity` and, for those who never signed in, by `users_never_active`.
drop index users_by_last_active;
drop index users_by_last_active_rising;
create index users_never_active on users (account_id, id) where never_active;

-- `users_one_live_per_address` has this order, except for deleted users.
drop index users_by_email;
create index users_deleted_by_email on users (account_id, email_normalised, id) where status = 'deleted';

-- A filter by status is a range of `status_order`, which has `users_by_status`.
drop index users_of_status;

-- For two statuses that few have, in the default order: inactive and deleted.
create index users_of_status on users (account_id, status_order, created_at, id)
    where status_order = 4503599627370496 or status_order = 13510798882111488;

drop index users_with_failed_invitation;
create index users_with_failed_invitation on users (account_id, id) where has_failed_invitation;

create or replace function users_with_failed_invitation(account uuid) returns setof users
    language sql
    stable
    parallel safe
    as $$
        select u.*
        from users u
        where u.account_id = account and u.has_failed_invitation
    $$;
