-- What readers see: computed from events, written in their transaction. Personal values stand here
-- in plain text and are wiped when their person is erased.

create table accounts (
    id uuid primary key,
    name text not null,
    slug text not null,
    created_at timestamptz not null,
    constraint accounts_slug_key unique (slug)
);

create table users (
    account_id uuid not null references accounts (id),
    id uuid primary key,
    version bigint not null,
    email text not null,
    -- the one form in which addresses are compared
    email_normalised text not null,
    name text,
    role text not null,
    status text not null,
    auth_methods text[] not null,
    created_at timestamptz not null,
    -- the last sign-in; not counted as a change of the user
    last_active_at timestamptz,
    invitation_id uuid not null,
    invitation_sent_at timestamptz not null,
    invitation_expires_at timestamptz not null,
    -- every session that started before this instant is over
    sessions_valid_from timestamptz not null,
    constraint users_role_known check (role in ('viewer', 'editor', 'admin')),
    constraint users_status_known check (status in ('invited', 'active', 'inactive', 'deleted')),
    constraint users_allow_a_way_to_sign_in check (cardinality(auth_methods) > 0)
);

-- One live user per address and account, in any case and Unicode form.
create unique index users_one_live_per_address on users (account_id, email_normalised) where status <> 'deleted';
create index users_by_created_at on users (account_id, created_at desc, id desc);

-- How many active admins an account has. Touched only when that number changes.
create table admin_guards (
    account_id uuid primary key references accounts (id),
    active_admins bigint not null,
    constraint account_keeps_an_admin check (active_admins > 0)
);

-- Keeps the guard true by whatever path a row of `users` changes. The first active admin makes the
-- row; from then on the constraint refuses to lose the last one.
create function count_active_admins() returns trigger
    language plpgsql
    as $$
declare
    was_admin constant boolean := tg_op = 'UPDATE' and old.role = 'admin' and old.status = 'active';
    is_admin constant boolean := new.role = 'admin' and new.status = 'active';
begin
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

create trigger users_count_active_admins
    after insert or update of role, status on users
    for each row execute function count_active_admins();

create table sessions (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    -- SHA-256 of the token, which only its holder knows
    token_hash bytea not null,
    auth_method text not null,
    started_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    constraint sessions_token_hash_key unique (token_hash),
    constraint sessions_token_hash_length check (octet_length(token_hash) = 32)
);

create index sessions_by_user on sessions (user_id, started_at);
