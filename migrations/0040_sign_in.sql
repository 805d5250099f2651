-- Who gets in: providers, API keys, links for a new password; from where somebody is signed in; what bounds invitations.

-- From where a session was begun, and when it was last used: not history, written at most once in a while.
alter table sessions
    add column address text,
    add column user_agent text,
    add column last_seen_at timestamptz;
update sessions set last_seen_at = started_at;
alter table sessions alter column last_seen_at set not null;

-- Who a user is to a provider. Computed from events.
create table provider_links (
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    auth_method text not null,
    issuer text not null,
    -- the issuer's own name for the person
    subject text not null,
    linked_at timestamptz not null,
    constraint provider_links_pkey primary key (user_id, auth_method),
    constraint provider_links_one_user_per_subject unique (account_id, auth_method, issuer, subject)
);

-- A subject that is signed in with before the account is known.
create index provider_links_by_subject on provider_links (auth_method, issuer, subject);

-- Sign-ins at a provider that are under way: forgotten when their browser comes back, or after minutes. Nothing in here lets anybody
-- in: `state` is known to the browser only, and what proves the rest is derived from it.
create table provider_sign_ins (
    -- SHA-256 of the state that the provider sends back
    state_hash bytea primary key,
    -- SHA-256 of what a cookie of the browser holds that began it
    browser_hash bytea not null,
    auth_method text not null,
    -- the account to sign in to, when it was said
    account_slug text,
    -- the invitation to accept, when it is one
    user_id uuid,
    invitation_id uuid,
    expires_at timestamptz not null
);

create index provider_sign_ins_by_expiry on provider_sign_ins (expires_at);

-- Computed from events, but for the hash and the last use.
create table api_keys (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    name text not null,
    scopes text[] not null,
    -- SHA-256 of the key, which only its holder knows
    token_hash bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    -- written at most once in a while
    last_used_at timestamptz,
    constraint api_keys_token_hash_key unique (token_hash),
    constraint api_keys_token_hash_length check (octet_length(token_hash) = 32),
    constraint api_keys_have_a_scope check (cardinality(scopes) > 0)
);

create index api_keys_by_user on api_keys (account_id, user_id, created_at);

-- Links for a new password that were asked for and not used. Several may be open, so that nobody can kill another's link by asking for
-- one more. Nothing secret: what a link ends with is signed, not stored.
create table password_resets (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    requested_at timestamptz not null,
    expires_at timestamptz not null
);

create index password_resets_by_user on password_resets (user_id);
create index password_resets_by_expiry on password_resets (expires_at);

-- Mails of other kinds than invitations.
alter table mail_outbox
    add column purpose text not null default 'invitation',
    add column password_reset_id uuid,
    alter column invitation_id drop not null,
    add constraint mail_outbox_purpose_known check (
        (purpose = 'invitation' and invitation_id is not null) or (purpose = 'password_reset' and password_reset_id is not null)
    );

-- How many invitations each inviter has sent on each day (UTC).
create table invitation_counts (
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    day date not null,
    sent bigint not null,
    constraint invitation_counts_pkey primary key (account_id, user_id, day)
);

create index invitation_counts_by_day on invitation_counts (day);
