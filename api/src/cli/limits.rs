//! How often things may be tried, and who says where a request comes from.

use std::num::NonZeroU32;

use clap::Args;
use commands::LimitSettings;

use graphql_http::TrustedProxies;

/// The limits that an operator may want to be others.
#[derive(Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// The proxies in front of Roster, whose X-Forwarded-For says where a request comes from: addresses and networks, such as
    /// 127.0.0.1,10.0.0.0/8
    #[arg(long, env = "ROSTER_TRUSTED_PROXIES", value_name = "LIST", default_value = "", hide_default_value = true)]
    pub(super) trusted_proxies: TrustedProxies,
    /// Sign-in attempts per user in 15 minutes
    #[arg(long, env = "ROSTER_ATTEMPTS_PER_USER", value_name = "NUMBER", default_value_t = LimitSettings::default().attempts_per_user)]
    attempts_per_user: NonZeroU32,
    /// Attempts of each kind per IP address in 15 minutes. Raise it if many users share an address
    #[arg(long, env = "ROSTER_ATTEMPTS_PER_ADDRESS", value_name = "NUMBER", default_value_t = LimitSettings::default().attempts_per_address)]
    attempts_per_address: NonZeroU32,
    /// Sign-in attempts per account in 15 minutes. Raise it if an account has tens of thousands of users
    #[arg(long, env = "ROSTER_ATTEMPTS_PER_ACCOUNT", value_name = "NUMBER", default_value_t = LimitSettings::default().attempts_per_account)]
    attempts_per_account: NonZeroU32,
    /// Invitations that one user may send per day (UTC)
    #[arg(long, env = "ROSTER_INVITATIONS_PER_DAY", value_name = "NUMBER", default_value_t = LimitSettings::default().invitations_per_day)]
    invitations_per_day: u32,
}

impl LimitArgs {
    pub(super) fn settings(&self) -> LimitSettings {
        let &Self { attempts_per_user, attempts_per_address, attempts_per_account, invitations_per_day, .. } = self;
        LimitSettings { attempts_per_address, attempts_per_user, attempts_per_account, invitations_per_day }
    }
}
