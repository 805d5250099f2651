use axum::{
    extract::Query,
    http::{HeaderName, request::Parts},
};
use graphql_http::RequestError;

/// What a page says in a URL instead, where it can set no header: a download, a link, a form.
pub const ACTING_FOR_PARAMETER: &str = "acting_for";

/// The entry of a socket's `connection_init` that stands for [`ACTING_FOR`].
pub const ACTING_FOR_ENTRY: &str = "actingFor";

/// The header in which a page says whom it shows.
pub const ACTING_FOR: HeaderName = HeaderName::from_static("roster-acting-for");

/// Whom a page shows while no one is signed in.
pub const NO_ONE: &str = "nobody";

/// What clients read when a page shows another user than the one who is signed in.
pub const SESSION_CHANGED: &str = "Someone else is signed in now than the page shows: load it again";

/// The answer to a request of such a page.
#[must_use]
pub const fn session_changed() -> RequestError {
    RequestError::Refused { code: "SESSION_CHANGED", message: SESSION_CHANGED }
}

/// Whom the page that asks shows, by the `actingFor` of its viewer, or `nobody`. Clients that are no pages say nothing.
///
/// All tabs of a browser share one cookie, so a sign-in in one tab changes on whose behalf the others ask. A page that says whom it
/// shows is refused then, whatever it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActingFor(Vec<String>);

impl ActingFor {
    /// What a request says, in its header and its URL.
    #[must_use]
    pub fn of(parts: &Parts) -> Self {
        let headers = parts.headers.get_all(ACTING_FOR);
        let mut said: Vec<_> = headers.iter().map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
        // What is no query string says nothing here; the route that needs its parameters refuses it.
        if let Ok(Query(parameters)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) {
            said.extend(parameters.into_iter().filter(|(name, _)| name == ACTING_FOR_PARAMETER).map(|(_, value)| value));
        }
        Self(said)
    }

    /// Whether a page that says this may ask on behalf of this user. While no one is signed in, any page may ask: nothing is done on
    /// behalf of a user.
    #[must_use]
    pub fn agrees_with(&self, signed_in: Option<&str>) -> bool {
        signed_in.is_none_or(|user| self.0.iter().all(|said| said == user))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn said(uri: &str, headers: &[&str]) -> ActingFor {
        let request = headers.iter().fold(Request::get(uri), |request, value| request.header(ACTING_FOR, *value));
        ActingFor::of(&request.body(()).expect("valid").into_parts().0)
    }

    #[test]
    fn a_page_that_shows_another_user_is_refused_wherever_it_says_so() {
        for (uri, headers, agrees) in [
            ("/graphql", &[][..], true),
            ("/graphql", &["ada"], true),
            ("/graphql", &["eve"], false),
            ("/graphql", &["nobody"], false),
            ("/graphql", &[""], false),
            ("/graphql", &["ada", "eve"], false),
            ("/users/export?search=x&acting_for=ada", &[], true),
            ("/users/export?acting_for=eve", &[], false),
            ("/users/export?acting_for=eve", &["ada"], false),
            ("/users/export?acting_for=ada&acting_for=eve", &[], false),
            ("/users/export?acting_for=%FF", &[], false),
        ] {
            assert_eq!(said(uri, headers).agrees_with(Some("ada")), agrees, "{uri} {headers:?}");
            assert!(said(uri, headers).agrees_with(None), "{uri} {headers:?}");
        }
    }
}
