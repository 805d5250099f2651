-- What an account decides for itself, so that it need not be the same for all accounts of a Roster:
-- how long its invitations work, and which of the configured ways to sign in it offers.

alter table accounts
    -- how many events the account's stream has; until now exactly one, its opening
    add column version bigint not null default 1,
    add column invitation_hours integer not null default 24,
    -- the account's choice; null offers all that the operator has configured
    add column auth_methods text[],
    add constraint accounts_invitation_hours_in_range check (invitation_hours between 1 and 720),
    add constraint accounts_offer_a_way_to_sign_in check (cardinality(auth_methods) > 0);

-- A deed is done to a user or to the account itself.
alter table idempotency_keys rename column user_id to subject_id;
