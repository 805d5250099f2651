//! Where people reach this Roster: every link that leaves it is built here.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::Uri;
use commands::{InvitationToken, PasswordResetToken, WelcomeToken};
use domain::LogoDigest;

use graphql_http::{InvalidPublicUrl, PublicOrigin};

/// The configured public address. No header of a request ever changes a link.
#[derive(Clone, Debug)]
pub struct Site {
    origin: PublicOrigin,
    allowed: Arc<[PublicOrigin]>,
    cookie_domain: Option<Arc<str>>,
}

/// The domain of the session's cookie does not fit the public URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cookie's domain {domain:?} must be a domain that {host} belongs to, such as {example}")]
pub struct InvalidCookieDomain {
    domain: String,
    host: String,
    example: String,
}

impl Site {
    /// Reads a public URL such as `https://roster.example`.
    ///
    /// # Errors
    /// When it is not `http` or `https`, or has a path.
    pub fn parse(public_url: &str) -> Result<Self, InvalidPublicUrl> {
        Ok(Self { origin: public_url.parse()?, allowed: Arc::default(), cookie_domain: None })
    }

    /// The same, whose session cookie all hosts of a domain share: products beside Roster can then ask who is signed in.
    ///
    /// # Errors
    /// When this site does not belong to the domain.
    pub fn sharing_cookie(self, domain: Option<&str>) -> Result<Self, InvalidCookieDomain> {
        let Some(domain) = domain else { return Ok(self) };
        let domain = domain.trim_start_matches('.').to_ascii_lowercase();
        let host = self.host().to_owned();
        let belongs = host == domain || host.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
        if !belongs || !domain.contains('.') || host.parse::<IpAddr>().is_ok() {
            let example = host.split_once('.').map_or("acme.example", |(_, parent)| parent).to_owned();
            return Err(InvalidCookieDomain { domain, host, example });
        }
        Ok(Self { cookie_domain: Some(domain.into()), ..self })
    }

    /// The domain whose hosts share the session's cookie.
    #[must_use]
    pub fn cookie_domain(&self) -> Option<&str> {
        self.cookie_domain.as_deref()
    }

    fn host(&self) -> &str {
        let authority = self.origin.as_str().split_once("://").map_or("", |(_, authority)| authority);
        authority.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(authority, |(host, _)| host)
    }

    /// The same, whose API programs in browsers may use from other origins, to which people may return after they sign in.
    #[must_use]
    pub fn allowing(self, origins: Vec<PublicOrigin>) -> Self {
        Self { allowed: origins.into(), ..self }
    }

    /// The other origins that the operator trusts.
    #[must_use]
    pub fn allowed_origins(&self) -> &[PublicOrigin] {
        &self.allowed
    }

    /// Whether people may be sent to an address of another origin after they sign in.
    #[must_use]
    pub fn may_return_to(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return false };
        // Browsers read a backslash as a slash, and nothing here needs a user name.
        let origin = format!("{scheme}://{authority}").parse::<PublicOrigin>();
        origin.is_ok_and(|origin| self.allowed.contains(&origin))
    }

    /// The origin that browsers must come from.
    #[must_use]
    pub const fn origin(&self) -> &PublicOrigin {
        &self.origin
    }

    /// Whether a browser may go on to an address after it has signed in: a path of this site, or an address of an origin that is trusted.
    #[must_use]
    pub fn leads_on(&self, address: &str) -> bool {
        // Browsers read a backslash as a slash, and two slashes as the beginning of a host.
        let is_path =
            address.starts_with('/') && !address[1..].starts_with(['/', '\\']) && address.bytes().all(|byte| byte.is_ascii_graphic());
        is_path || self.may_return_to(address)
    }

    /// The address of a path that begins with a slash.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// The link of an invitation.
    #[must_use]
    pub fn invitation_link(&self, slug: &str, token: &InvitationToken) -> String {
        self.link(&format!("/{slug}/invitations/{}", token.expose()))
    }

    /// The link to choose a new password.
    #[must_use]
    pub fn password_reset_link(&self, slug: &str, token: &PasswordResetToken) -> String {
        self.link(&format!("/{slug}/reset-password/{}", token.expose()))
    }

    /// The link that opens the first account.
    #[must_use]
    pub fn welcome_link(&self, token: &WelcomeToken) -> String {
        self.link(&format!("/welcome/{}", token.expose()))
    }

    /// The file of a logo.
    #[must_use]
    pub fn logo_link(&self, digest: &LogoDigest) -> String {
        self.link(&format!("/assets/logos/{}", digest.as_str()))
    }

    /// The page on which members of an account sign in.
    #[must_use]
    pub fn sign_in_link(&self, slug: &str) -> String {
        self.link(&format!("/{slug}/sign-in"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_return_only_to_origins_that_the_operator_trusts() {
        let allowed = ["https://app.example", "http://127.0.0.1:3000"].map(|origin| origin.parse().expect("it is an origin"));
        let site = Site::parse("https://roster.example").expect("it is a URL").allowing(allowed.to_vec());
        for url in ["https://app.example", "https://APP.example/reports?x=1&y=2#top", "https://app.example:443/", "http://127.0.0.1:3000/x"]
        {
            assert!(site.may_return_to(url), "{url}");
        }
        for url in [
            "",
            "/users",
            "//app.example/",
            "https:/app.example",
            "http://app.example/",
            "https://app.example:8443/",
            "https://app.example.evil.example/",
            "https://app.example@evil.example/",
            "https://evil.example\\@app.example/",
            "https://app.example\\.evil.example/",
            "https://evil.example/?https://app.example/",
            "https://roster.example/users",
            "javascript:alert(1)",
            "https://app.example\u{0}/",
            "https://app.example /",
            "https://app.example\t.evil.example/",
        ] {
            assert!(!site.may_return_to(url), "{url:?}");
        }
    }

    #[test]
    fn a_cookie_is_shared_within_the_domain_of_the_site_alone() {
        let share = |url: &str, domain: &str| Site::parse(url).expect("it is a URL").sharing_cookie(Some(domain));
        for (url, domain) in [
            ("https://roster.acme.example", "acme.example"),
            ("https://roster.acme.example:8443", ".Acme.Example"),
            ("https://acme.example", "acme.example"),
        ] {
            assert_eq!(share(url, domain).expect(domain).cookie_domain(), Some("acme.example"));
        }
        for (url, domain) in [
            ("https://roster.acme.example", "other.example"),
            ("https://rosteracme.example", "acme.example"),
            ("https://roster.example", "example"),
            ("http://127.0.0.1:8080", "0.0.1"),
            ("https://roster.acme.example", ""),
        ] {
            assert!(share(url, domain).is_err(), "{url} {domain}");
        }
    }
}
