-- Saved views of the list of users: of one admin, or shared by all admins of an account.

-- Computed from events. A deleted view keeps its row without name and query, so that nothing personal stays.
create table saved_views (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    -- whose view it is; null for all admins
    user_id uuid,
    name text not null,
    query text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    version bigint not null,
    deleted_at timestamptz
);

-- For the list, and so that no two views that someone sees as one kind have the same name. An erased view has no name.
create unique index saved_views_own_name on saved_views (account_id, user_id, lower(name collate "C"))
    where user_id is not null and deleted_at is null and name <> '';
create unique index saved_views_shared_name on saved_views (account_id, lower(name collate "C"))
    where user_id is null and deleted_at is null and name <> '';

-- For the list: the views of an account, by whose they are.
create index saved_views_of_account on saved_views (account_id, user_id) where deleted_at is null;
