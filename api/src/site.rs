//! Where people reach this Roster: every link that leaves it is built here.

use commands::{InvitationToken, PasswordResetToken, WelcomeToken};

use crate::http::{InvalidPublicUrl, PublicOrigin};

/// The configured public address. No header of a request ever changes a link.
#[derive(Clone, Debug)]
pub struct Site {
    origin: PublicOrigin,
}

impl Site {
    /// Reads a public URL such as `https://roster.example`.
    ///
    /// # Errors
    /// When it is not `http` or `https`, or has a path.
    pub fn parse(public_url: &str) -> Result<Self, InvalidPublicUrl> {
        Ok(Self { origin: public_url.parse()? })
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
