use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use thiserror::Error;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A list of proxies holds something that is no address and no network.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is neither an address such as 127.0.0.1 nor a network such as 10.0.0.0/8")]
pub struct InvalidProxies(String);

/// The proxies in front of us, whose word counts for where a request comes from and what it is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// The address that a request comes from: the connection's peer, or where that is a proxy of ours, the last address in
    /// `X-Forwarded-For` that is not a trusted proxy. What cannot be read there, and everything before it, counts for nothing.
    #[must_use]
    pub fn client_address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut address = peer.to_canonical();
        let lines = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let mut hops = lines.flat_map(|line| line.to_str().unwrap_or("unreadable").rsplit(','));
        while self.contains(address) {
            let Some(before) = hops.next().and_then(parse_hop) else { break };
            address = before;
        }
        address
    }

    /// Whether a request has `X-Forwarded-For` from a peer that is not a trusted proxy, so that the header is ignored.
    #[must_use]
    pub fn ignores_forwarded(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        headers.contains_key(X_FORWARDED_FOR) && !self.contains(peer)
    }

    /// Whether a connection comes from a trusted proxy.
    #[must_use]
    pub fn contains(&self, peer: IpAddr) -> bool {
        let address = peer.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedProxies {
    type Err = InvalidProxies;

    /// Reads addresses and networks with commas between them.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| parse_network(item).ok_or_else(|| InvalidProxies(item.to_owned()))).collect::<Result<_, _>>().map(Self)
    }
}

fn parse_network(text: &str) -> Option<IpNet> {
    let network: IpNet = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    match network.addr().to_canonical() {
        // A network of mapped addresses is written by what they map.
        IpAddr::V4(address) if network.addr().is_ipv6() => IpNet::new(IpAddr::V4(address), network.prefix_len().checked_sub(96)?).ok(),
        _ => Some(network),
    }
}

/// Some proxies write the port, too.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address = text.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip())).or_else(bracketed);
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn client(proxies: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        let proxies: TrustedProxies = proxies.parse().unwrap();
        proxies.client_address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn who_is_no_proxy_of_ours_is_not_believed() {
        for proxies in ["", "10.0.0.2", "10.1.0.0/16", "::1"] {
            assert_eq!(client(proxies, "10.0.0.1", &["203.0.113.9"]), "10.0.0.1", "{proxies}");
        }
    }

    #[test]
    fn behind_our_proxies_the_last_address_that_is_none_of_them_counts() {
        const OURS: &str = "127.0.0.1, 10.0.0.0/8,2001:db8:1::/48";
        for (peer, forwarded, expected) in [
            ("127.0.0.1", &[][..], "127.0.0.1"),
            ("127.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("127.0.0.1", &["203.0.113.9, 10.0.0.7"], "203.0.113.9"),
            ("10.1.2.3", &["198.51.100.1,203.0.113.9 ,10.0.0.7"], "203.0.113.9"),
            ("127.0.0.1", &["198.51.100.1", "203.0.113.9", "10.0.0.7"], "203.0.113.9"),
            ("127.0.0.1", &["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
            ("2001:db8:1::1", &["2001:db8:2::9"], "2001:db8:2::9"),
            ("127.0.0.1", &["203.0.113.9:51234"], "203.0.113.9"),
            ("127.0.0.1", &["[2001:db8:2::9]:443"], "2001:db8:2::9"),
            ("127.0.0.1", &["[2001:db8:2::9]"], "2001:db8:2::9"),
        ] {
            assert_eq!(client(OURS, peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_and_everything_before_it_counts_for_nothing() {
        for (forwarded, expected) in [
            (&["203.0.113.9, nonsense"][..], "127.0.0.1"),
            (&["203.0.113.9, nonsense, 10.0.0.7"], "10.0.0.7"),
            (&["203.0.113.9,"], "127.0.0.1"),
            (&[""], "127.0.0.1"),
            (&["203.0.113.9", ""], "127.0.0.1"),
            (&["203.0.113.9, 256.1.1.1"], "127.0.0.1"),
            (&["203.0.113.9, unknown"], "127.0.0.1"),
            (&["203.0.113.9, \u{e9}"], "127.0.0.1"),
            (&["nonsense, 203.0.113.9"], "203.0.113.9"),
        ] {
            assert_eq!(client("127.0.0.1,10.0.0.0/8", "127.0.0.1", forwarded), expected, "{forwarded:?}");
        }
    }

    #[test]
    fn mapped_addresses_are_those_that_they_map() {
        assert_eq!(client("", "::ffff:192.0.2.1", &[]), "192.0.2.1");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &["::ffff:203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.0/104", "10.9.9.9", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn a_list_of_proxies_is_read_or_says_what_is_wrong() {
        for text in ["localhost", "10.0.0.0/33", "10.0.0.0/8;127.0.0.1", "*", "::ffff:0:0/80"] {
            let error = text.parse::<TrustedProxies>().unwrap_err();
            assert!(error.to_string().contains(text), "{error}");
        }
        assert_eq!(" ".parse(), Ok(TrustedProxies::default()));
    }
}
