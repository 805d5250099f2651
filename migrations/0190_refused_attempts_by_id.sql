-- A client asks for a refused attempt again by its id (`node(id:)`), without its place in the list.

create index refused_attempts_by_id on refused_attempts (account_id, id);
