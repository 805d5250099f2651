-- Service keys: for programs that act for the account itself. They belong to no user, so no change of a user touches them.

-- Computed from events, but for the hash and the last use.
create table service_keys (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    name text not null,
    scopes text[] not null,
    -- SHA-256 of the key, which only its holder knows
    token_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    -- written at most once in a while
    last_used_at timestamptz,
    constraint service_keys_token_hash_key unique (token_hash),
    constraint service_keys_token_hash_length check (octet_length(token_hash) = 32),
    constraint service_keys_have_a_scope check (cardinality(scopes) > 0)
);

-- for the list of an account, the newest first
create index service_keys_by_account on service_keys (account_id, id);

-- Invitations of all service keys of an account count together, under the account's own id: a new key gives no new day.
alter table invitation_counts drop constraint invitation_counts_user_id_fkey;
comment on column invitation_counts.user_id is 'who sends: a user, or the account itself for its service keys';
