//! Values that speak of a person, and can therefore be erased.

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

/// A personal value in an event: known, or erased forever.
///
/// In JSON it is `{"personal": <value>}`, and `{"personal": null}` once erased. The event
/// store looks for exactly this shape and seals what is inside with the person's key, so a field
/// of this type cannot reach a table in plain text, and no list of such fields is needed.
/// A sealed value that was not opened (`{"sealed": …}`) reads as erased.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Personal<T> {
    /// The value can still be read.
    Known(T),
    /// The person's key was destroyed. Only that there was a value is left.
    #[default]
    Erased,
}

impl<T> Personal<T> {
    /// The value, unless it was erased.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Erased => None,
        }
    }
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("personal", &self.known())?;
        map.end()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored<T> {
    Personal(Option<T>),
    Sealed(String),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Stored::deserialize(deserializer)? {
            Stored::Personal(Some(value)) => Self::Known(value),
            Stored::Personal(None) => Self::Erased,
            Stored::Sealed(_unread) => Self::Erased,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Personal<u8> {
        serde_json::from_str(json).expect("valid")
    }

    #[test]
    fn a_known_value_survives_json() {
        let json = serde_json::to_string(&Personal::Known(7)).expect("valid");
        assert_eq!(json, r#"{"personal":7}"#);
        assert_eq!(read(&json), Personal::Known(7));
    }

    #[test]
    fn an_erased_value_stays_erased() {
        let json = serde_json::to_string(&Personal::<u8>::Erased).expect("valid");
        assert_eq!(json, r#"{"personal":null}"#);
        assert_eq!(read(&json), Personal::Erased);
    }

    #[test]
    fn a_sealed_value_reads_as_erased() {
        assert_eq!(read(r#"{"sealed":"AAAA"}"#), Personal::Erased);
    }

    #[test]
    fn a_bare_value_is_refused() {
        assert!(serde_json::from_str::<Personal<u8>>("7").is_err());
    }
}
