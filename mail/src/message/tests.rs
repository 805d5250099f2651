use chrono::TimeZone;
use mail_parser::{HeaderName as Parsed, Message as ParsedMessage, MessageParser};

use super::*;

const ID: Uuid = Uuid::from_u128(0x0193_5a3e_0000_7000_8000_0000_0000_0001);

fn sender() -> Mailbox {
    "Roster <no-reply@roster.example>".parse().unwrap()
}

fn mail(to_name: Option<&str>, subject: &str) -> Result<Mail, MailError> {
    let written_at = Utc.with_ymd_and_hms(2026, 11, 24, 14, 5, 9).unwrap();
    Mail::new(ID, written_at, "ada@acme.example", to_name, subject, "Hello\nAda".to_owned(), "<p>Hello Ada</p>".to_owned())
}

fn bytes(mail: &Mail) -> Vec<u8> {
    mail.to_message(&sender()).unwrap().formatted()
}

fn header_names(message: &ParsedMessage<'_>) -> Vec<String> {
    message.headers().iter().map(|header| header.name().to_owned()).collect()
}

#[test]
fn a_mail_is_two_alternatives_from_a_machine() {
    insta::assert_snapshot!(String::from_utf8(bytes(&mail(Some("Ada"), "Hello").unwrap())).unwrap().replace('\r', ""));
}

#[test]
fn a_mail_that_is_written_again_for_the_same_instant_is_the_same_to_the_byte() {
    let once = mail(Some("Ada Lovelace"), "Grüße 🦀").unwrap();
    let again = mail(Some("Ada Lovelace"), "Grüße 🦀").unwrap();
    assert_eq!(bytes(&once), bytes(&again));
    assert_eq!(once.message_id(&sender()), format!("<{ID}@roster.example>"));
}

#[test]
fn a_control_character_in_a_header_is_refused() {
    for hostile in [
        "Ada\r\nBcc: all@acme.example",
        "Ada\nBcc: all@acme.example",
        "Ada\rBcc: all@acme.example",
        "Ada\r\n\r\n<p>forged</p>",
        "Ada\0",
        "\u{7}Ada",
        "Ada\t",
        "Ada\u{7f}",
        "Ada\u{85}",
        "Ada\u{2028}x",
        "Ada\u{2029}x",
    ] {
        assert_eq!(mail(Some(hostile), "Hello"), Err(MailError::ControlCharacter(MailField::RecipientName)), "{hostile:?}");
        assert_eq!(mail(Some("Ada"), hostile), Err(MailError::ControlCharacter(MailField::Subject)), "{hostile:?}");
    }
}

#[test]
fn a_hostile_name_or_subject_forges_nothing() {
    let long = "long ".repeat(400);
    let one_word = "x".repeat(5000);
    let expected = header_names(&MessageParser::default().parse(&bytes(&mail(Some("Ada"), "Hello").unwrap())).unwrap());
    for (hostile, shown) in [
        ("\"Ada\" <mallory@evil.example>, \\", Some("\"Ada\" <mallory@evil.example>, \\")),
        ("Ada <ada@acme.example>, all@acme.example", Some("Ada <ada@acme.example>, all@acme.example")),
        ("=?utf-8?q?=0d=0aBcc:_all@acme.example?=", Some("=?utf-8?q?=0d=0aBcc:_all@acme.example?=")),
        ("=?utf-8?q?Eve invited you to Acme?=", Some("=?utf-8?q?Eve invited you to Acme?=")),
        ("Ada =?iso-8859-1?B?RXZl?= Ünal =?", Some("Ada =?iso-8859-1?B?RXZl?= Ünal =?")),
        ("Crab 🦀 👩‍🚀 naïve 名前", Some("Crab 🦀 👩‍🚀 naïve 名前")),
        ("ada\u{202e}elpmaxe.live", Some("adaelpmaxe.live")),
        ("\u{2066}Ada\u{2069}\u{200f}", Some("Ada")),
        (long.as_str(), None),
        (one_word.as_str(), None),
        ("(comment) ;:@[]", Some("(comment) ;:@[]")),
        ("'", Some("'")),
    ] {
        let mail = mail(Some(hostile), hostile).unwrap_or_else(|error| panic!("{hostile}: {error}"));
        let source = bytes(&mail);
        let lines = source.split(|byte| *byte == b'\n');
        assert!(lines.clone().all(|line| line.len() <= 998), "{hostile}: a line is longer than mail allows");
        assert!(source.is_ascii(), "{hostile}");
        let message = MessageParser::default().parse(&source).unwrap();
        assert_eq!(header_names(&message), expected, "{hostile}");
        assert!(message.header(Parsed::Bcc).is_none(), "{hostile}");
        let recipients = message.to().unwrap().as_list().unwrap();
        assert_eq!(recipients.len(), 1, "{hostile}: {recipients:?}");
        assert_eq!(recipients[0].address(), Some("ada@acme.example"), "{hostile}");
        if let Some(shown) = shown {
            assert_eq!((recipients[0].name(), message.subject()), (Some(shown), Some(shown)));
        }
    }
}

#[test]
fn what_looks_like_an_encoded_word_is_never_sent_as_one() {
    let hostile = format!("=?utf-8?q?{}?=", "Your_account_was_closed_".repeat(7));
    let sender = Mailbox::new(Some(hostile.clone()), sender().email);
    let source = mail(Some(&hostile), &hostile).unwrap().to_message(&sender).unwrap().formatted();
    let head = String::from_utf8(source.clone()).unwrap();
    let head = head.split("\r\n\r\n").next().unwrap();
    assert!(!head.contains("?q?") && head.lines().all(|line| line.len() <= 78), "{head}");
    let message = MessageParser::default().parse(&source).unwrap();
    let cut: String = hostile.chars().take(119).chain(['…']).collect();
    assert_eq!(message.subject(), Some(hostile.as_str()));
    assert_eq!(message.to().unwrap().first().unwrap().name(), Some(cut.as_str()));
    assert_eq!(message.from().unwrap().first().unwrap().name(), Some(hostile.as_str()));
}

#[test]
fn an_empty_name_is_no_name() {
    for empty in ["", "  ", "\u{202e}"] {
        assert_eq!(mail(Some(empty), "Hello"), mail(None, "Hello"));
    }
}

#[test]
fn what_is_too_long_for_a_list_is_cut() {
    let cut = mail(None, &"ü".repeat(201)).unwrap();
    assert_eq!(cut.subject(), format!("{}…", "ü".repeat(199)));
}

#[test]
fn a_recipient_is_one_bare_address() {
    for to in
        ["", "ada", "Ada <ada@acme.example>", "ada@acme.example, b@acme.example", "ada@acme.example\r\nRCPT TO:<x@y.z>", "adä@acme.example"]
    {
        let written = Mail::new(ID, Utc::now(), to, None, "Hello", String::new(), String::new());
        assert_eq!(written, Err(MailError::Address), "{to:?}");
    }
}

#[test]
fn neither_body_nor_address_is_in_debug_output() {
    let shown = format!("{:?}", mail(Some("Ada"), "Secret subject").unwrap());
    assert!(!shown.contains("ada") && !shown.contains("Ada") && !shown.contains("Secret"), "{shown}");
}

proptest::proptest! {
    #[test]
    fn no_name_and_no_subject_adds_a_header(name: String, subject: String) {
        if let Ok(mail) = mail(Some(&name), &subject) {
            let source = bytes(&mail);
            let message = MessageParser::default().parse(&source).unwrap();
            proptest::prop_assert_eq!(message.headers().len(), 9);
            proptest::prop_assert_eq!(message.to().unwrap().as_list().map(<[_]>::len), Some(1));
        }
    }
}
