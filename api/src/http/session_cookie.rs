//! The session token of browsers, as a cookie; that of programs, as a bearer token. And what a browser keeps while it is elsewhere.

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum_extra::extract::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use commands::{SignedIn, is_session_token};

use crate::site::Site;

/// The name of the session's cookie: `__Host-roster` behind TLS, bound to this very host, or `__Secure-roster` where hosts of a domain share
/// it; `roster_session` without TLS.
///
/// Browsers keep cookies by host, whatever the port. So a port that is not the usual one is part of the name, and two servers on one host
/// do not overwrite each other's cookies.
#[must_use]
pub fn cookie_name(site: &Site) -> String {
    // Browsers take no cookie for other hosts of a domain whose name begins with `__Host-`.
    let behind_tls = if site.cookie_domain().is_some() { "__Secure-roster" } else { "__Host-roster" };
    name_at(site, behind_tls, "roster_session")
}

fn name_at(site: &Site, behind_tls: &str, plain: &str) -> String {
    match (site.origin().is_https(), site.origin().port()) {
        (true, None) => behind_tls.to_owned(),
        (true, Some(port)) => format!("{behind_tls}-{port}"),
        (false, None) => plain.to_owned(),
        (false, Some(port)) => format!("{plain}_{port}"),
    }
}

/// The cookie that starts a session in a browser.
#[must_use]
pub fn session_cookie(site: &Site, signed_in: &SignedIn) -> String {
    of_domain(site, signed_in.token.expose().to_owned(), signed_in.lasts_seconds)
}

/// The cookie that makes a browser forget its session.
#[must_use]
pub fn expired_cookie(site: &Site) -> String {
    of_domain(site, String::new(), 0)
}

/// The session's cookie, for this host or for all hosts of the domain.
fn of_domain(site: &Site, value: String, seconds: i64) -> String {
    let cookie = cookie(site, cookie_name(site), value, seconds);
    match site.cookie_domain() {
        Some(domain) => format!("{cookie}; Domain={domain}"),
        None => cookie,
    }
}

/// The cookie by which a browser that is at a provider knows where it goes on afterwards.
#[must_use]
pub fn return_cookie(site: &Site, address: &str, seconds: i64) -> String {
    cookie(site, return_cookie_name(site), URL_SAFE_NO_PAD.encode(address), seconds)
}

/// The cookie that makes a browser forget where it goes on.
#[must_use]
pub fn expired_return_cookie(site: &Site) -> String {
    cookie(site, return_cookie_name(site), String::new(), 0)
}

/// Where a browser goes on that comes back from a provider: a path of this site, or an address that it may return to.
#[must_use]
pub fn return_address(headers: &HeaderMap, site: &Site) -> Option<String> {
    let value = cookie_value(headers, &return_cookie_name(site))?;
    let address = String::from_utf8(URL_SAFE_NO_PAD.decode(value).ok()?).ok()?;
    site.leads_on(&address).then_some(address)
}

fn return_cookie_name(site: &Site) -> String {
    name_at(site, "__Host-roster-return", "roster_return")
}

fn browser_cookie_name(site: &Site) -> String {
    name_at(site, "__Host-roster-browser", "roster_browser")
}

/// The cookie by which a browser is known again when it comes back from a provider.
#[must_use]
pub fn browser_cookie(site: &Site, text: &str, seconds: i64) -> String {
    cookie(site, browser_cookie_name(site), text.to_owned(), seconds)
}

/// The cookie that makes a browser forget that it was at a provider.
#[must_use]
pub fn expired_browser_cookie(site: &Site) -> String {
    cookie(site, browser_cookie_name(site), String::new(), 0)
}

/// What a browser keeps while it is at a provider.
#[must_use]
pub fn browser_text<'a>(headers: &'a HeaderMap, site: &Site) -> Option<&'a str> {
    cookie_value(headers, &browser_cookie_name(site))
}

fn cookie(site: &Site, name: String, value: String, seconds: i64) -> String {
    let cookie = Cookie::build((name, value)).path("/").http_only(true).same_site(SameSite::Lax);
    let cookie = cookie.secure(site.origin().is_https()).build();
    // `Max-Age` is written here because the cookie crate takes a duration of yet another time library.
    format!("{cookie}; Max-Age={seconds}")
}

/// The token that a request brings: `Authorization: Bearer …` of a program, else the cookie. A cookie carries sessions alone: the key of a
/// program in a cookie is no token.
#[must_use]
pub fn session_token<'a>(headers: &'a HeaderMap, site: &Site) -> Option<&'a str> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim());
    }
    cookie_value(headers, &cookie_name(site)).filter(|token| is_session_token(token))
}

fn cookie_value<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn token(site: &str, headers: &[(&'static str, &'static str)]) -> Option<String> {
        let headers = headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let headers: HeaderMap = headers.collect();
        session_token(&headers, &Site::parse(site).expect("valid")).map(str::to_owned)
    }

    #[test]
    fn a_browser_that_is_away_is_known_by_a_cookie_that_only_this_host_reads() {
        let tls = Site::parse("https://roster.example").expect("valid");
        let cookie = browser_cookie(&tls, "b", 600);
        assert_eq!(cookie, "__Host-roster-browser=b; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600");
        let plain = browser_cookie(&Site::parse("http://127.0.0.1:8080").expect("valid"), "b", 600);
        assert_eq!(plain, "roster_browser_8080=b; HttpOnly; SameSite=Lax; Path=/; Max-Age=600");
    }

    #[test]
    fn servers_on_one_host_have_cookies_of_their_own() {
        let sites = ["http://localhost", "http://localhost:8080", "http://localhost:8081", "https://localhost", "https://localhost:8443"];
        let mut names = vec![];
        for site in sites.map(|site| Site::parse(site).expect("valid")) {
            let cookies = [expired_cookie(&site), expired_browser_cookie(&site), browser_cookie(&site, "b", 1)];
            for cookie in &cookies {
                assert_eq!(cookie.starts_with("__Host-"), site.origin().is_https(), "{cookie}");
            }
            names.push(cookie_name(&site));
            names.push(browser_cookie_name(&site));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "{names:?}");
    }

    #[test]
    fn a_bearer_token_goes_before_the_cookie_and_each_site_has_its_own_cookie() {
        let (plain, tls) = ("http://127.0.0.1:8080", "https://roster.example");
        assert_eq!(token(plain, &[("cookie", "a=b; roster_session_8080=roster_s_t")]).as_deref(), Some("roster_s_t"));
        assert_eq!(token(tls, &[("cookie", "__Host-roster=roster_s_t; roster_session=roster_s_other")]).as_deref(), Some("roster_s_t"));
        assert_eq!(token(tls, &[("cookie", "roster_session=roster_s_t")]), None);
        assert_eq!(token(plain, &[("cookie", "roster_session=roster_s_t; roster_session_8081=roster_s_t")]), None);
        assert_eq!(token(plain, &[("authorization", "bearer x"), ("cookie", "roster_session_8080=roster_s_t")]).as_deref(), Some("x"));
        assert_eq!(token(plain, &[("authorization", "Basic x"), ("cookie", "roster_session_8080=roster_s_t")]), None);
        assert_eq!(token(plain, &[]), None);
    }

    #[test]
    fn hosts_of_a_domain_share_the_session_where_the_operator_says_so() {
        let site =
            Site::parse("https://roster.acme.example").expect("valid").sharing_cookie(Some("acme.example")).expect("it is its domain");
        assert_eq!(expired_cookie(&site), "__Secure-roster=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0; Domain=acme.example");
        assert!(browser_cookie(&site, "b", 600).starts_with("__Host-roster-browser=b;"), "the rest stays with this host");
    }

    #[test]
    fn a_browser_goes_on_only_within_this_site_and_to_origins_that_are_trusted() {
        let site = Site::parse("https://roster.example").expect("valid").allowing(vec!["https://app.example".parse().expect("valid")]);
        let comes_back = |address: &str| {
            let cookie = return_cookie(&site, address, 600);
            let pair = cookie.split(';').next().expect("a pair");
            let headers = HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).expect("valid"))]);
            return_address(&headers, &site)
        };
        for address in ["/users?q=ada;x", "https://app.example/a,b;c"] {
            assert_eq!(comes_back(address).as_deref(), Some(address));
        }
        for address in ["https://evil.example/", "//evil.example/", "/\\evil.example", "users", "", "/a\nb"] {
            assert_eq!(comes_back(address), None, "{address}");
        }
    }

    #[test]
    fn a_cookie_carries_sessions_alone() {
        for (site, name) in [("http://127.0.0.1:8080", "roster_session_8080"), ("https://roster.example", "__Host-roster")] {
            for key in ["roster_k_key", "roster_a_key", "roster_", "key"] {
                let site = Site::parse(site).expect("valid");
                let header = |name, value: &str| HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("valid"))]);
                assert_eq!(session_token(&header(COOKIE, &format!("{name}={key}")), &site), None, "{name}={key}");
                assert_eq!(session_token(&header(AUTHORIZATION, &format!("Bearer {key}")), &site), Some(key));
            }
        }
    }
}
