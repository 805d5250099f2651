//! Which characters people see, and which text mail programs read as other text.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Blanks that Unicode counts as symbols or letters: braille, a musical null notehead, and two Egyptian hieroglyphs.
const BLANKS: [char; 4] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}'];

/// Whether a character is invisible and not white space: zero-width and format characters, fillers, tags, variation
/// selectors, blanks.
pub(crate) fn is_invisible(c: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) || category(c) == GeneralCategory::Format || BLANKS.contains(&c)
}

/// Whether a text has at least one character that people see by itself: a letter, digit, punctuation mark or symbol.
pub(crate) fn has_visible(text: &str) -> bool {
    const SEEN: GeneralCategoryGroup = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    text.chars().any(|c| SEEN.contains(category(c)) && !is_invisible(c))
}

/// Whether a text holds what mail programs decode into other text, such as `=?utf-8?q?Eve?=` (RFC 2047).
pub(crate) fn holds_encoded_word(text: &str) -> bool {
    text.split_once("=?").is_some_and(|(_, rest)| rest.contains("?="))
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_every_kind_of_invisible_characters_has_nothing_visible() {
        for (kind, text) in [
            ("nothing", ""),
            ("white space", " \t\u{a0}\u{2003}\u{3000}"),
            ("zero width", "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}"),
            ("marks of direction", "\u{200e}\u{200f}\u{61c}\u{202a}\u{202c}\u{2066}\u{2069}"),
            ("soft hyphen", "\u{ad}"),
            ("grapheme joiner", "\u{34f}"),
            ("combining marks", "\u{301}\u{20dd}\u{fe20}"),
            ("Hangul fillers", "\u{115f}\u{1160}\u{3164}\u{ffa0}"),
            ("Khmer vowels", "\u{17b4}\u{17b5}"),
            ("Mongolian", "\u{180b}\u{180e}"),
            ("invisible operators", "\u{2061}\u{2062}\u{2063}\u{2064}"),
            ("variation selectors", "\u{fe0f}\u{e0100}"),
            ("tags", "\u{e0001}\u{e0041}\u{e007f}"),
            ("annotation", "\u{fff9}\u{fffa}\u{fffb}"),
            ("braille blank", "\u{2800}"),
            ("music", "\u{1d159}\u{1d173}\u{1d17a}"),
            ("hieroglyphs", "\u{13441}\u{13442}\u{13430}"),
            ("private use and unassigned", "\u{e000}\u{f0000}\u{ffff}"),
        ] {
            assert!(!has_visible(text), "{kind}");
        }
    }

    #[test]
    fn names_in_every_script_are_visible() {
        for text in ["x", "José", "名前", "한글", "नमस्ते", "عائشة", "👩‍🚀", "⠁", "…", "7", "x\u{200d}\u{301}", "\u{20dd}x"]
        {
            assert!(has_visible(text), "{text}");
        }
    }

    #[test]
    fn an_encoded_word_is_found_wherever_it_stands() {
        for (text, holds) in [
            ("=?utf-8?q?Eve?=", true),
            ("Ada =?ISO-8859-1?B?RXZl?= L", true),
            ("=?utf-8?q?two words?=", true),
            ("a=?b", false),
            ("?= and =?", false),
            ("What?=", false),
            ("=?=", false),
        ] {
            assert_eq!(holds_encoded_word(text), holds, "{text}");
        }
    }
}
