-- A new master key takes the place of another while everything goes on: what is wrapped or derived names its master key.

alter table person_keys
    -- the name of the master key that wraps this key, which tells nothing about it; null for rows from before there were names
    add column key_id bytea,
    -- when another master key took over, if one ever did
    add column rewrapped_at timestamptz,
    add constraint person_keys_key_id_length check (octet_length(key_id) = 8);

-- Which master keys are in use, without reading every row.
create index person_keys_by_key on person_keys (key_id);
create index person_keys_by_rewrap on person_keys (rewrapped_at) where rewrapped_at is not null;

-- The name of the master key that the proofs of this sign-in are derived from; null for rows from before there were names.
alter table provider_sign_ins add column key_id bytea;
