//! A mail as its reader sees it: parsed from its source, with the links in its text found.

use std::borrow::Cow;

use base64::prelude::{BASE64_STANDARD, Engine};
use chrono::{DateTime, SecondsFormat};
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders};
use uuid::Uuid;

use crate::brand::LOGO_ID;

/// A mail that was kept. What a broken source does not say is empty.
pub(super) struct Letter {
    pub(super) id: Uuid,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) subject: String,
    /// RFC 3339, in UTC.
    pub(super) date: Option<String>,
    pub(super) text: String,
    pub(super) html: Option<String>,
}

/// A stretch of text: either a link or not.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Words(&'a str),
    Link(&'a str),
}

impl Letter {
    pub(super) fn read(id: Uuid, source: &[u8]) -> Self {
        let Some(message) = MessageParser::default().parse(source) else {
            return Self {
                id,
                from: String::new(),
                to: String::new(),
                subject: String::new(),
                date: None,
                text: String::new(),
                html: None,
            };
        };
        // For one alternative that is missing the parser would offer the other, converted.
        let has_html = message.html_bodies().any(MessagePart::is_text_html);
        Self {
            id,
            from: message.from().map(shown).unwrap_or_default(),
            to: message.to().map(shown).unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            date: message.date().and_then(|date| {
                let date = DateTime::from_timestamp(date.to_timestamp(), 0)?;
                Some(date.to_rfc3339_opts(SecondsFormat::Secs, true))
            }),
            text: message.body_text(0).map(|text| text.replace("\r\n", "\n")).unwrap_or_default(),
            html: if has_html { message.body_html(0).map(|html| with_logo(&message, html)) } else { None },
        }
    }

    /// The date for people: `24 Nov 2026, 14:05 UTC`.
    pub(super) fn shown_date(&self) -> String {
        let date = self.date.as_deref().and_then(|date| DateTime::parse_from_rfc3339(date).ok());
        date.map(|date| date.format("%-d %b %Y, %H:%M UTC").to_string()).unwrap_or_default()
    }
}

/// The HTML with its logo in it, for pages that can load nothing.
fn with_logo(message: &Message<'_>, html: Cow<'_, str>) -> String {
    let logo = message.attachments().find(|part| part.content_id() == Some(LOGO_ID));
    let Some((logo, kind)) = logo.and_then(|logo| Some((logo, logo.content_type()?))) else { return html.into_owned() };
    let (kind, subtype) = (kind.ctype(), kind.subtype().unwrap_or_default());
    let url = format!("data:{kind}/{subtype};base64,{}", BASE64_STANDARD.encode(logo.contents()));
    html.replace(&format!("\"cid:{LOGO_ID}\""), &format!("\"{url}\""))
}

impl<'a> Piece<'a> {
    /// The address, where this is a link.
    pub(super) fn link(&self) -> Option<&'a str> {
        match *self {
            Self::Link(link) => Some(link),
            Self::Words(_) => None,
        }
    }
}

/// Splits text into words and web links; together they are the text again. Punctuation that ends a sentence ends no link.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut words_end = 0;
    while let Some(start) = next_scheme(&rest[words_end..]).map(|start| words_end + start) {
        let link = &rest[start..];
        let end = link.find(|character: char| character.is_whitespace() || character.is_control() || "<>\"`".contains(character));
        let link = link[..end.unwrap_or(link.len())].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'']);
        if link.ends_with('/') && link.ends_with("://") || !link.contains("://") {
            words_end = start + 1;
            continue;
        }
        if start > 0 {
            pieces.push(Piece::Words(&rest[..start]));
        }
        pieces.push(Piece::Link(link));
        rest = &rest[start + link.len()..];
        words_end = 0;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

fn next_scheme(text: &str) -> Option<usize> {
    match (text.find("https://"), text.find("http://")) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// The first address, with the name where there is one.
fn shown(address: &Address<'_>) -> String {
    let Some(first) = address.first() else { return String::new() };
    let bare = first.address().unwrap_or_default();
    match first.name() {
        Some(name) if !name.is_empty() => format!("{name} <{bare}>"),
        _ => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_nothing_of_the_text_is_lost() {
        for (text, links) in [
            ("", &[][..]),
            ("no link, not even http:// or https:// alone. httpx://a", &[]),
            ("https://a.example/x?y=1&z=(2)#f", &["https://a.example/x?y=1&z=(2)#f"]),
            ("See https://a.example/x. Or (http://b.example)!", &["https://a.example/x", "http://b.example"]),
            ("<https://a.example>\nhttps://b.example/\n", &["https://a.example", "https://b.example/"]),
            ("\"https://a.example\"onclick=\"x", &["https://a.example"]),
            ("é https://a.example/é🦀 ü", &["https://a.example/é🦀"]),
        ] {
            let pieces = pieces(text);
            let found: Vec<&str> = pieces.iter().filter_map(Piece::link).collect();
            let whole: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Words(text) | Piece::Link(text) => *text,
                })
                .collect();
            assert_eq!(whole, text);
            assert_eq!(found, links, "{text}");
        }
    }

    #[test]
    fn a_broken_source_is_an_empty_letter() {
        for source in [&b""[..], b"\r\n", b"\0\xff\xfe", b"Subject:", b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x"] {
            let letter = Letter::read(Uuid::nil(), source);
            assert_eq!((letter.from.as_str(), letter.to.as_str(), letter.date.as_deref()), ("", "", None));
        }
    }
}
