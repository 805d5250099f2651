//! E-mail addresses, as people give them and as Roster compares them.
//!
//! What is accepted, and why, is written down in `docs/decisions/0003-e-mail-addresses.md`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection};

use crate::visible::{holds_encoded_word, is_invisible};

/// Characters around addresses or between them, and in none.
const AROUND: [char; 11] = ['<', '>', '(', ')', '"', ',', ';', ':', '[', ']', '\\'];

/// An address that mail can be sent to: one `local@domain`, nothing around it.
///
/// Two addresses are the same when their normalised forms are: the local part in lower case, the
/// domain as IDNA A-labels in lower case. The given form is stored for showing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    given: String,
    normalised: String,
}

/// Why a text is no e-mail address that Roster takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmailAddress {
    /// Nothing but white space.
    #[error("the e-mail address is empty")]
    Empty,
    /// Over 254 bytes, or a local part over 64 (RFC 5321).
    #[error("the e-mail address is too long: at most 254 bytes, 64 before the @")]
    TooLong,
    /// Control characters, line breaks, NUL or inner white space.
    #[error("the e-mail address contains a control character or a space")]
    ControlCharacter,
    /// An invisible character, such as one of zero width.
    #[error("the e-mail address contains the invisible character U+{code:04X}", code = u32::from(*.0))]
    Invisible(char),
    /// A character from around addresses, such as `<` or the `:` of `mailto:`.
    #[error("the e-mail address contains the character {0}: write the bare address only, such as ada@example.com")]
    Around(char),
    /// The full stop of a sentence.
    #[error("the e-mail address ends with the character . that is no part of it")]
    FullStop,
    /// A local part such as `=?utf-8?q?…?=`.
    #[error("the part before the @ contains =?…?=, which mail programs show as other text")]
    EncodedWord,
    /// Not exactly one `@` with something on both sides, or a display name, comment or quotes.
    #[error("write the bare address only, such as ada@example.com")]
    NotBare,
    /// Letters outside ASCII before the `@`.
    #[error("the part before the @ may only use ASCII letters, digits and . ! # $ % & ' * + / = ? ^ _ ` {{ | }} ~ -")]
    LocalPart,
    /// The domain is not a valid, fully qualified domain name.
    #[error("the part after the @ is not a valid domain name")]
    Domain,
    /// The domain mixes scripts in a way that look-alikes use (UTS 39).
    #[error("the domain mixes scripts in a way that could imitate another domain")]
    MixedScripts,
}

impl EmailAddress {
    /// Reads a bare address that may be known already. White space and invisible characters around it are dropped.
    ///
    /// # Errors
    /// Says which rule the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidEmailAddress> {
        let given = bare(text);
        if given.is_empty() {
            return Err(InvalidEmailAddress::Empty);
        }
        if given.len() > 254 {
            return Err(InvalidEmailAddress::TooLong);
        }
        if given.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(InvalidEmailAddress::ControlCharacter);
        }
        let (local, domain) = given.split_once('@').ok_or(InvalidEmailAddress::NotBare)?;
        if local.is_empty() || domain.is_empty() || given.contains(AROUND) || domain.contains('@') {
            return Err(InvalidEmailAddress::NotBare);
        }
        check_local(local)?;
        let ascii_domain = normalise_domain(domain)?;
        let normalised = format!("{}@{ascii_domain}", local.to_ascii_lowercase());
        if normalised.len() > 254 {
            return Err(InvalidEmailAddress::TooLong);
        }
        Ok(Self { given: given.to_owned(), normalised })
    }

    /// Reads a bare address that is to be invited. It holds nothing that people do not see or that mail programs show as something else.
    ///
    /// # Errors
    /// Says which rule the text breaks, and names the character.
    pub fn parse_new(text: &str) -> Result<Self, InvalidEmailAddress> {
        let given = bare(text);
        for c in given.chars() {
            match c {
                _ if c.is_control() || c.is_whitespace() => return Err(InvalidEmailAddress::ControlCharacter),
                _ if is_invisible(c) => return Err(InvalidEmailAddress::Invisible(c)),
                _ if AROUND.contains(&c) => return Err(InvalidEmailAddress::Around(c)),
                _ => {}
            }
        }
        if given.ends_with('.') {
            return Err(InvalidEmailAddress::FullStop);
        }
        let address = Self::parse(given)?;
        if given.split_once('@').is_some_and(|(local, _)| holds_encoded_word(local)) {
            return Err(InvalidEmailAddress::EncodedWord);
        }
        Ok(address)
    }

    /// As it was given: for showing.
    #[must_use]
    pub fn as_given(&self) -> &str {
        &self.given
    }

    /// The one form for comparing, for unique keys and for sending: ASCII, lower case.
    #[must_use]
    pub fn normalised(&self) -> &str {
        &self.normalised
    }

    /// Whether both name the same mailbox, as far as Roster knows.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.normalised == other.normalised
    }
}

/// What is left of a text without the dirt of copying around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

fn check_local(local: &str) -> Result<(), InvalidEmailAddress> {
    if local.len() > 64 {
        return Err(InvalidEmailAddress::TooLong);
    }
    let atom = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b));
    if local.split('.').all(atom) { Ok(()) } else { Err(InvalidEmailAddress::LocalPart) }
}

/// The domain as lower-case A-labels: fully qualified, no address literal, no numeric top level.
fn normalise_domain(domain: &str) -> Result<String, InvalidEmailAddress> {
    let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| InvalidEmailAddress::Domain)?;
    let (unicode, valid) = idna::domain_to_unicode(&ascii);
    valid.map_err(|_| InvalidEmailAddress::Domain)?;
    let mut labels = ascii.split('.');
    let top = labels.next_back().unwrap_or_default();
    if labels.next().is_none() || top.len() < 2 || top.bytes().all(|b| b.is_ascii_digit()) {
        return Err(InvalidEmailAddress::Domain);
    }
    let imitates = |label: &str| label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive;
    if unicode.split('.').any(imitates) {
        return Err(InvalidEmailAddress::MixedScripts);
    }
    Ok(ascii)
}

impl fmt::Debug for EmailAddress {
    /// Personal: it never reaches a log by accident.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.given.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use InvalidEmailAddress as Invalid;

    fn normalised(text: &str) -> String {
        EmailAddress::parse(text).expect(text).normalised().to_owned()
    }

    #[test]
    fn case_and_unicode_form_do_not_make_another_address() {
        let forms =
            ["ada@bücher.example", "ADA@BÜCHER.example", "Ada@bu\u{308}cher.example", "ada@xn--bcher-kva.example", " ada@bücher。example "];
        for form in forms {
            assert_eq!(normalised(form), "ada@xn--bcher-kva.example", "{form}");
        }
        assert_eq!(normalised("ada@ｅｘａｍｐｌｅ.com"), "ada@example.com");
    }

    #[test]
    fn the_given_form_is_kept_for_showing() {
        assert_eq!(EmailAddress::parse(" Ada.L@Example.com ").expect("valid").as_given(), "Ada.L@Example.com");
    }

    #[test]
    fn a_plus_and_dots_are_kept_as_they_are() {
        assert_eq!(normalised("a.da+x@example.com"), "a.da+x@example.com");
    }

    #[test]
    fn what_is_no_bare_address_is_refused_with_its_reason() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long = format!("a@{}.com", "a.".repeat(130));
        let table = [
            ("", Invalid::Empty),
            ("   ", Invalid::Empty),
            (&long_local, Invalid::TooLong),
            (&long, Invalid::TooLong),
            ("ada\u{0}@example.com", Invalid::ControlCharacter),
            ("ada@example.com\r\nBcc: eve@example.com", Invalid::ControlCharacter),
            ("ada lovelace@example.com", Invalid::ControlCharacter),
            ("ada", Invalid::NotBare),
            ("@example.com", Invalid::NotBare),
            ("ada@", Invalid::NotBare),
            ("ada@eve@example.com", Invalid::NotBare),
            ("Ada<ada@example.com>", Invalid::NotBare),
            ("ada(comment)@example.com", Invalid::NotBare),
            ("\"ada\"@example.com", Invalid::NotBare),
            ("ada@[127.0.0.1]", Invalid::NotBare),
            (".ada@example.com", Invalid::LocalPart),
            ("ada..l@example.com", Invalid::LocalPart),
            ("адa@example.com", Invalid::LocalPart),
            ("ada@localhost", Invalid::Domain),
            ("ada@127.0.0.1", Invalid::Domain),
            ("ada@exa_mple.com", Invalid::Domain),
            ("ada@-example.com", Invalid::Domain),
            ("ada@example..com", Invalid::Domain),
            ("ada@exаmple.com", Invalid::MixedScripts),
        ];
        for (text, reason) in table {
            assert_eq!(EmailAddress::parse(text), Err(reason), "{text:?}");
        }
    }

    #[test]
    fn the_dirt_of_copying_around_an_address_is_dropped() {
        for dirty in ["\u{a0}{}", "{}\u{200b}", "\u{200e}{}\u{202c}", "\u{feff}{}", "{}\n", "\t{}\r\n", "\u{3000}{}\u{ad}", " \u{2060} {}"]
        {
            let text = dirty.replace("{}", "Ada@example.com");
            for parsed in [EmailAddress::parse(&text), EmailAddress::parse_new(&text)] {
                assert_eq!(parsed.expect("valid").as_given(), "Ada@example.com", "{dirty:?}");
            }
        }
    }

    #[test]
    fn what_no_one_sees_in_a_new_address_is_refused_by_its_name() {
        let table = [
            ("ada\u{200b}@example.com", Invalid::Invisible('\u{200b}'), "U+200B"),
            ("ada@exa\u{ad}mple.com", Invalid::Invisible('\u{ad}'), "U+00AD"),
            ("a\u{200d}da@example.com", Invalid::Invisible('\u{200d}'), "U+200D"),
            ("mailto:ada@example.com", Invalid::Around(':'), "character :"),
            ("ada@example.com;", Invalid::Around(';'), "character ;"),
            ("<ada@example.com>", Invalid::Around('<'), "character <"),
            ("ada@example.com.", Invalid::FullStop, "character ."),
            ("a da@example.com", Invalid::ControlCharacter, "control character or a space"),
            ("=?utf-8?q?eve?=@example.com", Invalid::EncodedWord, "=?…?="),
            ("a=?x?b?y?=z@example.com", Invalid::EncodedWord, "=?…?="),
            ("ada", Invalid::NotBare, "bare"),
        ];
        for (text, reason, said) in table {
            assert_eq!(EmailAddress::parse_new(text), Err(reason), "{text:?}");
            assert!(reason.to_string().contains(said), "{reason}");
        }
        for text in ["ada@example.com", "a=?b@example.com", "ada@bücher.example"] {
            assert!(EmailAddress::parse_new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn addresses_that_were_invited_before_a_rule_stay_readable() {
        for text in ["=?utf-8?q?eve?=@example.com", "ada@exa\u{ad}mple.com"] {
            let stored = serde_json::from_value::<EmailAddress>(serde_json::json!(text)).expect("readable");
            assert_eq!((stored.as_given(), EmailAddress::parse(text).as_ref()), (text, Ok(&stored)));
        }
    }

    #[test]
    fn debug_shows_no_address() {
        let address = EmailAddress::parse("ada@example.com").expect("valid");
        assert!(!format!("{address:?}").contains("ada"));
    }
}
