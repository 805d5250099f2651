//! The state of an export, and its decisions.

use serde::{Deserialize, Serialize};

use super::{ExportCommand, ExportEvent, RequestExport};
use crate::stream::aggregate;
use crate::{ExportId, Refusal};

/// An export, as far as decisions need to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    requested: bool,
}

aggregate!(Export, "export", ExportId, ExportCommand, ExportEvent { Requested });

impl Export {
    #[expect(clippy::unnecessary_wraps, reason = "every aggregate decides with this signature")]
    pub(crate) fn decide_command(&self, command: ExportCommand) -> Result<Vec<ExportEvent>, Refusal> {
        if self.requested {
            return Ok(vec![]);
        }
        let ExportCommand::Request(RequestExport { account_id, what, format, filter, sealed }) = command;
        Ok(vec![ExportEvent::Requested { account_id, what, format, filter, sealed }])
    }

    pub(crate) fn apply_event(&mut self, event: ExportEvent) {
        let ExportEvent::Requested { .. } = event;
        self.requested = true;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::AccountId;
    use crate::export::{ExportFilter, ExportFormat, Exported};
    use crate::given::given;

    fn request(filter: ExportFilter) -> ExportCommand {
        ExportCommand::Request(RequestExport {
            account_id: AccountId::new(Uuid::from_u128(1)),
            what: Exported::Users,
            format: ExportFormat::Csv,
            filter,
            sealed: false,
        })
    }

    fn requested(filter: ExportFilter) -> ExportEvent {
        let ExportCommand::Request(RequestExport { account_id, what, format, filter, sealed }) = request(filter);
        ExportEvent::Requested { account_id, what, format, filter, sealed }
    }

    #[test]
    fn an_export_is_requested_once() {
        let request = || request(ExportFilter::default());
        given::<Export>([]).when(request()).then_expect_events(vec![requested(ExportFilter::default())]);
        given::<Export>([requested(ExportFilter::default())]).when(request()).then_expect_events(vec![]);
    }

    #[test]
    fn a_filter_holds_what_narrows_and_of_a_private_value_only_that_there_was_one() {
        let filter = ExportFilter::default().narrowed("status", []).narrowed("role", ["admin".to_owned()]).narrowed_in_private("search");
        let events = given::<Export>([]).when(request(filter)).inspect_result().expect("allowed");
        let json = serde_json::to_value(&events[0]).expect("JSON");
        assert_eq!(json["Requested"]["filter"], serde_json::json!({ "role": ["admin"], "search": [] }));
    }
}
