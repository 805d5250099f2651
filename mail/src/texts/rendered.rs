//! Reads a rendered text: lines such as `subject: …` up to the first empty line, then paragraphs. A paragraph that is only the link becomes the button.

use super::check::Flaw;
use super::values::{END, LINK, NAME, PLAIN};
use crate::language::Language;
use crate::templates::{Button, Paragraph, Span, Words, ours};

/// The lines before the first paragraph.
#[derive(Default)]
struct Head<'a> {
    subject: Option<&'a str>,
    preview: Option<&'a str>,
    heading: Option<&'a str>,
    button: Option<&'a str>,
    footer: Option<&'a str>,
}

/// The words of a rendered text, with the link of its button.
pub(super) fn words(rendered: &str, link: Option<String>, language: Language) -> Result<Words, Flaw> {
    let rendered = rendered.replace("\r\n", "\n");
    let (before, rendered) = rendered.split_at(rendered.len() - rendered.trim_start().len());
    let skipped = before.matches('\n').count();
    let (head, body) = rendered.split_once("\n\n").ok_or_else(|| Flaw::new("an empty line must follow the lines from `subject:` on"))?;
    let head = Head::read(head, skipped)?;
    let required = |name: &str, words: Option<&str>| {
        let words = words.filter(|words| !words.is_empty());
        words.map(str::to_owned).ok_or_else(|| Flaw::new(format!("a line `{name}: …` is missing, or empty")))
    };
    let (mut paragraphs, mut after) = (vec![], vec![]);
    let mut has_link = false;
    for block in body.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        if block.chars().eq([LINK]) {
            if has_link {
                return Err(Flaw::new("`{{ link }}` can stand only once"));
            }
            has_link = true;
        } else {
            let paragraph = spans(&block.lines().map(str::trim).collect::<Vec<_>>().join(" "))?;
            if has_link { &mut after } else { &mut paragraphs }.push(paragraph);
        }
    }
    if has_link != link.is_some() {
        return Err(Flaw::new("the placeholder `{{ link }}` is missing: it must be a paragraph of its own"));
    }
    let button = link.map(|link| Ok::<_, Flaw>(Button { label: plain(&required("button", head.button)?), link })).transpose()?;
    Ok(Words {
        language,
        subject: plain(&required("subject", head.subject)?),
        preview: plain(&required("preview", head.preview)?),
        heading: spans(&required("heading", head.heading)?)?,
        paragraphs,
        button,
        after,
        footer: spans(&required("footer", head.footer)?)?,
    })
}

impl<'a> Head<'a> {
    fn read(lines: &'a str, skipped: usize) -> Result<Self, Flaw> {
        let mut head = Self::default();
        for (number, line) in lines.lines().enumerate() {
            let at = |why: String| Flaw { line: Some(skipped + number + 1), why };
            let (name, words) = line.split_once(':').ok_or_else(|| at("a line such as `subject: …` is expected".to_owned()))?;
            let place = match name.trim() {
                "subject" => &mut head.subject,
                "preview" => &mut head.preview,
                "heading" => &mut head.heading,
                "button" => &mut head.button,
                "footer" => &mut head.footer,
                other => return Err(at(format!("`{other}:` is unknown: write subject, preview, heading, button or footer"))),
            };
            if place.replace(words.trim()).is_some() {
                return Err(at(format!("`{}:` stands twice", name.trim())));
            }
        }
        Ok(head)
    }
}

/// The words without marks, for places that know no styles.
fn plain(words: &str) -> String {
    words.chars().filter(|character| !matches!(*character, NAME | PLAIN | END | LINK)).collect()
}

/// The words of a paragraph. Those between `**` are strong, except within values.
fn spans(words: &str) -> Result<Paragraph, Flaw> {
    let (mut spans, mut strong, mut rest) = (vec![], false, words);
    while let Some(first) = rest.chars().next() {
        let (span, length) = match first {
            NAME | PLAIN => {
                let end = rest.find(END).unwrap_or(rest.len());
                let value = &rest[first.len_utf8()..end];
                let span = if first == NAME { Span::name(value) } else { ours(value) };
                (span, (end + END.len_utf8()).min(rest.len()))
            }
            LINK => return Err(Flaw::new("`{{ link }}` must be a paragraph of its own")),
            _ if rest.starts_with("**") => {
                strong = !strong;
                rest = &rest[2..];
                continue;
            }
            _ => {
                let end = rest.find([NAME, PLAIN, LINK]).unwrap_or(rest.len());
                let end = rest.find("**").map_or(end, |bold| bold.min(end));
                (ours(&rest[..end]), end)
            }
        };
        spans.push(if strong { span.strong() } else { span });
        rest = &rest[length..];
    }
    if strong { Err(Flaw::new("a `**` has no second one in its paragraph")) } else { Ok(spans) }
}
