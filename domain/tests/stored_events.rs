//! A stored event stays forever: each version of each event has a golden file that must read, and
//! that the newest version must write again byte for byte (as JSON values). An older version must read as the newest one that shows
//! the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cqrs_es::DomainEvent;
use domain::account::AccountEvent;
use domain::api_key::ApiKeyEvent;
use domain::delivery::DeliveryEvent;
use domain::export::ExportEvent;
use domain::saved_view::SavedViewEvent;
use domain::service_key::ServiceKeyEvent;
use domain::session::SessionEvent;
use domain::user::UserEvent;

/// Reads `fixtures/<aggregate>/<Event>.v<version>.json`, all of them; where a field may be absent, a file more shows it:
/// `<Event>.v<version>.<what it shows>.json`.
fn check<E: DomainEvent>(aggregate: &str, types: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(aggregate);
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(&folder).expect("the folder of golden files") {
        let path = entry.expect("readable").path();
        let file = path.file_name().and_then(|name| name.to_str()).expect("a file name");
        let stored: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("readable")).expect(file);
        let (name, version, shows) = parts(file);
        let mut upcast = stored.clone();
        domain::upcast(aggregate, name, version, &mut upcast);
        let event: E = serde_json::from_value(upcast).unwrap_or_else(|error| panic!("{file} does not read: {error}"));
        let written = serde_json::to_value(&event).expect("JSON");
        let newest = event.event_version();
        if version == newest {
            assert_eq!(written, stored, "{file} is written differently now");
            seen.insert(event.event_type());
        } else {
            let golden = folder.join(format!("{name}.v{newest}.{shows}"));
            let golden: serde_json::Value = serde_json::from_slice(&fs::read(golden).expect("its newest form")).expect(file);
            assert_eq!(written, golden, "{file} reads differently now");
        }
    }
    let expected: BTreeSet<_> = types.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(seen, expected, "every event of {aggregate} has a golden file of its newest version");
}

/// What `<Event>.v<version>.<what it shows>.json` names.
fn parts(file: &str) -> (&str, &str, &str) {
    let mut parts = file.splitn(3, '.');
    let (name, version, shows) = (parts.next(), parts.next().and_then(|version| version.strip_prefix('v')), parts.next());
    (name.expect("an event"), version.expect("a version"), shows.expect("an ending"))
}

#[test]
fn user_events_read_and_write_as_they_were_stored() {
    check::<UserEvent>("user", UserEvent::TYPES);
}

#[test]
fn account_events_read_and_write_as_they_were_stored() {
    check::<AccountEvent>("account", AccountEvent::TYPES);
}

#[test]
fn api_key_events_read_and_write_as_they_were_stored() {
    check::<ApiKeyEvent>("api_key", ApiKeyEvent::TYPES);
}

#[test]
fn service_key_events_read_and_write_as_they_were_stored() {
    check::<ServiceKeyEvent>("service_key", ServiceKeyEvent::TYPES);
}

#[test]
fn saved_view_events_read_and_write_as_they_were_stored() {
    check::<SavedViewEvent>("saved_view", SavedViewEvent::TYPES);
}

#[test]
fn session_events_read_and_write_as_they_were_stored() {
    check::<SessionEvent>("session", SessionEvent::TYPES);
}

#[test]
fn delivery_events_read_and_write_as_they_were_stored() {
    check::<DeliveryEvent>("delivery", DeliveryEvent::TYPES);
}

#[test]
fn export_events_read_and_write_as_they_were_stored() {
    check::<ExportEvent>("export", ExportEvent::TYPES);
}
