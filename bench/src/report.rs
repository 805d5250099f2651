//! The page: what was promised with what was measured, then the numbers behind it.

mod numbers;
mod promises;

use std::path::Path;

use crate::measure::Spread;
use crate::outcome::Outcome;
use crate::results::Results;

/// Where the results begin and end in docs/benchmarks.md.
const BEGIN: &str = "<!-- results: written by `make bench` -->";
const END: &str = "<!-- end of results -->";

/// The page as Markdown.
pub(crate) fn page(results: &Results) -> String {
    let machine = &results.machine;
    let baseline =
        machine.baseline.as_ref().map_or_else(|| "no commit to compare with".to_owned(), |commit| format!("\"today\" is {commit}"));
    let quick = if machine.quick { "\n**This was a first look (`--quick`): its numbers are not for comparing.**\n" } else { "" };
    format!(
        "Measured {} on {}, {}, {}.\nPostgres: {}.\nCommit {}; {baseline}. Where nothing else is said, an account of {} users.\n{quick}\n{}\n{}",
        machine.measured,
        machine.processor,
        machine.memory,
        machine.system,
        machine.postgres,
        machine.commit,
        grouped(crate::measure::whole(machine.users)),
        promises::table(results),
        numbers::tables(results),
    )
}

/// Replaces the results in a document.
pub(crate) fn write(document: &Path, page: &str) -> Outcome<()> {
    let text = std::fs::read_to_string(document)?;
    let (before, rest) = text.split_once(BEGIN).ok_or_else(|| format!("{} has no line {BEGIN}", document.display()))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("{} has no line {END}", document.display()))?;
    Ok(std::fs::write(document, format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", page.trim_end()))?)
}

/// A ratio with its spread, such as `2.31 (2.10–2.55)`.
fn ratio(spread: Option<Spread>) -> String {
    spread.map_or_else(|| "–".to_owned(), |Spread { median, least, most }| format!("{median:.2} ({least:.2}–{most:.2})"))
}

/// A number that people read, such as `12,400`.
fn grouped(number: f64) -> String {
    if number < 10.0 {
        return format!("{number:.1}");
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_ratios_show_their_spread() {
        assert_eq!([7.25, 412.4, 12_400.0, 1_234_567.0].map(grouped), ["7.2", "412", "12,400", "1,234,567"]);
        assert_eq!(ratio(Some(Spread { median: 2.314, least: 2.1, most: 2.555 })), "2.31 (2.10–2.56)");
        assert_eq!(ratio(None), "–");
    }

    #[test]
    fn a_page_replaces_the_one_before_and_nothing_else() {
        let folder = std::env::temp_dir().join(format!("bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let document = folder.join("benchmarks.md");
        std::fs::write(&document, format!("# Title\n{BEGIN}\nold\n{END}\nLast\n")).expect("written");
        write(&document, &page(&Results::default())).expect("replaced");
        let text = std::fs::read_to_string(&document).expect("read");
        assert!(text.starts_with("# Title\n") && text.ends_with("\nLast\n") && !text.contains("old"), "{text}");
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
