//! A delivery: what became of one mail. Its outcome is recorded once, whatever is reported later.

mod aggregate;
mod command;
mod event;

pub use aggregate::Delivery;
pub use command::{DeliveryCommand, Mailed};
pub use event::{DeliveryEvent, FailureReason, MailPurpose};
