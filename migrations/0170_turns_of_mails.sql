-- Which mail is sent next, and when, without reading the whole queue. Leases and pauses go by the clock of this database alone: the clocks of
-- two servers may differ by minutes, and each would take what the other has.

alter table mail_outbox
    -- 0: a mail of its own, for which somebody waits; 1: one of many that were asked for at once
    add column lane smallint not null default 0,
    -- Mails are sent in the order of their turns. The mails of an account take turns that rise by one, those of many asked for at once by
    -- eight; whoever comes later begins at the turn that is being sent. So accounts take turns, and a single mail overtakes a thousand.
    add column turn bigint not null default 0,
    -- Null: it can be sent now. Otherwise it is paused, or a sender has it: not before this instant.
    alter column next_attempt_at drop not null,
    alter column next_attempt_at drop default,
    add constraint mail_outbox_lane_known check (lane in (0, 1));

-- What waits already takes turns by account. Of an account, all but the first hundred are taken for a list.
update mail_outbox o
set turn = q.number, lane = case when q.number < 100 then 0 else 1 end
from (select delivery_id, row_number() over (partition by account_id order by delivery_id) - 1 as number from mail_outbox) q
where q.delivery_id = o.delivery_id;

drop index mail_outbox_by_next_attempt;
-- what can be sent, in its order
create index mail_outbox_ready on mail_outbox (turn, lane, delivery_id) where next_attempt_at is null;
-- whose pause or lease is over first
create index mail_outbox_paused on mail_outbox (next_attempt_at) where next_attempt_at is not null;
-- the last turn that an account has taken, and the mails of one account
create index mail_outbox_of_account on mail_outbox (account_id, lane, turn, delivery_id);
-- whose time is over, where no mail server is configured
create index mail_outbox_by_expiry on mail_outbox (expires_at);
