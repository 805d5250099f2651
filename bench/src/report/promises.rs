//! What issue 18 asks for, line by line.

#![expect(clippy::format_push_string, reason = "a page is written once, line by line")]

use super::ratio;
use crate::measure::Spread;
use crate::phases::sizes;
use crate::results::{Part, Results};
use crate::site::{Way, key, name};
use crate::worker::Work;

const RATE: Part = |sample| sample.rate;
const P50: Part = |sample| sample.p50;
const MEGABYTE: f64 = 1_000_000.0;

/// A promise, and what was measured.
struct Line {
    what: String,
    bar: f64,
    aim: f64,
    /// Whether more is better.
    more: bool,
    result: Option<Spread>,
}

impl Line {
    fn verdict(&self) -> &'static str {
        let Some(Spread { median, .. }) = self.result else { return "not measured" };
        let reaches = |limit: f64| if self.more { median >= limit } else { median <= limit };
        if reaches(self.aim) {
            "met, and the aim"
        } else if reaches(self.bar) {
            "met"
        } else {
            "**missed**"
        }
    }
}

pub(super) fn table(results: &Results) -> String {
    let mut text = "| work | bar | aim | result (rounds from–to) | |\n|---|---|---|---|---|\n".to_owned();
    for line in lines(results) {
        let sign = if line.more { "≥" } else { "≤" };
        text += &format!("| {} | {sign} {} | {sign} {} | {} | {} |\n", line.what, line.bar, line.aim, ratio(line.result), line.verdict());
    }
    text
}

fn lines(results: &Results) -> Vec<Line> {
    let more = |what: &str, bar, aim, result| Line { what: what.to_owned(), bar, aim, more: true, result };
    let less = |what: &str, bar, aim, result| Line { what: what.to_owned(), bar, aim, more: false, result };
    let users = results.machine.users;
    let of = |tree, way, work, callers| key(tree, way, work, callers, users);
    let to_today = |way, work, callers, part| results.ratio(&of("now", way, work, callers), &of("today", way, work, callers), part);
    let invite = of("now", Way::Process, Work::Invite, 64);
    let alone = of("now", Way::Process, Work::Invite, 1);
    let list = of("now", Way::Http, Work::List, 16);
    let scaled = |name: &str, by: f64| results.spread(name, RATE).map(|spread| spread.times(1.0 / by));
    let mut lines = vec![
        more(
            "durable invite in process, 64 callers / pgbench single-row insert",
            0.6,
            1.5,
            results.ratio(&invite, "pgbench insert callers=64", RATE),
        ),
        more("the same / textbook cqrs-es + postgres-es", 5.0, 10.0, results.ratio(&invite, "textbook invite callers=64", RATE)),
        more("64 callers / 1 caller", 6.0, 10.0, results.ratio(&invite, &alone, RATE)),
        less("p50 of a single caller / today", 0.8, 0.5, to_today(Way::Process, Work::Invite, 1, P50)),
        more("invite over GraphQL, 16 callers / today", 5.0, 10.0, to_today(Way::Http, Work::Invite, 16, RATE)),
        more("list of 50 over GraphQL, 16 callers / today", 2.5, 4.0, to_today(Way::Http, Work::List, 16, RATE)),
        more("the same / pgbench page of 50", 0.18, 0.3, results.ratio(&list, "pgbench page callers=16", RATE)),
        more("`viewer` over GraphQL, 16 callers / today", 3.5, 6.0, to_today(Way::Http, Work::Viewer, 16, RATE)),
        more("`inviteUsers` rows/s / today", 4.0, 10.0, results.ratio("now bulk", "today bulk", RATE)),
    ];
    lines.extend(growth(results));
    lines.extend([
        // The events of a user become one row.
        more("rebuild of users / COPY of the rows", 0.5, 1.0, results.ratio("now copy-in", "now rebuild", P50)),
        less("bytes of database per invited user / today's", 0.7, 0.5, results.ratio("now bytes-of-user", "today bytes-of-user", RATE)),
        less("memory at rest, MB", 60.0, 40.0, scaled("now memory-at-rest", MEGABYTE)),
        less(
            &format!("memory with {} subscriptions, MB", results.machine.subscriptions),
            400.0,
            250.0,
            scaled("now memory-with-subscriptions", MEGABYTE),
        ),
    ]);
    let steady = [(Way::Process, Work::Invite), (Way::Process, Work::UpdateZipf), (Way::Http, Work::List)];
    lines.extend(steady.map(|(way, work)| {
        let steady = format!("steady {}", of("now", way, work, 64));
        let result = Spread::ratio(&results.values(&steady, |sample| sample.p99), &results.values(&steady, P50));
        less(&format!("{} {}, p99 / p50 at half load", way.name(), name(work)), 2.0, 2.0, result)
    }));
    lines
}

/// The large database beside the small one.
fn growth(results: &Results) -> Vec<Line> {
    let [small, large] = results.machine.sizes;
    let line = |way: Way, work: Work| {
        let of = |users| key("now", way, work, sizes::CALLERS, users);
        Line {
            what: format!("{large} users / {small} users: {} {}", way.name(), name(work)),
            bar: 0.7,
            aim: 0.9,
            more: true,
            result: results.ratio(&of(large), &of(small), RATE),
        }
    };
    sizes::works().map(|(way, work)| line(way, work)).collect()
}
