//! A shutdown in three stages.

use tokio_util::sync::CancellationToken;

/// A shutdown in three stages, each a token that is cancelled when the stage begins:
///
/// 1. `leaving`: `/readyz` says so, and everything is still served, so that proxies can send new requests elsewhere.
/// 2. `closing`: no connection is accepted any more, requests and mails under way are finished, sockets are closed, workers end.
/// 3. `cutting`: time is up. What is not finished is cut off.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    /// The first stage.
    pub leaving: CancellationToken,
    /// The second stage.
    pub closing: CancellationToken,
    /// The last stage.
    pub cutting: CancellationToken,
}

impl Shutdown {
    /// Begins the first stage.
    pub fn leave(&self) {
        self.leaving.cancel();
    }

    /// Begins the second stage.
    pub fn close(&self) {
        self.leaving.cancel();
        self.closing.cancel();
    }

    /// Begins the last stage.
    pub fn cut(&self) {
        self.close();
        self.cutting.cancel();
    }
}
