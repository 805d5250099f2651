-- A list of the recent past found no end: every version had ended before that moment, and the index of its order was read from end to end to
-- learn this. Few versions ended after a recent moment, and these indexes find them; lists of long ago go on to use those of their order.
create index user_versions_by_end on user_versions (account_id, until_transaction);
create index past_activity_by_end on past_activity (account_id, until_transaction);
