//! What is counted by, as hashes: of one size, whatever was typed.

use std::net::{IpAddr, Ipv6Addr};

use domain::{EmailAddress, UserId};
use sha2::{Digest, Sha256};

use super::AccountTried;

/// What is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

impl Key {
    pub(super) fn address(address: IpAddr) -> Self {
        Self::of(&[network(address).as_bytes()])
    }

    pub(super) fn user(user_id: UserId) -> Self {
        Self::of(&[user_id.uuid().as_bytes()])
    }

    pub(super) fn account(account: AccountTried<'_>) -> Self {
        let [kind, name] = &parts(account);
        Self::of(&[kind, name])
    }

    /// In the spelling in which addresses are compared; what is no address, as it was typed.
    pub(super) fn person(account: AccountTried<'_>, email: &str) -> Self {
        let [kind, name] = &parts(account);
        Self::of(&[kind, name, normalised(email).as_bytes()])
    }

    pub(super) fn person_at(account: AccountTried<'_>, email: &str, address: IpAddr) -> Self {
        let [kind, name] = &parts(account);
        Self::of(&[kind, name, normalised(email).as_bytes(), network(address).as_bytes()])
    }

    /// One of 65,536, for when there are too many.
    pub(super) fn coarse(self) -> Self {
        let [first, second, ..] = self.0;
        let mut coarse = [0; 32];
        coarse[..2].copy_from_slice(&[first, second]);
        Self(coarse)
    }

    #[cfg(test)]
    pub(super) fn of_number(number: u64) -> Self {
        Self::of(&[&number.to_be_bytes()])
    }

    fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(u64::try_from(part.len()).expect("a length fits").to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// The network that one client can choose its addresses from: of IPv4 the address, of IPv6 its /64.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => format!("{address}/32"),
        IpAddr::V6(address) => {
            let first_half = u128::from(address) & (u128::from(u64::MAX) << 64);
            format!("{}/64", Ipv6Addr::from(first_half))
        }
    }
}

fn parts(account: AccountTried<'_>) -> [Vec<u8>; 2] {
    match account {
        AccountTried::Known(id) => [b"known".to_vec(), id.uuid().as_bytes().to_vec()],
        AccountTried::Unknown(slug) => [b"unknown".to_vec(), slug.trim().to_lowercase().into_bytes()],
    }
}

fn normalised(email: &str) -> String {
    EmailAddress::parse(email).map_or_else(|_| email.trim().to_lowercase(), |email| email.normalised().to_owned())
}
