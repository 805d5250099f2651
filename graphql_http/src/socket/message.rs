use async_graphql::ServerError;
use axum::http::{HeaderName, header::AUTHORIZATION};
use serde::Serialize;
use serde_json::{Map, Value};

use super::InitHeader;
use crate::request::answer::Executed;

/// The longest id of a subscription.
const MAX_ID: usize = 128;

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum ClientMessage {
    /// With the entries of the payload that stand for headers.
    Init {
        headers: Vec<(HeaderName, String)>,
    },
    Ping {
        payload: Option<Value>,
    },
    Pong,
    Subscribe {
        id: String,
        payload: Map<String, Value>,
    },
    Complete {
        id: String,
    },
}

/// A message that the subprotocol does not know.
#[derive(Debug, PartialEq)]
pub(super) struct InvalidMessage;

impl ClientMessage {
    /// `init_headers` are the entries of an init's payload that stand for headers, besides `authorization`.
    pub(super) fn parse(text: &str, init_headers: &[InitHeader]) -> Result<Self, InvalidMessage> {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else { return Err(InvalidMessage) };
        let payload = message.remove("payload").filter(|payload| !payload.is_null());
        let id = |message: &mut Map<String, Value>| match message.remove("id") {
            Some(Value::String(id)) if (1..=MAX_ID).contains(&id.len()) => Ok(id),
            _ => Err(InvalidMessage),
        };
        match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => {
                let mut payload = object(payload)?;
                let authorization = ("authorization", AUTHORIZATION);
                let mut headers = Vec::new();
                for (entry, name) in std::iter::once(&authorization).chain(init_headers) {
                    headers.extend(take_text(&mut payload, entry)?.map(|value| (name.clone(), value)));
                }
                Ok(Self::Init { headers })
            }
            Some("ping") => Ok(Self::Ping { payload: Some(object(payload)?).filter(|map| !map.is_empty()).map(Value::Object) }),
            Some("pong") => object(payload).map(|_| Self::Pong),
            Some("subscribe") => match payload {
                Some(Value::Object(payload)) => Ok(Self::Subscribe { id: id(&mut message)?, payload }),
                _ => Err(InvalidMessage),
            },
            Some("complete") => Ok(Self::Complete { id: id(&mut message)? }),
            _ => Err(InvalidMessage),
        }
    }
}

fn object(payload: Option<Value>) -> Result<Map<String, Value>, InvalidMessage> {
    match payload {
        None => Ok(Map::new()),
        Some(Value::Object(payload)) => Ok(payload),
        Some(_) => Err(InvalidMessage),
    }
}

/// Browsers cannot set headers on a socket, so clients send them in the payload. Upper and lower case are the same.
fn take_text(payload: &mut Map<String, Value>, name: &str) -> Result<Option<String>, InvalidMessage> {
    let found = payload.keys().find(|key| key.eq_ignore_ascii_case(name)).cloned();
    match found.and_then(|key| payload.remove(&key)) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) => Ok(Some(value)),
        Some(_) => Err(InvalidMessage),
    }
}

/// What the server says.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerMessage<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Next {
        id: &'a str,
        payload: Executed<'a>,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTING_FOR: HeaderName = HeaderName::from_static("roster-acting-for");

    #[test]
    fn what_the_subprotocol_does_not_know_is_refused() {
        let acting_for = [("actingFor", ACTING_FOR)];
        for text in [
            "",
            "hello",
            "[]",
            "{}",
            r#"{"type":"start","id":"1","payload":{}}"#,
            r#"{"type":1}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"connection_init","payload":{"authorization":1}}"#,
            r#"{"type":"connection_init","payload":{"actingFor":1}}"#,
            r#"{"type":"ping","payload":1}"#,
            r#"{"type":"subscribe","payload":{}}"#,
            r#"{"type":"subscribe","id":"","payload":{}}"#,
            r#"{"type":"subscribe","id":1,"payload":{}}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
        ] {
            assert_eq!(ClientMessage::parse(text, &acting_for), Err(InvalidMessage), "{text}");
        }
        assert_eq!(ClientMessage::parse(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)), &[]), Err(InvalidMessage));
    }

    #[test]
    fn a_bearer_token_is_found_under_the_name_of_the_header() {
        for name in ["authorization", "Authorization"] {
            let text = format!(r#"{{"type":"connection_init","payload":{{"{name}":"Bearer x"}}}}"#);
            let init = ClientMessage::Init { headers: vec![(AUTHORIZATION, "Bearer x".to_owned())] };
            assert_eq!(ClientMessage::parse(&text, &[]), Ok(init));
        }
    }

    #[test]
    fn an_entry_of_the_payload_stands_for_the_header_that_the_application_names() {
        let init = ClientMessage::Init { headers: vec![(ACTING_FOR, "ada".to_owned())] };
        let text = r#"{"type":"connection_init","payload":{"actingFor":"ada"}}"#;
        assert_eq!(ClientMessage::parse(text, &[("actingFor", ACTING_FOR)]), Ok(init));
        assert_eq!(ClientMessage::parse(text, &[]), Ok(ClientMessage::Init { headers: vec![] }));
    }
}
