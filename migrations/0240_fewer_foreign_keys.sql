-- A foreign key is checked for every row that is inserted, and locks the row that it refers to. For rows of an account or of a user this says
-- nothing new: accounts are never deleted, and of users only those of whom no event tells, by a repair. It made commands of one account
-- lock one row, and was a large part of what an invitation costs.

alter table users drop constraint users_account_id_fkey;
alter table sessions drop constraint sessions_account_id_fkey, drop constraint sessions_user_id_fkey;
alter table mail_outbox drop constraint mail_outbox_account_id_fkey, drop constraint mail_outbox_user_id_fkey;
alter table idempotency_keys drop constraint idempotency_keys_account_id_fkey;
alter table invitation_counts drop constraint invitation_counts_account_id_fkey;
