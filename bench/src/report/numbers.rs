//! The numbers behind the promises.

#![expect(clippy::format_push_string, reason = "a page is written once, line by line")]

use super::{grouped, ratio};
use crate::measure::whole;
use crate::phases::sizes;
use crate::results::{Part, Results};
use crate::site::{Way, key, name};

const RATE: Part = |sample| sample.rate;
const P50: Part = |sample| sample.p50;
const P99: Part = |sample| sample.p99;
const CALLERS: [usize; 4] = [1, 4, 16, 64];

pub(super) fn tables(results: &Results) -> String {
    [throughput(results), tails(results), growth(results), history(results), bytes(results)].concat()
}

fn number(results: &Results, name: &str, part: Part) -> String {
    results.spread(name, part).map_or_else(|| "–".to_owned(), |spread| grouped(spread.median))
}

/// Calls in a second by callers, and how many times as many as today.
fn throughput(results: &Results) -> String {
    let mut text = "\nCalls in a second by the number of callers, in brackets how many times as many as today; p50 and p99 in microseconds, of 1 and of 64 callers.\n\n\
                    | | 1 | 4 | 16 | 64 | p50, p99 of 1 | p50, p99 of 64 |\n|---|---|---|---|---|---|---|\n"
        .to_owned();
    let users = results.machine.users;
    for way in Way::ALL {
        for work in way.works() {
            let now = |callers| key("now", way, *work, callers, users);
            let cell = |callers| {
                let times = results.ratio(&now(callers), &key("today", way, *work, callers, users), RATE);
                let times = times.map_or_else(String::new, |times| format!(" ({:.2})", times.median));
                format!("{}{times}", number(results, &now(callers), RATE))
            };
            let waits = |callers| format!("{}, {}", number(results, &now(callers), P50), number(results, &now(callers), P99));
            let cells = CALLERS.map(cell).join(" | ");
            if !cells.contains(|letter: char| letter.is_ascii_digit()) {
                continue;
            }
            text += &format!("| {} {} | {cells} | {} | {} |\n", way.name(), name(*work), waits(1), waits(64));
        }
    }
    for (shown, measured) in
        [("pgbench single-row insert", "pgbench insert"), ("pgbench page of 50", "pgbench page"), ("textbook invite", "textbook invite")]
    {
        let cells = CALLERS.map(|callers| number(results, &format!("{measured} callers={callers}"), RATE)).join(" | ");
        text += &format!("| {shown} | {cells} | | |\n");
    }
    text
}

/// What callers wait for at half load.
fn tails(results: &Results) -> String {
    let mut names: Vec<_> = results.names("steady ").collect();
    if names.is_empty() {
        return String::new();
    }
    names.sort_by_key(|name| name.split(' ').nth(2).map(str::to_owned));
    let mut text = "\nAt a steady rate of half the throughput of 64 callers, times from when a call was due, in microseconds.\n\n\
                    | | calls/s | p50 | p99 | p99.9 |\n|---|---|---|---|---|\n"
        .to_owned();
    for steady in names {
        let parts: [Part; 4] = [RATE, P50, P99, |sample| sample.p999];
        let cells = parts.map(|part| number(results, steady, part)).join(" | ");
        let shown = steady.trim_start_matches("steady ").split(" callers=").next().unwrap_or_default();
        text += &format!("| {shown} | {cells} |\n");
    }
    text
}

/// A small and a large account. `past` is the list as of a moment in the past.
fn growth(results: &Results) -> String {
    let [small, large] = results.machine.sizes;
    let mut text = format!(
        "\nCalls in a second of {} callers, in accounts of {} and of {} users.\n\n| | {small} | {large} |\n|---|---|---|\n",
        sizes::CALLERS,
        grouped(whole(small)),
        grouped(whole(large)),
    );
    for (way, work) in sizes::works() {
        let cells = [small, large].map(|users| number(results, &key("now", way, work, sizes::CALLERS, users), RATE));
        text += &format!("| {} {} | {} |\n", way.name(), name(work), cells.join(" | "));
    }
    text
}

/// Bulk work beside `copy`.
fn history(results: &Results) -> String {
    let mut text = "\nBulk work, rows or events in a second.\n\n| | now | / today | / COPY |\n|---|---|---|---|\n".to_owned();
    for (shown, what, copy) in [
        ("`inviteUsers`, one caller", "bulk", None),
        ("rebuild of users", "rebuild", Some(("copy-in", P50))),
        ("COPY of the rows of users", "copy-in", None),
        ("export of the history", "export", Some(("copy-out", P50))),
        ("COPY of the events", "copy-out", None),
    ] {
        let now = format!("now {what}");
        let beside = copy.and_then(|(copy, part)| results.ratio(&format!("now {copy}"), &now, part));
        let today = results.ratio(&now, &format!("today {what}"), RATE);
        text += &format!("| {shown} | {} | {} | {} |\n", number(results, &now, RATE), ratio(today), ratio(beside));
    }
    text
}

/// What a user takes, by table, and the memory of a server.
fn bytes(results: &Results) -> String {
    let mut text = "\nBytes on disk with indexes, for each user whom `inviteUsers` has invited; and memory of a server in MB.\n\n\
                    | | now | today |\n|---|---|---|\n"
        .to_owned();
    let tables: std::collections::BTreeSet<_> = results
        .names("now bytes table=")
        .chain(results.names("today bytes table="))
        .filter_map(|name| name.split_once(' '))
        .map(|(_, table)| table)
        .collect();
    let others = ["bytes-of-user", "bytes-of-event"];
    for what in tables.into_iter().chain(others) {
        let shown = what.replace("bytes table=", "").replace('-', " ");
        text += &format!(
            "| {shown} | {} | {} |\n",
            number(results, &format!("now {what}"), RATE),
            number(results, &format!("today {what}"), RATE)
        );
    }
    for (shown, what) in [("memory at rest", "memory-at-rest"), ("memory with subscriptions", "memory-with-subscriptions")] {
        let megabytes = |tree| number(results, &format!("{tree} {what}"), |sample| sample.rate / 1e6);
        text += &format!("| {shown} | {} | {} |\n", megabytes("now"), megabytes("today"));
    }
    text
}
