use std::cmp::Reverse;

use axum::http::{
    HeaderMap,
    header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE},
};

use crate::request::media_type::MediaType;
use crate::request::request_error::RequestError;

/// Chooses the form of the answer: the highest q-value, then the more exact range, then the one named first. Where a client has
/// no wish, or only a wildcard, it is JSON.
pub(super) fn negotiate(headers: &HeaderMap) -> Result<MediaType, RequestError> {
    let values: Vec<&str> =
        headers.get_all(ACCEPT).iter().map(|value| value.to_str().map_err(|_| RequestError::NotAcceptable)).collect::<Result<_, _>>()?;
    let ranges: Vec<Range<'_>> = values.iter().flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
    if values.iter().all(|value| value.trim().is_empty()) {
        return Ok(MediaType::Json);
    }
    let wish = |media: MediaType| {
        let (position, range) =
            ranges.iter().enumerate().filter(|(_, range)| range.covers(media)).max_by_key(|(_, range)| range.exactness())?;
        (range.quality > 0).then_some((range.quality, range.exactness(), Reverse(position)))
    };
    match (wish(MediaType::Json), wish(MediaType::GraphqlResponse)) {
        (None, None) => Err(RequestError::NotAcceptable),
        (json, graphql) if graphql > json => Ok(MediaType::GraphqlResponse),
        _ => Ok(MediaType::Json),
    }
}

/// Refuses a body that is anything but plain JSON in UTF-8. Forms and plain text are what a foreign page can send unasked.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), RequestError> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(RequestError::UnsupportedMediaType) };
    let mut parts = value.to_str().map_err(|_| RequestError::UnsupportedMediaType)?.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let is_plain = headers.get_all(CONTENT_ENCODING).iter().all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if is_json && is_plain && parts.all(says_utf8) { Ok(()) } else { Err(RequestError::UnsupportedMediaType) }
}

/// Whether a media type's parameter leaves the text in UTF-8: it says so, or speaks of something else.
fn says_utf8(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return true };
    let charset = value.trim().trim_matches('"');
    !name.trim().eq_ignore_ascii_case("charset") || charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// One media range of an `Accept` header.
struct Range<'a> {
    essence: (&'a str, &'a str),
    /// Thousandths.
    quality: u16,
}

impl<'a> Range<'a> {
    /// None for what is not a range, or asks for a charset that is not ours.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let essence = parts.next()?.split_once('/')?;
        let mut quality = 1000;
        for parameter in parts {
            match parameter.split_once('=') {
                Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => quality = parse_quality(value.trim())?,
                _ if !says_utf8(parameter) => return None,
                _ => {}
            }
        }
        Some(Self { essence, quality })
    }

    fn covers(&self, media: MediaType) -> bool {
        match self.essence {
            ("*", "*") => true,
            (kind, "*") => kind.eq_ignore_ascii_case("application"),
            (kind, subtype) => kind.eq_ignore_ascii_case("application") && subtype.eq_ignore_ascii_case(media.subtype()),
        }
    }

    fn exactness(&self) -> u8 {
        match self.essence {
            ("*", _) => 0,
            (_, "*") => 1,
            _ => 2,
        }
    }
}

/// A q-value in thousandths: `0`, `1`, or up to three decimals between.
fn parse_quality(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match whole {
        "0" => Some(thousandths),
        "1" if thousandths == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_answer_has_the_form_the_client_prefers() {
        let json = Some(MediaType::Json);
        let graphql = Some(MediaType::GraphqlResponse);
        for (accept, expected) in [
            ("", json),
            ("*/*", json),
            ("application/*", json),
            ("application/json", json),
            ("Application/JSON; charset=UTF-8", json),
            ("application/graphql-response+json", graphql),
            ("application/graphql-response+json, application/json", graphql),
            ("application/json, application/graphql-response+json", json),
            ("application/graphql-response+json, application/json;q=0.9", graphql),
            ("application/graphql-response+json;q=0.9, application/json", json),
            ("application/graphql-response+json;q=0.5, */*;q=0.8", json),
            ("application/graphql-response+json, application/graphql+json, application/json, text/event-stream", graphql),
            ("text/html, */*;q=0.1", json),
            ("*/*, application/json;q=0", graphql),
            ("application/json;q=0", None),
            ("*/*;q=0", None),
            ("*/*;q=0.000", None),
            ("text/html", None),
            ("application/json; charset=iso-8859-1", None),
            ("application/json;q=2", None),
            ("nonsense", None),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(negotiate(&headers).ok(), expected, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new()).ok(), json, "no Accept");
    }

    #[test]
    fn several_accept_headers_count_as_one() {
        let mut headers = HeaderMap::new();
        headers.append(ACCEPT, HeaderValue::from_static("application/json;q=0.1"));
        headers.append(ACCEPT, HeaderValue::from_static("application/graphql-response+json"));
        assert_eq!(negotiate(&headers).ok(), Some(MediaType::GraphqlResponse));
    }

    #[test]
    fn only_json_in_utf8_is_read() {
        for (content_type, is_read) in [
            ("application/json", true),
            ("APPLICATION/JSON", true),
            ("application/json; charset=utf-8", true),
            ("application/json;charset=\"UTF-8\"", true),
            ("application/json; charset=iso-8859-1", false),
            ("application/jsonp", false),
            ("application/graphql", false),
            ("text/plain", false),
            ("application/x-www-form-urlencoded", false),
            ("multipart/form-data; boundary=x", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(require_json(&headers).is_ok(), is_read, "{content_type}");
        }
        assert!(require_json(&HeaderMap::new()).is_err(), "no Content-Type");
    }

    #[test]
    fn a_compressed_or_doubly_typed_body_is_refused() {
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::from_iter([(CONTENT_TYPE, json.clone()), (CONTENT_ENCODING, HeaderValue::from_static("gzip"))]);
        assert!(require_json(&headers).is_err());
        headers.remove(CONTENT_ENCODING);
        headers.append(CONTENT_TYPE, json);
        assert!(require_json(&headers).is_err());
    }
}
