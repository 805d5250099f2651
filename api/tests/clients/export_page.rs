//! `docs/export.md` is true: its requests are answered, its tables name every parameter, its lines are lines of an export.

use api::export::Line;

use crate::server::{Answer, Roster};

const PAGE: &str = include_str!("../../../docs/export.md");

async fn get(roster: &Roster, token: &str, path: &str) -> Answer {
    Answer::of(roster.client.get(format!("{}{path}", roster.url)).bearer_auth(token)).await
}

#[tokio::test]
async fn every_request_of_the_page_about_exports_is_answered_and_every_parameter_is_explained() {
    let roster = Roster::start(&[]).await;
    let token = roster.open_account().await;
    let paths: Vec<_> = PAGE.split("\"$ROSTER").skip(1).map(|rest| rest.split('"').next().expect("it ends")).collect();
    assert!(paths.len() >= 3, "{paths:?}");
    for path in paths {
        assert_eq!(get(&roster, &token, path).await.status, 200, "{path}");
    }
    let mut tables = PAGE.split("| parameter | meaning |\n|---|---|\n").skip(1);
    for path in ["/history/export", "/users/export"] {
        let table = tables.next().expect("each has a table").split("\n\n").next().expect("it ends");
        let explained: Vec<_> = table.lines().filter_map(|row| row.split('`').nth(1)).collect();
        let refused = get(&roster, &token, &format!("{path}?nonsense=1")).await;
        assert_eq!((refused.status, refused.code()), (400, Some("BAD_USER_INPUT")), "{refused:?}");
        let message = refused.body["errors"][0]["message"].as_str().expect("a sentence");
        let (_, known) = message.split_once("there are: ").expect("it names them");
        assert_eq!(explained, known.split(", ").collect::<Vec<_>>(), "{path}");
    }
}

#[test]
fn the_lines_that_the_page_about_exports_shows_are_lines_of_an_export() {
    let shown: Vec<_> = PAGE.split("```json\n").skip(1).map(|rest| rest.split("```").next().expect("it ends")).collect();
    let [event, last] = shown.as_slice() else { panic!("two lines are shown") };
    assert!(matches!(Line::parse(event).expect("an event"), Line::Event(_)));
    assert!(matches!(Line::parse(last).expect("the last"), Line::Completed(_)));
}
