//! What the dashboard asks for is far enough from the limits to be answered.

use crate::dashboard_documents::{definitions, variables, whole};
use crate::server::Roster;

#[tokio::test]
async fn every_query_of_the_dashboard_is_within_the_limits() {
    let roster = Roster::start(&[]).await;
    let definitions = definitions();
    let queries: Vec<_> = definitions.iter().filter(|definition| definition.text.starts_with("query")).collect();
    assert!(queries.len() >= 15, "only {} queries were found", queries.len());
    for query in queries {
        let answer = roster.ask(None, &whole(&definitions, query), variables(&query.text)).await;
        // No one is signed in, so hardly anything is told; but it was run.
        assert!(answer.body["data"].is_object(), "{}: {:?}", query.name, answer.body);
    }
}
