//! What commands do to a real database: the rules, the races, the crashes.

mod access;
mod accounts;
mod api_keys;
mod bulk;
mod contention;
mod crashes;
mod every_refusal;
mod first_account;
mod guessing;
mod idempotency;
mod invitation_limit;
mod invitations;
mod outbox;
mod passwords;
mod permissions;
mod provider_attempts;
mod providers;
mod races;
mod refusals;
mod reset_races;
mod resets;
mod sessions;
mod viewer_can;
mod world;
