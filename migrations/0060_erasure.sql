-- A person who is erased: the key of theirs is gone, and can never come back.

alter table users
    -- from then on the row holds nothing personal
    add column erased_at timestamptz;

-- The fence, and the list to be applied again after an older backup was restored. Kept for ever; ids are not personal.
create table erased_persons (
    account_id uuid not null,
    person_id uuid not null,
    erased_at timestamptz not null,
    constraint erased_persons_pkey primary key (account_id, person_id)
);

create trigger erasures_are_for_ever
    before update or delete on erased_persons
    for each row execute function refuse_to_change_history();

create trigger erasures_are_never_truncated
    before truncate on erased_persons
    for each statement execute function refuse_to_change_history();

create function refuse_keys_of_the_erased() returns trigger
    language plpgsql
    as $$
begin
    if exists (select from erased_persons where account_id = new.account_id and person_id = new.person_id) then
        raise exception 'this person was erased' using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;

create trigger person_keys_of_the_erased
    before insert or update on person_keys
    for each row execute function refuse_keys_of_the_erased();
