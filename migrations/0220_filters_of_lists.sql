-- The filter of each list, written once. The list, its count and the exports select from the same function.
--
-- Postgres inlines these functions, so a statement such as
--
--     select id from users_matching($1, user_filter(statuses => '{active}')) where created_at < $2 order by created_at desc, id desc limit 50
--
-- is planned as if it contained their conditions. A function stays inlinable only as long as it is `language sql`, not volatile, not
-- `strict`, not `security definer`, without `set`, and one `select`. A test explains the statements and fails otherwise.
--
-- Parts of a filter that are null do not restrict anything. The planner removes them when it knows the values.
--
-- To extend a filter, add the attribute, then drop and create `user_filter()` with one more argument that has a default. Programs of an
-- earlier version name their arguments, so they go on.

create type user_filter as (
    -- stored statuses; 'invited' includes pending and expired invitations
    statuses text[],
    -- whether invitations whose link still works match
    pending boolean,
    -- whether invitations whose link has expired match
    expired boolean,
    -- the instant that separates pending from expired
    now timestamptz,
    role_ranks smallint[],
    -- users with at least one of these
    auth_methods text[],
    -- patterns of `like`, one per line, all of which match; the trigram index serves the first
    search text,
    created_from timestamptz,
    created_before timestamptz,
    last_active_from timestamptz,
    last_active_before timestamptz,
    never_active boolean,
    -- states of the mail of an open invitation
    deliveries text[]
);

create function user_filter(
    statuses text[] default null,
    pending boolean default true,
    expired boolean default true,
    now timestamptz default null,
    role_ranks smallint[] default null,
    auth_methods text[] default null,
    search text default null,
    created_from timestamptz default null,
    created_before timestamptz default null,
    last_active_from timestamptz default null,
    last_active_before timestamptz default null,
    never_active boolean default null,
    deliveries text[] default null
) returns user_filter
    language sql
    immutable
    parallel safe
    as $$
        select row(
            statuses, pending, expired, now, role_ranks, auth_methods, search, created_from, created_before, last_active_from,
            last_active_before, never_active, deliveries
        )::user_filter
    $$;

-- Whether a user, or a version of a user, matches. This is the only place that knows what a filter means.
create function user_matches(
    filter user_filter,
    status text,
    invitation_expires_at timestamptz,
    delivery_state text,
    role_rank smallint,
    auth_methods text[],
    search_text text,
    created_at timestamptz,
    last_active_at timestamptz
) returns boolean
    language sql
    immutable
    parallel safe
    as $$
        select (filter.statuses is null or status = any (filter.statuses))
            and (
                (filter.pending and filter.expired)
                or status <> 'invited'
                or (filter.pending and invitation_expires_at > filter.now)
                or (filter.expired and invitation_expires_at <= filter.now)
            )
            and (filter.role_ranks is null or role_rank = any (filter.role_ranks))
            and (filter.auth_methods is null or auth_methods && filter.auth_methods)
            and (filter.search is null or search_text collate "C" like split_part(search_fold(filter.search), chr(10), 1))
            and (filter.search is null or search_text collate "C" like all (string_to_array(search_fold(filter.search), chr(10))))
            and (filter.created_from is null or created_at >= filter.created_from)
            and (filter.created_before is null or created_at < filter.created_before)
            and (filter.last_active_from is null or last_active_at >= filter.last_active_from)
            and (filter.last_active_before is null or last_active_at < filter.last_active_before)
            and (filter.never_active is null or (last_active_at is null) = filter.never_active)
            and (filter.deliveries is null or (status = 'invited' and delivery_state = any (filter.deliveries)))
    $$;

-- The users of an account that match.
create function users_matching(account uuid, filter user_filter) returns setof users
    language sql
    stable
    parallel safe
    as $$
        select u.*
        from users u
        where u.account_id = account
            and user_matches(
                filter, u.status, u.invitation_expires_at, u.delivery_state, u.role_rank, u.auth_methods, u.search_text, u.created_at,
                u.last_active_at
            )
    $$;

-- The users of an account that matched at a position of the feed, as they were. `decided_until` is an upper bound of `created_at` and
-- `last_active_at` at that position: without it, a list with the newest first steps over everyone who came later.
create function user_versions_matching(account uuid, filter user_filter, feed_position bytea, decided_until timestamptz)
    returns setof user_versions
    language sql
    stable
    parallel safe
    as $$
        select v.*
        from user_versions v
        where v.account_id = account
            and v.from_place <= feed_position
            and v.until_place > feed_position
            and v.created_at <= decided_until
            and coalesce(v.last_active_at, '-infinity'::timestamptz) <= decided_until
            and user_matches(
                filter, v.status, v.invitation_expires_at, v.delivery_state, v.role_rank, v.auth_methods, v.search_text, v.created_at,
                v.last_active_at
            )
    $$;

-- The users of an account whose invitation could not be delivered.
create function users_with_failed_invitation(account uuid) returns setof users
    language sql
    stable
    parallel safe
    as $$
        select u.*
        from users u
        where u.account_id = account and u.status = 'invited' and u.delivery_state = 'failed'
    $$;
