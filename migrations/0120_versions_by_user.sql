-- Comparing and mending read the versions of some users by id alone, whatever account their rows say. Without this index, each batch of
-- them walked the whole past.

create index user_versions_by_user on user_versions (id);
