//! The state of an account, and its decisions.

use serde::{Deserialize, Serialize};

use super::{AccountCommand, AccountEvent, OpenAccount};
use crate::stream::aggregate;
use crate::{AccountId, Refusal};

/// An account, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    opened: bool,
}

aggregate!(Account, "account", AccountId, AccountCommand, AccountEvent { Opened });

impl Account {
    #[expect(clippy::unnecessary_wraps, reason = "every aggregate decides with this signature")]
    pub(crate) fn decide_command(&self, command: AccountCommand) -> Result<Vec<AccountEvent>, Refusal> {
        let AccountCommand::Open(OpenAccount { name, slug }) = command;
        if self.opened { Ok(vec![]) } else { Ok(vec![AccountEvent::Opened { name, slug }]) }
    }

    pub(crate) fn apply_event(&mut self, event: AccountEvent) {
        let AccountEvent::Opened { .. } = event;
        self.opened = true;
    }
}
