-- Pages of the past read no more than they show, and have plans that are kept (docs/decisions/0060-plans-of-the-past.md).
--
-- The two functions differ from those of migration 0231 in what they compute for the rows that are shown. `null and rank_at(…)` called the
-- function for each user whose mail waits, four times; `case` does not. When a user was last active is a sub-query, not a call of PL/pgSQL.

-- The users of an account who matched at a position of the feed, and whose version of then is still in force. `decided_until` is an upper
-- bound of `created_at` at that position: without it, a list with the newest first steps over everyone who came later.
create or replace function users_matching_as_of(
    account uuid, filter user_filter, at_transaction bigint, at_position bigint, decided_until timestamptz
) returns setof listed_user
    language sql
    stable
    parallel safe
    as $$
        select
            u.account_id, u.id, u.since_transaction, u.since_rank, u.version, u.email, u.email_normalised, u.name, u.role, u.status,
            u.auth_methods, u.created_at,
            case
                when case u.active_transaction
                    when at_transaction then u.active_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                    else u.active_transaction < at_transaction
                end
                    then u.last_active_at
                else (
                    select h.last_active_at
                    from past_activity h
                    where h.user_id = u.id
                        and h.until_transaction >= at_transaction
                        and (h.until_transaction > at_transaction
                            or h.until_rank > rank_at(u.account_id, u.id, at_transaction, at_position))
                    order by h.until_transaction, h.until_rank
                    limit 1
                )
            end,
            u.invitation_id, u.invitation_sent_at, u.invitation_expires_at,
            case
                when case u.delivered_transaction
                    when at_transaction then u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                    else u.delivered_transaction < at_transaction
                end
                    then u.delivery_state
                else 'waiting'
            end,
            case
                when case u.delivered_transaction
                    when at_transaction then u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                    else u.delivered_transaction < at_transaction
                end
                    then u.delivery_at
            end,
            case
                when case u.delivered_transaction
                    when at_transaction then u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                    else u.delivered_transaction < at_transaction
                end
                    then u.delivery_attempts
                else 0
            end,
            case
                when case u.delivered_transaction
                    when at_transaction then u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                    else u.delivered_transaction < at_transaction
                end
                    then u.delivery_detail
            end,
            u.delivered_transaction, u.delivered_rank, u.erased_at, u.role_rank, u.status_order
        from users u
        where u.account_id = account
            and u.created_at <= decided_until
            and u.since_transaction <= at_transaction
            and (u.since_transaction < at_transaction or u.since_rank <= rank_at(u.account_id, u.id, at_transaction, at_position))
            and user_matches(
                filter, u.status, u.invitation_expires_at,
                case
                    when case u.delivered_transaction
                        when at_transaction then u.delivered_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                        else u.delivered_transaction < at_transaction
                    end
                        then u.delivery_state
                    else 'waiting'
                end,
                u.role_rank, u.auth_methods, u.search_text, u.created_at,
                case
                    when case u.active_transaction
                        when at_transaction then u.active_rank <= rank_at(u.account_id, u.id, at_transaction, at_position)
                        else u.active_transaction < at_transaction
                    end
                        then u.last_active_at
                    else last_active_as_of(u.account_id, u.id, at_transaction, at_position)
                end
            )
    $$;

-- The same of those whose version of then has ended.
create or replace function user_versions_matching_as_of(
    account uuid, filter user_filter, at_transaction bigint, at_position bigint, decided_until timestamptz
) returns setof listed_user
    language sql
    stable
    parallel safe
    as $$
        select
            v.account_id, v.id, v.since_transaction, v.since_rank, v.version, v.email, v.email_normalised, v.name, v.role, v.status,
            v.auth_methods, v.created_at,
            (
                select a.last_active_at
                from (
                    select h.last_active_at, h.until_transaction, h.until_rank
                    from past_activity h
                    where h.user_id = v.id
                        and h.until_transaction >= at_transaction
                        and (h.until_transaction > at_transaction
                            or h.until_rank > rank_at(v.account_id, v.id, at_transaction, at_position))
                    union all
                    select n.last_active_at, 9223372036854775807, 0 from users n where n.id = v.id
                ) a
                order by a.until_transaction, a.until_rank
                limit 1
            ),
            v.invitation_id, v.invitation_sent_at, v.invitation_expires_at,
            case
                when case v.delivered_transaction
                    when at_transaction then v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position)
                    else v.delivered_transaction < at_transaction
                end
                    then v.delivery_state
                else 'waiting'
            end,
            case
                when case v.delivered_transaction
                    when at_transaction then v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position)
                    else v.delivered_transaction < at_transaction
                end
                    then v.delivery_at
            end,
            case
                when case v.delivered_transaction
                    when at_transaction then v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position)
                    else v.delivered_transaction < at_transaction
                end
                    then v.delivery_attempts
                else 0
            end,
            case
                when case v.delivered_transaction
                    when at_transaction then v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position)
                    else v.delivered_transaction < at_transaction
                end
                    then v.delivery_detail
            end,
            v.delivered_transaction, v.delivered_rank, v.erased_at, v.role_rank, v.status_order
        from user_versions v
        where v.account_id = account
            and v.created_at <= decided_until
            and v.since_transaction <= at_transaction
            and v.until_transaction >= at_transaction
            and (v.since_transaction < at_transaction or v.since_rank <= rank_at(v.account_id, v.id, at_transaction, at_position))
            and (v.until_transaction > at_transaction or v.until_rank > rank_at(v.account_id, v.id, at_transaction, at_position))
            and user_matches(
                filter, v.status, v.invitation_expires_at,
                case
                    when case v.delivered_transaction
                        when at_transaction then v.delivered_rank <= rank_at(v.account_id, v.id, at_transaction, at_position)
                        else v.delivered_transaction < at_transaction
                    end
                        then v.delivery_state
                    else 'waiting'
                end,
                v.role_rank, v.auth_methods, v.search_text, v.created_at,
                last_active_as_of(v.account_id, v.id, at_transaction, at_position)
            )
    $$;

-- Users of an account by their ids, as they were. In PL/pgSQL, because it keeps its plan, also for a statement that is planned for its values.
create function listed_users_as_of(account uuid, ids uuid[], at_transaction bigint, at_position bigint) returns setof listed_user
    language plpgsql
    stable
    parallel safe
    rows 50
    as $$
begin
    return query
        select u.* from users_matching_as_of(account, user_filter(), at_transaction, at_position, 'infinity') u where u.id = any (ids)
        union all
        select v.* from user_versions_matching_as_of(account, user_filter(), at_transaction, at_position, 'infinity') v where v.id = any (ids);
end
$$;
