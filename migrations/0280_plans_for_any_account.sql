-- Pages of users are prepared, and Postgres may keep one plan for all accounts. Without this, it expects in that plan an account of average
-- size. Where most accounts are small, it may then read and sort the whole account, which takes a second for a large one. A plan that
-- expects a large account walks the index of the order, which is good for every size.
--
-- Plans for a known account use the frequencies of the accounts as before. The value is used from the next ANALYZE on.

alter table users alter column account_id set (n_distinct = 1);
