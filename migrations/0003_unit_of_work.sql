-- What is neither history nor computed from it, written in the same transactions as the events.

create table credentials (
    user_id uuid primary key references users (id) on delete cascade,
    account_id uuid not null references accounts (id),
    -- Argon2id, in the PHC string format
    password_hash text not null,
    set_at timestamptz not null
);

-- Mails to be sent. A row refers to the user and holds no address: what is mailed is looked up when
-- it is sent, so that it is right at that moment and nothing has to be wiped here.
create table mail_outbox (
    delivery_id uuid primary key,
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    invitation_id uuid not null,
    resent boolean not null,
    -- who invites, when it is a user
    invited_by uuid,
    -- the event that asks for this mail
    cause text not null,
    request_id text,
    created_at timestamptz not null default clock_timestamp(),
    attempts integer not null default 0,
    -- not before this instant; also how a sender claims a row for a while
    next_attempt_at timestamptz not null default clock_timestamp(),
    last_error text
);

create index mail_outbox_by_next_attempt on mail_outbox (next_attempt_at);

-- What a repeated request with the same key is answered with: the id and version of what happened,
-- never the answer itself.
create table idempotency_keys (
    actor text not null,
    -- keyed hash of the key
    key_hash bytea not null,
    account_id uuid not null references accounts (id),
    operation text not null,
    -- keyed hash of the input
    input_hash bytea not null,
    user_id uuid not null,
    version bigint not null,
    created_at timestamptz not null default clock_timestamp(),
    constraint idempotency_keys_pkey primary key (account_id, actor, key_hash)
);

create index idempotency_keys_by_age on idempotency_keys (created_at);
