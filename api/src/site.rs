//! Where people reach this Roster: every link that leaves it is built here.

use std::sync::Arc;

use axum::http::Uri;
use commands::{InvitationToken, PasswordResetToken, WelcomeToken};

use crate::http::{InvalidPublicUrl, PublicOrigin};

/// The configured public address. No header of a request ever changes a link.
#[derive(Clone, Debug)]
pub struct Site {
    origin: PublicOrigin,
    allowed: Arc<[PublicOrigin]>,
}

impl Site {
    /// Reads a public URL such as `https://roster.example`.
    ///
    /// # Errors
    /// When it is not `http` or `https`, or has a path.
    pub fn parse(public_url: &str) -> Result<Self, InvalidPublicUrl> {
        Ok(Self { origin: public_url.parse()?, allowed: Arc::default() })
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
}
