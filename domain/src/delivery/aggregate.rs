//! The state of a delivery, and its decisions.

use serde::{Deserialize, Serialize};

use super::{DeliveryCommand, DeliveryEvent, Mailed};
use crate::stream::aggregate;
use crate::{DeliveryId, Refusal};

/// A delivery, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    ended: bool,
}

aggregate!(Delivery, "delivery", DeliveryId, DeliveryCommand, DeliveryEvent { Sent = "2", Failed = "2" });

impl Delivery {
    #[expect(clippy::unnecessary_wraps, reason = "every aggregate decides with this signature")]
    pub(crate) fn decide_command(&self, command: DeliveryCommand) -> Result<Vec<DeliveryEvent>, Refusal> {
        if self.ended {
            return Ok(vec![]);
        }
        Ok(vec![match command {
            DeliveryCommand::RecordSent(mail) => {
                let Mailed { account_id, user_id, invitation_id, purpose, attempts } = mail;
                DeliveryEvent::Sent { account_id, user_id, invitation_id, purpose, attempts }
            }
            DeliveryCommand::RecordFailed { mail, reason, reply } => {
                let Mailed { account_id, user_id, invitation_id, purpose, attempts } = mail;
                DeliveryEvent::Failed { account_id, user_id, invitation_id, purpose, attempts, reason, reply }
            }
        }])
    }

    pub(crate) fn apply_event(&mut self, event: DeliveryEvent) {
        let (DeliveryEvent::Sent { .. } | DeliveryEvent::Failed { .. }) = event;
        self.ended = true;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::delivery::MailPurpose;
    use crate::given::given;
    use crate::{AccountId, InvitationId, UserId};

    #[test]
    fn a_mail_ends_once() {
        let (account_id, user_id) = (AccountId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2)));
        let (invitation_id, purpose, attempts) = (Some(InvitationId::new(Uuid::from_u128(3))), MailPurpose::Invitation, 1);
        let record = || DeliveryCommand::RecordSent(Mailed { account_id, user_id, invitation_id, purpose, attempts });
        let sent = || DeliveryEvent::Sent { account_id, user_id, invitation_id, purpose, attempts };
        given::<Delivery>([]).when(record()).then_expect_events(vec![sent()]);
        given::<Delivery>([sent()]).when(record()).then_expect_events(vec![]);
    }
}
