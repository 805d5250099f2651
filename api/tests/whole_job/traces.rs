//! A search for what is left of a person, however it is written.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Those of the traces that a text holds: in whatever case, or as hex or base64, as they were given or in lower case.
pub(crate) fn found_in<'a>(text: &str, traces: &[&'a str]) -> Vec<&'a str> {
    let lower = text.to_lowercase();
    // One alphabet for both kinds of base64.
    let base64 = text.replace('-', "+").replace('_', "/");
    let is_there = |trace: &str| {
        let small = trace.to_lowercase();
        lower.contains(&small)
            || [trace, &small]
                .into_iter()
                .any(|trace| lower.contains(&hex(trace)) || (0..3).any(|before| base64.contains(&middle_of_base64(trace, before))))
    };
    traces.iter().copied().filter(|trace| is_there(trace)).collect()
}

fn hex(text: &str) -> String {
    text.bytes().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// The letters of base64 that say nothing but this text, where so many bytes of a group of three come before it.
fn middle_of_base64(text: &str, before: usize) -> String {
    let bytes = [&vec![0; before], text.as_bytes()].concat();
    let (first, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    STANDARD.encode(bytes)[first..end].to_owned()
}

#[test]
fn a_trace_is_found_in_every_case_and_encoding_at_every_place() {
    let trace = "Quilla.Unique@Acme.example";
    for before in ["", "1", "12", "123"] {
        for text in [trace, "quilla.unique@acme.example"] {
            let plain = format!("{before}{text} and more");
            for written in [plain.to_uppercase(), hex(&plain), hex(&plain).to_uppercase(), STANDARD.encode(&plain)] {
                assert_eq!(found_in(&written, &[trace, "Zebulon"]), [trace], "{written}");
            }
        }
    }
    assert_eq!(found_in(&STANDARD.encode("quilla.uniq@acme.example"), &[trace]), [""; 0]);
}
