//! What is left when the fault is over, compared with what the clients know.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use api::export::{CloudEvent, EventData, Line};
use serde_json::{Value, json};

use crate::servers::{COUNT, roster};
use crate::workload::{Client, Delivered, Follower, Notes, Repeat};
use crate::world::World;

/// How long the follower may need to catch up.
const TIMEOUT: Duration = Duration::from_mins(1);

/// More connections of one server than this are some that were never given back.
const MAX_CONNECTIONS: i64 = 40;

type Event = CloudEvent<EventData>;

/// How a trial ended.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: usize,
    pub(crate) lost: Vec<String>,
    pub(crate) twice: Vec<String>,
    /// Mails that came more than once. Each has the Message-ID of the first, so it can be recognised.
    pub(crate) mails_twice: usize,
}

/// Compares everything. The workload has ended, and both servers run.
///
/// # Panics
/// When something is wrong that is neither a loss nor a repetition.
pub(crate) async fn judge(world: &World, follower: &mut Follower, beginning: &Delivered) -> Verdict {
    let mark = mark(world).await;
    settle_mail(world).await;
    let shown = "select bool_and(generation < current_generation() or xid < pg_snapshot_xmin(pg_current_snapshot())) from events";
    world.postgres.until(shown, "every event shows").await;
    let history = history(world).await;
    let notes = world.journal.notes();
    assert_eq!(notes.unexpected, Vec::<String>::new(), "{notes}");

    let newest = history.iter().find(|event| request_of(event) == mark).expect("what is acknowledged last is in the history");
    let delivered = follower.until(&newest.id, TIMEOUT).await;
    assert_same(&delivered.ids[beginning.ids.len()..], &events_after(&history, beginning, &newest.id));

    let verify = roster(&world.postgres, &["projections", "verify"]).await;
    assert_eq!(verify.code, Some(0), "{verify:?}");
    connections_are_back(world).await;
    let (lost, twice) = compare(&notes, &history);
    let acknowledged = notes.operations.iter().filter(|operation| operation.acknowledged).count();
    Verdict { acknowledged, lost, twice, mails_twice: mails_twice(world, &history) }
}

/// One more change, after all others: what comes before it is complete when it has come. Answers the id of its request.
async fn mark(world: &World) -> String {
    let site = world.site();
    let name = format!("judge{}", world.journal.notes().operations.len());
    let mut client = Client::new(site, &name, 0);
    let input = json!({ "id": client.site.shared_users[0], "name": name });
    client.run("updateUser", input, Repeat::WithKey).await.expect("a change succeeds when the fault is over");
    let notes = world.journal.notes();
    notes.operations.last().and_then(|operation| operation.requests.last()).expect("it was noted").clone()
}

/// Waits until no mail waits. The claims of senders that are gone last some minutes, which pass here.
async fn settle_mail(world: &World) {
    const WAITING: &str = "select count(*) from mail_outbox";
    // Claims that end later are those of mails under way, or of senders that are gone. After many faults some end all the time.
    const CLAIMED: &str = "select count(*) = 0 from mail_outbox where next_attempt_at <= now()";
    world.postgres.until(CLAIMED, "only mails wait that someone has claimed").await;
    // A sender that lives needs no more than its time-out.
    let began = std::time::Instant::now();
    while began.elapsed() < Duration::from_secs(4) && world.postgres.ask::<i64>(WAITING).await > 0 {
        crate::pause().await;
    }
    world.postgres.run("update mail_outbox set next_attempt_at = now()").await;
    world.postgres.until("select count(*) = 0 from mail_outbox", "every mail is sent").await;
}

/// The whole history, as an export gives it. The audit log counts as many events.
async fn history(world: &World) -> Vec<Event> {
    let answer = world.get(0, "/history/export?format=ndjson").await;
    let text = answer.text().await.expect("the export is whole");
    let mut lines: Vec<_> = text.lines().map(|line| Line::parse(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    let Some(Line::Completed(last)) = lines.pop() else { panic!("an export ends with a line that says so") };
    let event = |line| if let Line::Event(event) = line { Some(event) } else { None };
    let events: Vec<_> = lines.into_iter().filter_map(event).collect();
    assert_eq!(last.data.events, events.len() as u64);
    // Exports are in the log, too, and this one came after its end.
    let stored: i64 = world.postgres.ask("select count(*) from events where event_type <> 'Requested'").await;
    assert_eq!(i64::try_from(events.iter().filter(|event| event.data.stream.kind != "export").count()), Ok(stored), "every event leaves");
    events
}

fn request_of(event: &Event) -> &str {
    event.data.metadata.get("request_id").map_or("", String::as_str)
}

/// The ids that a follower gets from the end of `beginning` on, up to the event `last`.
fn events_after(history: &[Event], beginning: &Delivered, last: &str) -> Vec<String> {
    let last_seen = history.iter().position(|event| Some(&event.cursor) == beginning.cursor.as_ref());
    let after = last_seen.expect("the cursor is that of an event") + 1;
    let until = history.iter().position(|event| event.id == last).expect("it is in the history");
    history[after..=until].iter().map(|event| event.id.clone()).collect()
}

/// The follower got each event once, in the order of the history.
fn assert_same(delivered: &[String], expected: &[String]) {
    let different = delivered.iter().zip(expected).position(|(delivered, expected)| delivered != expected);
    let at = different.unwrap_or(delivered.len().min(expected.len()));
    let around = |ids: &[String]| ids[at.saturating_sub(2)..ids.len().min(at + 3)].to_vec();
    assert!(
        delivered == expected,
        "{} of {} events were delivered; from {at} on {:?} instead of {:?}",
        delivered.len(),
        expected.len(),
        around(delivered),
        around(expected)
    );
}

/// The acknowledged operations of which the history has nothing, and those that happened more than once.
fn compare(notes: &Notes, history: &[Event]) -> (Vec<String>, Vec<String>) {
    let mut by_request: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    // A mail, too, is recorded under the request that asked for it.
    for event in history.iter().filter(|event| event.data.stream.kind != "delivery") {
        by_request.entry(request_of(event)).or_default().push((&event.kind, &event.data.stream.id));
    }
    let (mut lost, mut twice) = (vec![], vec![]);
    for operation in &notes.operations {
        let effects: Vec<_> = operation.requests.iter().filter_map(|id| by_request.get(id.as_str())).collect();
        let repeats = |events: &Vec<(&str, &str)>| events.iter().collect::<BTreeSet<_>>().len() < events.len();
        if operation.acknowledged && effects.is_empty() {
            lost.push(format!("{} {:?}", operation.name, operation.requests));
        }
        if effects.len() > 1 || effects.iter().any(|events| repeats(events)) {
            twice.push(format!("{} {:?}: {effects:?}", operation.name, operation.requests));
        }
    }
    (lost, twice)
}

/// No transaction is left over, and every connection is used or was given back.
async fn connections_are_back(world: &World) {
    let open = "select count(*) = 0 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
        and state_change < now() - interval '2 seconds'";
    world.postgres.until(open, "no transaction is left open").await;
    let most = MAX_CONNECTIONS * i64::try_from(COUNT).expect("it is small");
    let few = format!("select count(*) <= {most} from pg_stat_activity where datname = current_database() and application_name = 'roster'");
    world.postgres.until(&few, "the connections are given back").await;
}

/// Every user who was invited and is not deleted got their mail; one that came again is recognisable.
fn mails_twice(world: &World, history: &[Event]) -> usize {
    let mut mails: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for mail in world.smtp.messages() {
        let id = mail.message_id().expect("every mail has one");
        for to in mail.to {
            mails.entry(to.to_lowercase()).or_default().push(id.clone());
        }
    }
    let deleted: BTreeSet<_> = history.iter().filter(|event| is_a(event, "Deleted")).map(|event| &event.data.stream.id).collect();
    let mut more = 0;
    for event in history.iter().filter(|event| is_a(event, "Invited")) {
        let invited = event.data.plain.as_ref().map_or(&Value::Null, |plain| &plain["Invited"]["email"]["personal"]);
        let email = invited.as_str().unwrap_or_else(|| panic!("an invitation names an address: {event:?}")).to_lowercase();
        let got = mails.get(&email).map_or(&[][..], Vec::as_slice);
        let is_deleted = deleted.contains(&event.data.stream.id);
        assert!(is_deleted || !got.is_empty() || is_admin(&email), "{email} was invited, and no mail came");
        assert!(got.windows(2).all(|pair| pair[0] == pair[1]), "{email} got different mails: {got:?}");
        more += got.len().saturating_sub(1);
    }
    more
}

fn is_a(event: &Event, name: &str) -> bool {
    event.kind.starts_with(&format!("roster.user.{name}."))
}

/// Who opened the account got no mail.
fn is_admin(email: &str) -> bool {
    email.starts_with("ada@")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::workload::Operation;

    /// What a client notes of a change, and the events that these requests have left.
    fn compared(acknowledged: bool, requests: &[&str], events: &[(&str, &str, &str)]) -> (usize, usize) {
        let requests = requests.iter().map(|request| (*request).to_owned()).collect();
        let operation = Operation { name: "inviteUser", requests, acknowledged, ended: Instant::now() };
        let notes = Notes { operations: vec![operation], ..Notes::default() };
        let event = |&(request, stream, kind): &(&str, &str, &str)| {
            let data =
                json!({ "stream": { "type": stream, "id": "x", "sequence": 1 }, "metadata": { "request_id": request }, "sealed": {} });
            let line = json!({ "specversion": "1.0", "id": "x:1", "source": "a", "type": format!("roster.{stream}.{kind}.v1"), "time": "t",
                "datacontenttype": "application/json", "cursor": "c", "data": data });
            serde_json::from_value(line).expect("it is an event")
        };
        let (lost, twice) = compare(&notes, &events.iter().map(event).collect::<Vec<_>>());
        (lost.len(), twice.len())
    }

    #[test]
    fn what_is_acknowledged_and_left_no_event_is_lost() {
        assert_eq!(compared(true, &["a", "b"], &[]), (1, 0));
        assert_eq!(compared(true, &["a", "b"], &[("b", "user", "Invited")]), (0, 0));
        assert_eq!(compared(false, &["a"], &[]), (0, 0));
    }

    #[test]
    fn what_two_requests_have_done_or_one_has_done_twice_happened_twice() {
        assert_eq!(compared(true, &["a", "b"], &[("a", "user", "Invited"), ("b", "user", "Invited")]), (0, 1));
        assert_eq!(compared(false, &["a"], &[("a", "user", "Invited"), ("a", "user", "Invited")]), (0, 1));
        assert_eq!(compared(true, &["a"], &[("a", "user", "Accepted"), ("a", "session", "Started")]), (0, 0));
    }

    #[test]
    fn the_mail_of_a_lost_invitation_is_no_proof_of_it() {
        assert_eq!(compared(true, &["a"], &[("a", "delivery", "Sent")]), (1, 0));
    }
}
