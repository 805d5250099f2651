-- What was tried and refused: sign-ins that failed, and changes that were forbidden. They are no events, because nothing happened:
-- of each account the newest are kept, for a time, and those that a crash takes are lost. Nothing that was typed is in it.

create table refused_attempts (
    account_id uuid not null references accounts (id),
    -- in the order in which they were kept, without gaps: so the oldest are found without counting
    number bigint not null,
    id uuid not null,
    at timestamptz not null,
    -- the mutation, such as 'inviteUser'
    operation text not null,
    -- why: the stable code of the refusal
    code text not null,
    -- as in the metadata of events; 'visitor' for who belongs to another account
    actor text not null,
    -- who asked, or the owner of the API key that did
    actor_user_id uuid,
    -- upon whom, or as whom, where that is a user of the account
    user_id uuid,
    request_id text,
    -- from where; personal, and wiped with either user
    address text,
    constraint refused_attempts_pkey primary key (account_id, number)
);

-- for what is over after its time
create index refused_attempts_by_time on refused_attempts (at);

-- for whether anybody was erased since an attempt
create index erased_persons_by_time on erased_persons (account_id, erased_at);
