-- Ids, addresses and cursors compare byte by byte, whatever the collation of the database. Pages go on after an id or an address, so its
-- order is part of the cursors; and an index in the order of bytes stays right when the operating system changes its collations.
--
-- Only keys of indexes change, so no table is written again; the indexes are built anew. `status` stays as it is: columns are generated
-- from it, and it is one of four words that are compared for equality only.

alter table events
    alter column aggregate_type type text collate "C",
    alter column aggregate_id type text collate "C";

alter table accounts alter column slug type text collate "C";

alter table users alter column email_normalised type text collate "C";

alter table user_versions alter column email_normalised type text collate "C";

alter table idempotency_keys alter column actor type text collate "C";

alter table provider_links
    alter column auth_method type text collate "C",
    alter column issuer type text collate "C",
    alter column subject type text collate "C";

alter table projection_rebuilds alter column last_user type text collate "C";
