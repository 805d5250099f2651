-- Invitations whose mail failed are sent again together, a hundred in a request, in the order of their ids. With this index, finding
-- the next hundred and counting the rest reads no other users.
create index users_with_failed_invitation on users (account_id, id) where status = 'invited' and delivery_state = 'failed';
