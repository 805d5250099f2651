//! Where a request comes from.

use std::net::IpAddr;

/// The maximum length of a user agent, in characters.
const MAX_USER_AGENT: usize = 256;

/// Where a request comes from, as far as it is known. Both values are personal: no log and no event holds them in plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The address that the request came from, behind trusted proxies.
    pub address: Option<IpAddr>,
    /// The user agent, cut to 256 characters.
    pub user_agent: Option<String>,
}

impl Client {
    /// Removes control characters from a user agent, and cuts it to 256 characters.
    #[must_use]
    pub fn new(address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let shown = |text: &str| text.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect::<String>();
        Self { address, user_agent: user_agent.map(shown).filter(|text| !text.is_empty()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_cut_and_holds_no_control_characters() {
        let long = format!("A\r\nB\u{0}{}", "x".repeat(1_000));
        let client = Client::new(None, Some(&long));
        let stored = client.user_agent.expect("there is one");
        assert!(stored.starts_with("ABx"), "{stored}");
        assert_eq!(stored.chars().count(), MAX_USER_AGENT);
        assert_eq!(Client::new(None, Some("\n")).user_agent, None);
    }
}
