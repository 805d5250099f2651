-- A function in SQL is expanded into each statement that calls it. `search_fold` is long, and the generated columns of `users` call it, so
-- every statement that wrote users first parsed it: a third of what it takes to write one user. In PL/pgSQL it is parsed once in a session.
--
-- It also does less. `translate` compares each letter with more than a thousand others, which takes a fifth of a millisecond for a name. Most
-- names have only ASCII letters once their accents are gone, and those need no translation.

-- What the function has done until now, for the letters that are left. It is the same text, so every value that is stored stays right.
do $$
begin
    execute format(
        'create function search_fold_letters(value text) returns text language sql immutable parallel safe as %L',
        (select prosrc from pg_proc where oid = 'search_fold(text)'::regprocedure)
    );
end
$$;

create or replace function search_fold(value text) returns text
    language plpgsql
    immutable
    parallel safe
    -- as cheap as before, or the planner would not expand the functions that call it
    cost 1
    as $$
declare
    plain text;
begin
    if octet_length(value) = char_length(value) then
        return lower(value collate "C");
    end if;
    plain := lower(regexp_replace(normalize(value, NFD) collate "C", '[\u0300-\u0344\u0346-\u036f]', '', 'g') collate "C");
    if octet_length(plain) = char_length(plain) then
        return plain;
    end if;
    return search_fold_letters(value);
end
$$;
