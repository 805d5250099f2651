-- An account has a language: mails to its users are written in it.

alter table accounts
    add column language text not null default 'en',
    add constraint accounts_language_is_known check (language in ('en', 'de'));
