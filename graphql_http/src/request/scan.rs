use crate::request::limits::Limits;
use crate::request::request_error::RequestError;

/// Reads the text of an operation once, before the parser does, and refuses what is too long or nested too deep, and the character
/// U+0000. The parser is recursive and has no limit of its own for values: one kilobyte of brackets overflows the stack, which
/// ends the process and cannot be caught.
pub(super) fn scan(text: &str, limits: &Limits) -> Result<(), RequestError> {
    if text.len() > limits.text_bytes {
        return Err(RequestError::TooComplex { of: "bytes", limit: limits.text_bytes });
    }
    if text.contains('\0') {
        return Err(RequestError::Nul { place: "query" });
    }
    let (mut rest, mut tokens, mut nesting) = (text, 0_usize, 0_usize);
    while let Some(token) = next_token(&mut rest) {
        tokens += 1;
        match token.as_bytes()[0] {
            b'(' | b'[' | b'{' => nesting += 1,
            b')' | b']' | b'}' => nesting = nesting.saturating_sub(1),
            b'"' if writes_nul(token) => return Err(RequestError::Nul { place: "query" }),
            _ => {}
        }
        if tokens > limits.tokens {
            return Err(RequestError::TooComplex { of: "tokens", limit: limits.tokens });
        }
        if nesting > limits.nesting {
            return Err(RequestError::TooComplex { of: "brackets within each other", limit: limits.nesting });
        }
    }
    Ok(())
}

/// Takes the next token off the text: a name, a number, a string, or one character. Never empty.
fn next_token<'a>(rest: &mut &'a str) -> Option<&'a str> {
    loop {
        *rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',', '\u{feff}']);
        match rest.strip_prefix('#') {
            Some(comment) => *rest = comment.find(['\r', '\n']).map_or("", |end| &comment[end..]),
            None => break,
        }
    }
    let first = rest.chars().next()?;
    let length = if rest.starts_with("\"\"\"") {
        block_string_length(rest)
    } else if first == '"' {
        string_length(rest)
    } else if first.is_ascii_alphabetic() || first == '_' {
        rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
    } else if first.is_ascii_digit() || first == '-' {
        1 + rest[1..].find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-')).unwrap_or(rest.len() - 1)
    } else if rest.starts_with("...") {
        3
    } else {
        first.len_utf8()
    };
    let (token, after) = rest.split_at(length);
    *rest = after;
    Some(token)
}

/// Up to the closing quote, or to the end of the line where there is none: the parser refuses that.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return at,
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn block_string_length(text: &str) -> usize {
    let mut from = 3;
    while let Some(found) = text[from..].find("\"\"\"") {
        let at = from + found;
        if !text[..at].ends_with('\\') {
            return at + 3;
        }
        from = at + 3;
    }
    text.len()
}

/// Whether a string literal writes U+0000 as an escape. In a block string a backslash is a backslash.
fn writes_nul(token: &str) -> bool {
    if token.starts_with("\"\"\"") {
        return false;
    }
    let mut rest = token;
    while let Some(at) = rest.find('\\') {
        let escape = &rest[at + 1..];
        if escape.starts_with("u0000") {
            return true;
        }
        rest = escape.char_indices().nth(1).map_or("", |(next, _)| &escape[next..]);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<&str> {
        let mut rest = text;
        std::iter::from_fn(|| next_token(&mut rest)).collect()
    }

    #[test]
    fn text_is_cut_into_tokens() {
        for (text, expected) in [
            ("{ a, b }", vec!["{", "a", "b", "}"]),
            ("#{{{\n{a}", vec!["{", "a", "}"]),
            ("{...F}", vec!["{", "...", "F", "}"]),
            (r#"(a:"}\"{",b:-1.5e+3)"#, vec!["(", "a", ":", r#""}\"{""#, "b", ":", "-1.5e+3", ")"]),
            (r#""" a"#, vec![r#""""#, "a"]),
            (r#"""" { \""" [ """ x"#, vec![r#"""" { \""" [ """"#, "x"]),
            ("\"open\n{", vec!["\"open", "{"]),
            ("\"open", vec!["\"open"]),
            ("\"\"\"open", vec!["\"\"\"open"]),
            ("ä{", vec!["ä", "{"]),
            ("\"\\", vec!["\"\\"]),
            ("#", vec![]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn text_that_costs_too_much_or_cannot_be_stored_is_refused() {
        let limits = Limits::default();
        let deep = |open: &str, levels: usize| open.repeat(levels);
        for (text, code) in [
            (deep("{a", limits.nesting + 1), Some("QUERY_TOO_COMPLEX")),
            (format!("{{a(b:{}", deep("[", limits.nesting)), Some("QUERY_TOO_COMPLEX")),
            (format!("{{a(b:{}", deep("{c:", limits.nesting)), Some("QUERY_TOO_COMPLEX")),
            ("{}".repeat(limits.tokens), Some("QUERY_TOO_COMPLEX")),
            ("#".repeat(limits.text_bytes + 1), Some("QUERY_TOO_COMPLEX")),
            ("{a\0}".to_owned(), Some("BAD_USER_INPUT")),
            (r#"{a(b:"\u0000")}"#.to_owned(), Some("BAD_USER_INPUT")),
            (r#"{a(b:"\\\u0000")}"#.to_owned(), Some("BAD_USER_INPUT")),
            (r#"{a(b:"ä\nä\u0000")}"#.to_owned(), Some("BAD_USER_INPUT")),
            (r#"{a(b:"\\u0000")}"#.to_owned(), None),
            (r#"{a(b:"""\u0000""")}"#.to_owned(), None),
            (format!("{{a(b:\"{}\")}}", deep("{", 100)), None),
            (format!("{{a}}#{}", deep("{", 100)), None),
            (String::new(), None),
        ] {
            assert_eq!(scan(&text, &limits).err().map(|error| error.code()), code, "{text:.60}");
        }
    }

    #[test]
    fn what_the_scan_admits_does_not_end_the_parser() {
        let limits = Limits::default();
        let (brackets, fields) = (limits.nesting - 2, limits.nesting);
        for text in [
            format!("{{a(b:{}1{})}}", "[".repeat(brackets), "]".repeat(brackets)),
            format!("{{a(b:{}1{})}}", "{c:".repeat(brackets), "}".repeat(brackets)),
            format!("{}a{}", "{a ".repeat(fields), "}".repeat(fields)),
            format!("query($a: {}Int{}) {{a}}", "[".repeat(brackets), "]".repeat(brackets)),
            r#"{a(b:"\uD83D\uDE00")}"#.to_owned(),
            r#"{a(b:"\uD800")}"#.to_owned(),
            r#"{a(b:"\u{1F600}")}"#.to_owned(),
            "{a(b:1e999, c: 123456789012345678901234567890, d: -0, e: 1e-999)}".to_owned(),
            "{a(b:\"\"\"\n  ä\n ö\n\"\"\")}".to_owned(),
        ] {
            scan(&text, &limits).unwrap();
            let _ = async_graphql::parser::parse_query(&text);
        }
    }
}
