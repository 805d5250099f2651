-- Whoever mends rows of users from events counts the admins of their accounts afterwards, all at once: row by row the guard would say
-- that the last one went, and its row would make those wait for each other who mend different users of an account.

create or replace function count_active_admins() returns trigger
    language plpgsql
    as $$
declare
    was_admin constant boolean := tg_op = 'UPDATE' and old.role = 'admin' and old.status = 'active';
    is_admin constant boolean := new.role = 'admin' and new.status = 'active';
begin
    if current_setting('roster.counts_admins', true) = 'afterwards' then
        return null;
    end if;
    if is_admin and not was_admin then
        insert into admin_guards (account_id, active_admins)
        values (new.account_id, 1)
        on conflict (account_id) do update set active_admins = admin_guards.active_admins + 1;
    elsif was_admin and not is_admin then
        update admin_guards set active_admins = active_admins - 1 where account_id = new.account_id;
    end if;
    return null;
end
$$;
