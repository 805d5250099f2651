use async_graphql::ServerError;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::answer::Executed;

/// The longest id of a subscription.
const MAX_ID: usize = 128;

/// What a client says.
#[derive(Debug, PartialEq)]
pub(super) enum ClientMessage {
    Init { authorization: Option<String>, acting_for: Option<String> },
    Ping { payload: Option<Value> },
    Pong,
    Subscribe { id: String, payload: Map<String, Value> },
    Complete { id: String },
}

/// A message that the subprotocol does not know.
#[derive(Debug, PartialEq)]
pub(super) struct InvalidMessage;

impl ClientMessage {
    pub(super) fn parse(text: &str) -> Result<Self, InvalidMessage> {
        let Ok(Value::Object(mut message)) = serde_json::from_str(text) else { return Err(InvalidMessage) };
        let payload = message.remove("payload").filter(|payload| !payload.is_null());
        let id = |message: &mut Map<String, Value>| match message.remove("id") {
            Some(Value::String(id)) if (1..=MAX_ID).contains(&id.len()) => Ok(id),
            _ => Err(InvalidMessage),
        };
        match message.get("type").and_then(Value::as_str) {
            Some("connection_init") => {
                let mut payload = object(payload)?;
                let authorization = take_text(&mut payload, "authorization")?;
                Ok(Self::Init { authorization, acting_for: take_text(&mut payload, "actingFor")? })
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

/// Browsers can set no header on a socket, so what else is a header comes in the payload, under its name in any case.
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

    #[test]
    fn what_the_subprotocol_does_not_know_is_refused() {
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
            assert_eq!(ClientMessage::parse(text), Err(InvalidMessage), "{text}");
        }
        assert_eq!(ClientMessage::parse(&format!("{}{}", "[".repeat(20_000), "]".repeat(20_000))), Err(InvalidMessage));
    }

    #[test]
    fn a_bearer_token_is_found_under_the_name_of_the_header() {
        for name in ["authorization", "Authorization"] {
            let text = format!(r#"{{"type":"connection_init","payload":{{"{name}":"Bearer x"}}}}"#);
            let init = ClientMessage::Init { authorization: Some("Bearer x".to_owned()), acting_for: None };
            assert_eq!(ClientMessage::parse(&text), Ok(init));
        }
    }

    #[test]
    fn a_page_says_in_the_payload_whom_it_shows() {
        let init = ClientMessage::Init { authorization: None, acting_for: Some("ada".to_owned()) };
        assert_eq!(ClientMessage::parse(r#"{"type":"connection_init","payload":{"actingFor":"ada"}}"#), Ok(init));
    }
}
