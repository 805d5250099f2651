-- Comparing and mending read the versions of some users by id alone, whatever account their rows say. Without this index, each batch of
-- them walked the whole past.

create index user_versions_by_user on user_versions (id);

-- The list of the past by status: those few who stood so then are found, whatever the order, instead of walking an order past all others.
create index user_versions_of_status on user_versions (account_id, status, until_place, from_place);
