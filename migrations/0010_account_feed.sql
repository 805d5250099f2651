-- The feed narrowed to one account, for subscribers that catch up with what they have missed: without it they would read past the
-- events of every other account.
create index events_account_feed on events (account_id, generation, xid, position);
