-- An account shows itself on pages for signing in and in mails: by a logo and a color.

alter table accounts
    -- SHA-256 of the file of the logo, in hexadecimal digits
    add column logo_digest text collate "C",
    add column color text,
    -- whether the page for signing in shows everyone what the account is called and looks like
    add column shows_account boolean not null default false;

-- The file of the logo that an account has now. Events have its digest alone.
create table account_logos (
    account_id uuid primary key,
    digest text collate "C" not null,
    media_type text not null,
    content bytea not null,
    constraint account_logos_are_small check (octet_length(content) <= 65536),
    constraint account_logos_are_images check (media_type in ('image/png', 'image/jpeg', 'image/webp'))
);

-- A picture is fetched by what it contains.
create index account_logos_by_digest on account_logos (digest);
