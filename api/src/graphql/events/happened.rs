use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;
use event_store::RecordedEvent;

/// What happened, in whichever stream.
pub(crate) enum Happened {
    User(UserEvent),
    Account(AccountEvent),
    Session(SessionEvent),
    ApiKey(ApiKeyEvent),
    Delivery(DeliveryEvent),
    Export(ExportEvent),
}

impl Happened {
    /// Reads what was recorded; `None` when a newer Roster has written what this one does not know.
    pub(crate) fn read(recorded: &RecordedEvent) -> Option<Self> {
        let payload = recorded.payload.clone();
        match recorded.aggregate_type.as_str() {
            "user" => serde_json::from_value(payload).map(Self::User).ok(),
            "account" => serde_json::from_value(payload).map(Self::Account).ok(),
            "session" => serde_json::from_value(payload).map(Self::Session).ok(),
            "api_key" => serde_json::from_value(payload).map(Self::ApiKey).ok(),
            "delivery" => serde_json::from_value(payload).map(Self::Delivery).ok(),
            "export" => serde_json::from_value(payload).map(Self::Export).ok(),
            _ => None,
        }
    }
}
