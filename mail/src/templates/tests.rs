//! The rules that hold for every mail.

use std::{collections::BTreeSet, fs, path::Path};

use chrono::Utc;
use mail_parser::MessageParser;
use uuid::Uuid;

use super::samples::{AnyMail, Sample, samples};
use super::{AccessRemovedMail, AccessRestoredMail, InvitationMail, PasswordResetMail, TestMail};
use crate::brand::{BandColor, Brand, Logo};
use crate::language::Language;
use crate::message::{Mail, MailError, MailField};
use crate::texts::MailTexts;

/// The mail once for each place that other people's words get into, with these words there.
fn with_words(mail: &AnyMail, words: &str) -> Vec<(MailField, AnyMail)> {
    let words = words.to_owned();
    let account_name = words.clone();
    match mail.clone() {
        AnyMail::Invitation(mail) => vec![
            (MailField::AccountName, AnyMail::Invitation(InvitationMail { account_name, ..mail.clone() })),
            (MailField::Inviter, AnyMail::Invitation(InvitationMail { inviter: Some(words.clone()), ..mail.clone() })),
            (MailField::RoleLabel, AnyMail::Invitation(InvitationMail { role_label: words, ..mail })),
        ],
        AnyMail::PasswordReset(mail) => {
            vec![(MailField::AccountName, AnyMail::PasswordReset(PasswordResetMail { account_name, ..mail }))]
        }
        AnyMail::AccessRemoved(mail) => {
            vec![(MailField::AccountName, AnyMail::AccessRemoved(AccessRemovedMail { account_name, ..mail }))]
        }
        AnyMail::AccessRestored(mail) => {
            vec![(MailField::AccountName, AnyMail::AccessRestored(AccessRestoredMail { account_name, ..mail }))]
        }
        AnyMail::Test(mail) => vec![(MailField::MailServer, AnyMail::Test(TestMail { server: words, ..mail }))],
    }
}

/// The mail with this link, if it has one.
fn with_link(mail: &AnyMail, link: &str) -> Option<AnyMail> {
    let link = link.to_owned();
    match mail.clone() {
        AnyMail::Invitation(mail) => Some(AnyMail::Invitation(InvitationMail { link, ..mail })),
        AnyMail::PasswordReset(mail) => Some(AnyMail::PasswordReset(PasswordResetMail { link, ..mail })),
        AnyMail::AccessRestored(mail) => Some(AnyMail::AccessRestored(AccessRestoredMail { link, ..mail })),
        AnyMail::AccessRemoved(_) | AnyMail::Test(_) => None,
    }
}

/// The mail to this address.
fn with_recipient(mail: &AnyMail, recipient: &str) -> AnyMail {
    let recipient = recipient.to_owned();
    match mail.clone() {
        AnyMail::Invitation(mail) => AnyMail::Invitation(InvitationMail { recipient, ..mail }),
        AnyMail::PasswordReset(mail) => AnyMail::PasswordReset(PasswordResetMail { recipient, ..mail }),
        AnyMail::AccessRemoved(mail) => AnyMail::AccessRemoved(AccessRemovedMail { recipient, ..mail }),
        AnyMail::AccessRestored(mail) => AnyMail::AccessRestored(AccessRestoredMail { recipient, ..mail }),
        AnyMail::Test(mail) => AnyMail::Test(TestMail { recipient, ..mail }),
    }
}

thread_local! {
    static TEXTS: MailTexts = MailTexts::built_in();
}

fn compose(mail: &AnyMail) -> Result<Mail, MailError> {
    TEXTS.with(|texts| mail.compose(texts, Language::English, &Brand::default(), Uuid::nil(), Utc::now()))
}

fn composed(sample: &Sample) -> Mail {
    TEXTS.with(|texts| sample.compose(texts)).unwrap()
}

/// The mail as it goes over the wire.
fn bytes(mail: &Mail) -> Vec<u8> {
    mail.to_message(&"Roster <no-reply@acme.example>".parse().unwrap()).unwrap().formatted()
}

/// The words of the HTML alone, as a reader sees them.
fn words_of(html: &str) -> String {
    let (_, body) = html.split_once("<h1").unwrap();
    let mut words = String::new();
    for piece in format!("<h1{body}").split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let inside_a_line = ["bdi", "/bdi", "strong", "/strong"].iter().any(|inline| tag.split(' ').next() == Some(inline));
        words.push_str(if inside_a_line { "" } else { "\n" });
        words.push_str(text);
    }
    words.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

#[test]
fn every_mail_is_as_it_was_looked_at() {
    for sample in samples() {
        let mail = composed(&sample);
        insta::assert_snapshot!(format!("{}_text", sample.name), format!("Subject: {}\n\n{}", mail.subject(), mail.text()));
        insta::assert_snapshot!(format!("{}_html", sample.name), mail.html());
    }
}

#[test]
fn every_mail_of_this_folder_has_a_sample_and_names_are_names_of_one() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/templates");
    let sources = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let sources: Vec<String> = sources.map(|path| fs::read_to_string(path).unwrap()).collect();
    let lines = sources.iter().flat_map(|source| source.lines());
    let written: BTreeSet<&str> = lines.filter_map(|line| line.strip_prefix("pub struct ")?.strip_suffix("Mail {")).collect();
    let samples = samples();
    let kind = |mail: &AnyMail| match mail {
        AnyMail::Invitation(_) => "Invitation",
        AnyMail::PasswordReset(_) => "PasswordReset",
        AnyMail::AccessRemoved(_) => "AccessRemoved",
        AnyMail::AccessRestored(_) => "AccessRestored",
        AnyMail::Test(_) => "Test",
    };
    assert_eq!(samples.iter().map(|sample| kind(&sample.mail)).collect::<BTreeSet<_>>(), written);
    assert_eq!(samples.iter().map(|sample| &sample.name).collect::<BTreeSet<_>>().len(), samples.len());
}

#[test]
fn text_and_html_say_the_same() {
    for sample in samples() {
        let mail = composed(&sample);
        let html = words_of(mail.html());
        for line in mail.text().lines() {
            let line = line.strip_suffix(':').unwrap_or(line);
            assert!(html.contains(&format!("\n{line}\n")) || line.is_empty(), "{}: {line:?} is not in\n{html}", sample.name);
        }
        let only_there = |line: &&str| !mail.text().contains(*line);
        let more: Vec<&str> = html.lines().filter(only_there).filter_map(|line| line.split('?').next()).collect();
        assert!(
            more.is_empty() || more == ["Does the button not work"] || more == ["Funktioniert die Schaltfläche nicht"],
            "{}: {more:?}",
            sample.name
        );
    }
}

#[test]
fn hostile_words_are_text_in_the_html_and_themselves_in_the_text() {
    let hostile = "</p><script>alert('x')</script>&\"🦀\u{202e}";
    for sample in samples() {
        for (field, mail) in with_words(&sample.mail, hostile) {
            let mail = compose(&mail).unwrap();
            let (html, text, place) = (mail.html(), mail.text(), format!("the {field} of {}", sample.name));
            assert!(!html.contains("<script") && !html.contains("alert('x')"), "{place}: {html}");
            assert!(html.contains("<bdi>&#60;/p&#62;&#60;script&#62;"), "{place}: {html}");
            assert!(text.contains("</p><script>alert('x')</script>&\"🦀"), "{place}: {text}");
            assert!([html, text, mail.subject()].iter().all(|part| !part.contains('\u{202e}')), "{place}");
        }
    }
}

/// Wherever words of others get into a header, alone or where two texts meet.
#[test]
fn words_that_mail_programs_would_decode_are_read_as_they_were_written() {
    let from = "Roster <no-reply@roster.example>".parse().unwrap();
    for sample in samples() {
        for words in ["=?utf-8?q?Your_account_was_closed?=", "=?utf-8?q?half", "half?=", "=?iso-8859-1?B?RXZl?= Ünal"] {
            for (field, hostile) in with_words(&sample.mail, words) {
                let mail = compose(&hostile).unwrap();
                let source = mail.to_message(&from).unwrap().formatted();
                let read = MessageParser::default().parse(&source).unwrap();
                assert_eq!(read.subject(), Some(mail.subject()), "{field} {words}");
            }
        }
    }
}

/// So what is encoded there is encoded everywhere.
#[test]
fn one_file_writes_the_headers_of_mails() {
    fn writers(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                writers(&entry, found);
            } else if entry.extension().is_some_and(|ending| ending == "rs") && !entry.ends_with("tests.rs") {
                let source = fs::read_to_string(&entry).unwrap();
                if source.contains("Message::builder(") || source.contains("raw_header(") {
                    found.insert(entry.file_name().unwrap().to_string_lossy().into_owned());
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    writers(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert_eq!(found, BTreeSet::from(["message.rs".to_owned()]));
}

#[test]
fn words_with_a_line_break_are_refused() {
    for forged in ["Acme\r\nBcc: all@acme.example", "Acme\n\nhttps://evil.example", "Acme\u{2028}x", "Acme\0"] {
        for sample in samples() {
            for (field, mail) in with_words(&sample.mail, forged) {
                assert_eq!(compose(&mail).map(drop), Err(MailError::ControlCharacter(field)), "{}: {forged:?}", sample.name);
            }
            let forged = with_recipient(&sample.mail, &format!("grace@acme.example{}", forged.trim_start_matches("Acme")));
            assert_eq!(compose(&forged).map(drop), Err(MailError::Address), "{}", sample.name);
        }
    }
}

#[test]
fn words_that_are_too_long_are_cut() {
    for sample in samples() {
        for (field, mail) in with_words(&sample.mail, &"ü".repeat(5000)) {
            let mail = compose(&mail).unwrap();
            let cut = format!("{}…", "ü".repeat(119));
            let place = format!("the {field} of {}", sample.name);
            assert!(mail.text().contains(&cut) && mail.html().contains(&cut), "{place}");
            assert!(!mail.text().contains(&"ü".repeat(120)) && !mail.html().contains(&"ü".repeat(120)), "{place}");
        }
    }
}

#[test]
fn no_line_on_the_wire_is_longer_than_78_characters_where_it_can_be_broken() {
    for sample in samples() {
        let hostile = ["word ".repeat(1000), "x".repeat(5000), "🦀".repeat(1000)];
        let long = hostile.iter().flat_map(|words| with_words(&sample.mail, words)).map(|(_, mail)| mail);
        for mail in long.chain([sample.mail.clone()]) {
            let source = String::from_utf8(bytes(&compose(&mail).unwrap())).unwrap();
            let (headers, body) = source.split_once("\r\n\r\n").unwrap();
            assert!(body.split("\r\n").all(|line| line.len() <= 78), "{}: {body}", sample.name);
            // A header cannot be broken within a word.
            let one_word = |line: &str| line.trim_start().trim_start_matches("Subject: ").split(' ').count() == 1;
            assert!(headers.split("\r\n").all(|line| line.len() <= 78 || one_word(line)), "{}: {headers}", sample.name);
        }
    }
}

#[test]
fn a_link_arrives_whole_in_both_parts_however_long_it_is() {
    for sample in samples() {
        let link = format!("https://roster.acme.example/acme/x?token={}&a=b=c", "aB3_-".repeat(500));
        let Some(mail) = with_link(&sample.mail, &link) else {
            let mail = composed(&sample);
            assert!(!mail.text().contains("://") && !mail.html().contains("<a "), "{} has no link", sample.name);
            continue;
        };
        let bytes = bytes(&compose(&mail).unwrap());
        let parsed = MessageParser::default().parse(&bytes).unwrap();
        let (text, html) = (parsed.body_text(0).unwrap(), parsed.body_html(0).unwrap());
        assert!(text.replace('\r', "").contains(&format!(":\n\n{link}\n\n")), "{}: a line of its own: {text}", sample.name);
        let escaped = link.replace('&', "&#38;");
        assert_eq!(html.matches(&format!("href=\"{escaped}\"")).count(), 2, "{}: {html}", sample.name);
        assert_eq!(html.matches("href=").count(), 2, "{}: {html}", sample.name);
        assert!(html.contains(&format!(">{escaped}</a>")), "{}: {html}", sample.name);
    }
}

#[test]
fn a_link_that_is_no_web_address_is_refused() {
    for link in ["", "https://", "javascript:alert(1)", "https://a b", "https://a\n", "https://a\">x", "ftp://a", "https://ä"] {
        for mail in samples().iter().filter_map(|sample| with_link(&sample.mail, link)) {
            assert_eq!(compose(&mail).map(drop), Err(MailError::Link), "{link:?}");
        }
    }
}

#[test]
fn no_mail_loads_anything_or_runs_anything() {
    for sample in samples() {
        let mail = composed(&sample);
        for word in ["<script", "<link", "<style", "<form", "url(", "@import", "onclick", "class="] {
            assert!(!mail.html().contains(word), "{}: {word}", sample.name);
        }
        let logos = usize::from(sample.brand.logo.is_some());
        for (word, count) in [("<img ", logos), ("src=", logos), ("src=\"cid:logo\"", logos)] {
            assert_eq!(mail.html().matches(word).count(), count, "{}: {word}", sample.name);
        }
        let start = format!("<!doctype html>\n<html lang=\"{}\" dir=\"ltr\">", sample.language.code());
        assert!(mail.html().starts_with(&start), "{}", sample.name);
        assert!(mail.html().contains("<div style=\"display:none;"), "{} has a line for lists of mails", sample.name);
    }
}

#[test]
fn a_logo_goes_with_the_html_and_the_text_stays_as_it_is() {
    let samples = samples();
    let named = |name: &str| samples.iter().find(|sample| sample.name == name).unwrap();
    let (branded, plain) = (named("invitation-branded"), named("invitation"));
    let (mail, bare) = (composed(branded), composed(plain));
    assert_eq!((mail.text(), mail.subject()), (bare.text(), bare.subject()));
    let source = bytes(&mail);
    let parsed = MessageParser::default().parse(&source).unwrap();
    assert_eq!((parsed.text_body_count(), parsed.html_body_count(), parsed.attachment_count()), (1, 1, 1));
    let logo = parsed.attachment(0).unwrap();
    assert_eq!(logo.contents(), branded.brand.logo.as_ref().unwrap().content);
    assert!(bytes(&bare).windows(17).all(|part| part != b"multipart/related"), "without a logo nothing is different");
    let letter = crate::letter::Letter::read(Uuid::nil(), &source);
    assert!(letter.html.unwrap().contains("src=\"data:image/png;base64,"), "a preview shows the logo");
}

#[test]
fn a_band_has_the_name_as_text_its_color_and_no_logo_that_is_missing() {
    let sample = samples().remove(0);
    let hostile = "\"><img src=x onerror=alert(1)>\u{202e}";
    let compose = |brand: &Brand| TEXTS.with(|texts| sample.mail.compose(texts, Language::English, brand, Uuid::nil(), Utc::now()));
    let color = Some(BandColor { fill: "#ffe066".to_owned(), text: "#000000".to_owned() });
    let mail = compose(&Brand { account_name: hostile.to_owned(), color, logo: None }).unwrap();
    assert!(mail.html().contains("background-color:#ffe066;color:#000000;") && !mail.html().contains("<img"), "{}", mail.html());
    assert!(mail.html().contains("&#62;&#60;img src=x onerror=alert(1)&#62;</bdi>"), "{}", mail.html());
    let logo = Some(Logo { media_type: "image/webp".to_owned(), content: vec![1] });
    let mail = compose(&Brand { account_name: "Acme".to_owned(), color: None, logo }).unwrap();
    assert!(mail.html().contains("src=\"cid:logo\" alt=\"\"") && mail.html().contains(">Acme</bdi>"), "{}", mail.html());
    let forged = compose(&Brand { account_name: "Acme\r\nBcc: x@acme.example".to_owned(), ..Brand::default() });
    assert_eq!(forged.map(drop), Err(MailError::ControlCharacter(MailField::AccountName)));
}
