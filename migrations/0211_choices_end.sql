-- A choice of accounts at the end of a sign-in with a provider was a signed text alone: it worked as often as it was shown within ten
-- minutes, also after all sessions of its user were ended. Each text has a row now, which the first use or the end of the sessions deletes.
alter table provider_sign_ins
    -- the same for all accounts that one person may choose from; null where a browser is still on its way
    add column choice_id uuid;

comment on column provider_sign_ins.state_hash is 'SHA-256 of the state that the provider sends back, or of the text that makes a choice';
comment on column provider_sign_ins.user_id is 'the user whose invitation it is, or whom a choice signs in';

create index provider_sign_ins_of_choice on provider_sign_ins (choice_id) where choice_id is not null;
create index provider_sign_ins_of_user on provider_sign_ins (user_id) where user_id is not null;
