-- A request of many rows is answered row by row, and a repeated one as the first time: for this a row that was refused because of
-- what stood in the account then is remembered too, as the code of the refusal, with the id that it names.

alter table idempotency_keys add column refusal text;
