use async_graphql::Variables;
use axum::{
    body::Body,
    extract::Query,
    http::{HeaderMap, Uri, header::CONTENT_LENGTH},
};
use futures::StreamExt;
use serde_json::{Map, Value};

use crate::request::limits::Limits;
use crate::request::request_error::RequestError;

/// The parameters of one GraphQL request, checked for shape. `extensions` is checked and dropped: none is supported. A hash of a persisted query
/// (Apollo's protocol) beside a query is not looked at, because nothing is kept under it.
#[derive(Debug, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) query: String,
    pub(crate) operation_name: Option<String>,
    pub(crate) variables: Variables,
}

impl Parameters {
    /// From a URL: `variables` and `extensions` are JSON in text.
    pub(crate) fn from_url(uri: &Uri, limits: &Limits) -> Result<Self, RequestError> {
        let malformed = || RequestError::Malformed("The query string cannot be read".to_owned());
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(|_| malformed())?;
        let mut parameters = Map::new();
        for (name, text) in pairs {
            let value = match name.as_str() {
                "query" | "operationName" => Value::String(text),
                "variables" | "extensions" => {
                    require_few_values(text.as_bytes(), limits)?;
                    serde_json::from_str(&text).map_err(|error| not_json(&name, &error))?
                }
                _ => continue,
            };
            if parameters.insert(name.clone(), value).is_some() {
                return Err(RequestError::Malformed(format!("`{name}` is given twice")));
            }
        }
        Self::from_json(parameters)
    }

    /// From the body of a POST.
    pub(crate) fn from_body(body: &[u8], limits: &Limits) -> Result<Self, RequestError> {
        require_few_values(body, limits)?;
        match serde_json::from_slice(body).map_err(|error| not_json("The body", &error))? {
            Value::Object(parameters) => Self::from_json(parameters),
            Value::Array(_) => Err(RequestError::Batch),
            _ => Err(RequestError::Malformed("The body must be a JSON object".to_owned())),
        }
    }

    /// From the parameters themselves.
    pub(crate) fn from_json(mut parameters: Map<String, Value>) -> Result<Self, RequestError> {
        let query = parameters.remove("query");
        let extensions = object(parameters.remove("extensions"), "extensions")?;
        let is_hash_only = matches!(&query, None | Some(Value::Null)) && extensions.get("persistedQuery").is_some_and(Value::is_object);
        if is_hash_only {
            return Err(RequestError::PersistedQueryNotSupported);
        }
        let Some(Value::String(query)) = query else {
            return Err(RequestError::Malformed("`query` must be a string".to_owned()));
        };
        let operation_name = match parameters.remove("operationName") {
            None | Some(Value::Null) => None,
            // Some clients send an empty one for none.
            Some(Value::String(name)) => Some(name).filter(|name| !name.is_empty()),
            Some(_) => return Err(RequestError::Malformed("`operationName` must be a string".to_owned())),
        };
        let variables = object(parameters.remove("variables"), "variables")?;
        if operation_name.as_deref().is_some_and(|name| name.contains('\0')) {
            return Err(RequestError::Nul { place: "operationName" });
        }
        if variables.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)) {
            return Err(RequestError::Nul { place: "variables" });
        }
        Ok(Self { query, operation_name, variables: Variables::from_json(Value::Object(variables)) })
    }
}

/// Refuses JSON that would need much more memory than its text: an object of eight bytes becomes one of six hundred. What is no
/// JSON is counted like JSON.
fn require_few_values(json: &[u8], limits: &Limits) -> Result<(), RequestError> {
    let (mut values, mut is_in_string, mut is_escaped) = (1_usize, false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = is_in_string,
            b'"' => is_in_string = !is_in_string,
            b',' | b'[' | b'{' if !is_in_string => values += 1,
            _ => {}
        }
    }
    if values > limits.values { Err(RequestError::TooManyValues { limit: limits.values }) } else { Ok(()) }
}

/// Reads a body of at most the allowed size, in the allowed time.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Vec<u8>, RequestError> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let reading = async {
        let mut stream = body.into_data_stream();
        let mut bytes = Vec::with_capacity(announced.unwrap_or(0).min(16 * 1024));
        let mut received = 0;
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| RequestError::Malformed("The body broke off".to_owned()))?;
            received += chunk.len();
            if received <= limits.body_bytes {
                bytes.extend_from_slice(&chunk);
            } else if received > limits.body_bytes.saturating_mul(4) {
                break;
            }
            // What is a little too large is still taken off the wire: a client that is writing does not read the answer.
        }
        if received > limits.body_bytes { Err(RequestError::BodyTooLarge { limit: limits.body_bytes }) } else { Ok(bytes) }
    };
    tokio::time::timeout(limits.body_time, reading).await.unwrap_or(Err(RequestError::BodyTooSlow))
}

fn object(value: Option<Value>, name: &str) -> Result<Map<String, Value>, RequestError> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(RequestError::Malformed(format!("`{name}` must be a JSON object"))),
    }
}

/// Says where the JSON is broken, never what it holds.
fn not_json(what: &str, error: &serde_json::Error) -> RequestError {
    RequestError::Malformed(format!("{what} is not valid JSON (line {}, column {})", error.line(), error.column()))
}

/// Postgres can store U+0000 neither in text nor in `jsonb`.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_refused_where_a_parameter_has_the_wrong_shape() {
        for (body, code) in [
            ("", Some("BAD_REQUEST")),
            ("{", Some("BAD_REQUEST")),
            ("null", Some("BAD_REQUEST")),
            ("\"{ a }\"", Some("BAD_REQUEST")),
            ("[]", Some("BAD_REQUEST")),
            (r#"[{"query":"{ a }"}]"#, Some("BAD_REQUEST")),
            ("{}", Some("BAD_REQUEST")),
            (r#"{"query":null}"#, Some("BAD_REQUEST")),
            (r#"{"query":1}"#, Some("BAD_REQUEST")),
            (r#"{"query":"{ a }","operationName":1}"#, Some("BAD_REQUEST")),
            (r#"{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#, Some("PERSISTED_QUERY_NOT_SUPPORTED")),
            (r#"{"query":null,"extensions":{"persistedQuery":{}},"variables":{}}"#, Some("PERSISTED_QUERY_NOT_SUPPORTED")),
            (r#"{"query":"{ a }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}"#, None),
            (r#"{"extensions":{"persistedQuery":null}}"#, Some("BAD_REQUEST")),
            (r#"{"extensions":{"other":{}}}"#, Some("BAD_REQUEST")),
            (r#"{"query":"{ a }","variables":[]}"#, Some("BAD_REQUEST")),
            (r#"{"query":"{ a }","variables":"{}"}"#, Some("BAD_REQUEST")),
            (r#"{"query":"{ a }","extensions":0}"#, Some("BAD_REQUEST")),
            (r#"{"query":"{ a }","operationName":"\u0000"}"#, Some("BAD_USER_INPUT")),
            (r#"{"query":"{ a }","variables":{"a":"\u0000"}}"#, Some("BAD_USER_INPUT")),
            (r#"{"query":"{ a }","variables":{"a":[{"b":"x\u0000"}]}}"#, Some("BAD_USER_INPUT")),
            (r#"{"query":"{ a }","variables":{"a":{"\u0000":1}}}"#, Some("BAD_USER_INPUT")),
            (r#"{"query":"{ a }","variables":{"a":"\\u0000"}}"#, None),
            (r#"{"query":"{ a }","operationName":null,"variables":null,"extensions":null,"more":1}"#, None),
        ] {
            assert_eq!(Parameters::from_body(body.as_bytes(), &Limits::default()).err().map(|error| error.code()), code, "{body}");
        }
    }

    #[test]
    fn values_are_counted_before_they_take_memory() {
        let limits = Limits { values: 6, ..Limits::default() };
        for (json, is_refused) in [
            (r#"{"query":"{ a }","variables":{"a":[1,2]}}"#, false),
            (r#"{"query":"{,[{,[{,","variables":{"a":"\",[\\",":":","b":0}}"#, false),
            (r#"{"query":"{ a }","variables":{"a":[1,2,3]}}"#, true),
            (r#"{"query":"{ a }","variables":{"a":{"b":{"c":{}}}}}"#, true),
        ] {
            let refused = Parameters::from_body(json.as_bytes(), &limits).is_err_and(|error| error.code() == "PAYLOAD_TOO_LARGE");
            assert_eq!(refused, is_refused, "{json}");
        }
    }

    #[test]
    fn a_url_carries_the_same_parameters_as_a_body() {
        let uri = Uri::from_static("/graphql?query=%7B+a+%7D&operationName=A&variables=%7B%22n%22%3A1%7D&extensions=%7B%7D&utm=x");
        let body = r#"{"query":"{ a }","operationName":"A","variables":{"n":1}}"#;
        assert_eq!(
            Parameters::from_url(&uri, &Limits::default()).unwrap(),
            Parameters::from_body(body.as_bytes(), &Limits::default()).unwrap()
        );
    }

    #[test]
    fn an_empty_name_of_an_operation_is_none() {
        let uri = Uri::from_static("/graphql?query=%7Ba%7D&operationName=");
        let of_url = Parameters::from_url(&uri, &Limits::default()).unwrap();
        let of_body = Parameters::from_body(br#"{"query":"{a}","operationName":""}"#, &Limits::default()).unwrap();
        assert_eq!((of_url.operation_name, of_body.operation_name), (None, None));
    }

    #[test]
    fn a_url_without_a_query_with_two_or_with_broken_json_is_refused() {
        for query in ["", "?", "?variables=%7B%7D", "?query=a&query=b", "?query=a&variables=%7B", "?query=a&variables=1"] {
            let uri = format!("/graphql{query}").parse().unwrap();
            assert_eq!(Parameters::from_url(&uri, &Limits::default()).unwrap_err().code(), "BAD_REQUEST", "{query}");
        }
    }

    #[test]
    fn the_refusal_of_broken_json_does_not_repeat_it() {
        let error = Parameters::from_body(br#"{"query":"{ a }","variables":{"password":"secret" oops"#, &Limits::default()).unwrap_err();
        assert_eq!(error.to_string(), "The body is not valid JSON (line 1, column 51)");
    }
}
