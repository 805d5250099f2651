//! How the server as a whole can be told to behave.

use std::time::Duration;

/// How the server treats everybody, until it is told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpBehaviour {
    /// Each recipient as its address says.
    Healthy,
    /// Every recipient is answered 550, with their address in the reply.
    Refusing,
    /// Every recipient is answered 451, each time.
    Greylisting,
    /// No client is answered or greeted. A connection that hangs stays so until the client gives up.
    Hanging,
    /// The connection is cut after the whole content, which is lost.
    Dropping,
    /// The same, but the mail counts as received: the client cannot know.
    DroppingAfterKeeping,
    /// The connection is cut in the middle of the content.
    DroppingMidData,
    /// Every sender is answered 550.
    RefusingSenders,
    /// Every sender is answered 530, because the connection is not encrypted.
    DemandingStartTls,
    /// Every sender is answered 530, because no client has signed in.
    DemandingAuth,
    /// Each content is answered 550, because the sender has reached its limit for the day.
    Limiting,
    /// Each content is answered 554, without an enhanced status code.
    RefusingContents,
    /// The port is closed, and every connection is cut.
    Down,
    /// Each content is looked at for so long.
    Slow(Duration),
}

impl SmtpBehaviour {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Healthy | Self::Slow(_) => "healthy",
            Self::Refusing => "refusing",
            Self::Greylisting => "greylisting",
            Self::Hanging => "hanging",
            Self::Dropping => "dropping",
            Self::DroppingAfterKeeping => "dropping-after-keeping",
            Self::DroppingMidData => "dropping-mid-data",
            Self::RefusingSenders => "refusing-senders",
            Self::DemandingStartTls => "demanding-starttls",
            Self::DemandingAuth => "demanding-auth",
            Self::Limiting => "limiting",
            Self::RefusingContents => "refusing-contents",
            Self::Down => "down",
        }
    }
}
