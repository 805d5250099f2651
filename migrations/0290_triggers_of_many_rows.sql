-- Triggers that cost something for each user who is invited, although they had nothing to do.

-- One look for all keys that a statement writes, not one for each.
drop trigger person_keys_of_the_erased on person_keys;

create or replace function refuse_keys_of_the_erased() returns trigger
    language plpgsql
    as $$
begin
    if exists (
        select from written w join erased_persons e on e.account_id = w.account_id and e.person_id = w.person_id
    ) then
        raise exception 'this person was erased' using errcode = 'insufficient_privilege';
    end if;
    return null;
end
$$;

create trigger person_keys_of_the_erased
    after insert on person_keys
    referencing new table as written
    for each statement execute function refuse_keys_of_the_erased();

create trigger changed_person_keys_of_the_erased
    after update on person_keys
    referencing new table as written
    for each statement execute function refuse_keys_of_the_erased();

-- Called only for active admins, and for changes of a role or a status.
drop trigger users_count_active_admins on users;

create trigger users_count_active_admins
    after insert on users
    for each row when (new.role = 'admin' and new.status = 'active')
    execute function count_active_admins();

create trigger users_count_active_admins_again
    after update of role, status on users
    for each row when (old.role is distinct from new.role or old.status is distinct from new.status)
    execute function count_active_admins();
