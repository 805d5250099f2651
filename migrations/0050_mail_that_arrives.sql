-- What became of the mail with an invitation, for the list of users; and mails of more kinds, each with an end of its own.

-- Computed from the events of deliveries, but for what is said of a mail that still waits. Personal as a whole: mail servers repeat
-- the address.
alter table users
    add column delivery_state text not null default 'waiting',
    -- when it was handed over, given up, or last tried
    add column delivery_at timestamptz,
    add column delivery_attempts integer not null default 0,
    -- for people: what kind of failure, and what the mail server said
    add column delivery_detail text,
    add constraint users_delivery_state_known check (delivery_state in ('waiting', 'sent', 'failed', 'not_configured'));

update users u set delivery_state = lower(e.event_type), delivery_at = e.recorded_at, delivery_attempts = 1
from events e
where e.aggregate_type = 'delivery'
    and e.payload -> e.event_type ->> 'invitation_id' = u.invitation_id::text;

update users u set delivery_attempts = o.attempts
from mail_outbox o
where o.invitation_id = u.invitation_id;

alter table mail_outbox
    -- from this instant on it is given up: its link is dead, or it is no news any more
    add column expires_at timestamptz,
    -- until this instant a sender has it
    add column claimed_until timestamptz,
    -- what the mail server said last. It may repeat the address; the row goes with the user's
    add column last_reply text,
    drop constraint mail_outbox_purpose_known,
    add constraint mail_outbox_purpose_known check (
        case purpose
            when 'invitation' then invitation_id is not null
            when 'password_reset' then password_reset_id is not null
            else purpose in ('access_removed', 'access_restored')
        end
    );
update mail_outbox o set expires_at = coalesce(
    (select expires_at from password_resets r where r.id = o.password_reset_id),
    (select invitation_expires_at from users u where u.invitation_id = o.invitation_id),
    o.created_at
);
alter table mail_outbox alter column expires_at set not null, alter column purpose drop default;

-- A mail that nobody needs any more is taken out with what made it so.
create index mail_outbox_by_user on mail_outbox (user_id);
