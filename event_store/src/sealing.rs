//! Seals the personal values in a payload, and opens them.

use std::fmt;

use base64::prelude::{BASE64_STANDARD_NO_PAD, Engine};
use domain::AccountId;
use serde_json::Value;

use crate::Error;
use crate::person_key::Key;

/// Which event a value is sealed in: the associated data of the cipher. A sealed value opens in no other event.
#[derive(Clone, Copy)]
pub(crate) struct AssociatedData<'a> {
    pub(crate) account_id: AccountId,
    pub(crate) aggregate_type: &'a str,
    pub(crate) aggregate_id: &'a str,
    pub(crate) sequence: i64,
}

impl AssociatedData<'_> {
    fn bytes(&self, path: &str) -> String {
        format!("{}|{self}|{path}", self.account_id)
    }
}

impl fmt::Display for AssociatedData<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|{}|{}", self.aggregate_type, self.aggregate_id, self.sequence)
    }
}

/// Replaces every `{"personal": value}` by `{"sealed": "…"}`.
pub(crate) fn seal(payload: &mut Value, key: Option<&Key>, data: AssociatedData<'_>) -> Result<(), Error> {
    visit(payload, "personal", &mut String::new(), &mut |value, path| {
        let key = key.ok_or_else(|| Error::PersonMissing { what: format!("{data}|{path}") })?;
        let sealed = key.seal(value.to_string().as_bytes(), data.bytes(path).as_bytes())?;
        Ok(Some(("sealed", BASE64_STANDARD_NO_PAD.encode(sealed).into())))
    })
}

/// Replaces every `{"sealed": "…"}` by `{"personal": value}`; without a key they stay, and read as
/// erased.
pub(crate) fn open(payload: &mut Value, key: Option<&Key>, data: AssociatedData<'_>) -> Result<(), Error> {
    visit(payload, "sealed", &mut String::new(), &mut |value, path| {
        let Some(key) = key else { return Ok(None) };
        let bytes = value.as_str().and_then(|text| BASE64_STANDARD_NO_PAD.decode(text).ok());
        let plain = bytes.and_then(|bytes| key.open(&bytes, data.bytes(path).as_bytes()));
        let plain = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        let plain = plain.ok_or_else(|| Error::DoesNotOpen { what: format!("{data}|{path}") })?;
        Ok(Some(("personal", plain)))
    })
}

/// Replaces every `{"sealed": "…"}` by `{"personal": null}`: values whose key was destroyed.
pub(crate) fn redact(payload: &mut Value) {
    let redacted = visit(payload, "sealed", &mut String::new(), &mut |_, _| Ok(Some(("personal", Value::Null))));
    debug_assert!(redacted.is_ok(), "nothing is opened, so nothing fails to open");
}

/// Whether there is any `{"sealed": "…"}` in it.
pub(crate) fn is_sealed(payload: &Value) -> bool {
    match payload {
        Value::Object(object) => {
            (object.len() == 1 && object.get("sealed").is_some_and(|inner| !inner.is_null())) || object.values().any(is_sealed)
        }
        Value::Array(array) => array.iter().any(is_sealed),
        _ => false,
    }
}

type Replace<'a> = dyn FnMut(&Value, &str) -> Result<Option<(&'static str, Value)>, Error> + 'a;

/// Finds every object whose only key is `marker` and whose value is not null, with the path to it.
fn visit(value: &mut Value, marker: &str, path: &mut String, replace: &mut Replace<'_>) -> Result<(), Error> {
    if let Value::Object(object) = value
        && object.len() == 1
        && let Some(inner) = object.get(marker)
        && !inner.is_null()
    {
        if let Some((marker, replaced)) = replace(inner, path)? {
            object.clear();
            object.insert(marker.to_owned(), replaced);
        }
        return Ok(());
    }
    let parts: Vec<(String, &mut Value)> = match value {
        Value::Object(object) => object.iter_mut().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(array) => array.iter_mut().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect(),
        _ => return Ok(()),
    };
    for (part, inner) in parts {
        let length = path.len();
        path.push('/');
        path.push_str(&part);
        visit(inner, marker, path, replace)?;
        path.truncate(length);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::MasterKeys;
    use crate::person_key::{KeyWrap, Person};

    fn person() -> Person {
        let wrap = KeyWrap::new(&MasterKeys::generate().expect("randomness"));
        wrap.generate(AccountId::new(Uuid::from_u128(1)), UserId::new(Uuid::from_u128(2))).expect("randomness")
    }

    fn data() -> AssociatedData<'static> {
        AssociatedData { account_id: AccountId::new(Uuid::from_u128(1)), aggregate_type: "user", aggregate_id: "u", sequence: 1 }
    }

    fn payload() -> Value {
        json!({"Invited": {"email": {"personal": "ada@example.com"}, "role": "admin", "more": [{"personal": {"a": 1}}], "gone": {"personal": null}}})
    }

    #[test]
    fn sealing_hides_personal_values_and_nothing_else() {
        let (person, mut sealed) = (person(), payload());
        seal(&mut sealed, person.key.as_ref(), data()).expect("seals");
        assert!(!sealed.to_string().contains("ada"));
        assert_eq!(sealed["Invited"]["role"], "admin");
        assert!(sealed["Invited"]["email"]["sealed"].is_string() && sealed["Invited"]["more"][0]["sealed"].is_string());
        assert_eq!(sealed["Invited"]["gone"], json!({"personal": null}));
        open(&mut sealed, person.key.as_ref(), data()).expect("opens");
        assert_eq!(sealed, payload());
    }

    #[test]
    fn a_sealed_value_opens_only_where_it_was_sealed() {
        let (person, mut sealed) = (person(), payload());
        seal(&mut sealed, person.key.as_ref(), data()).expect("seals");
        let elsewhere = [
            AssociatedData { sequence: 2, ..data() },
            AssociatedData { aggregate_id: "v", ..data() },
            AssociatedData { account_id: AccountId::new(Uuid::from_u128(9)), ..data() },
        ];
        for data in elsewhere {
            assert!(matches!(open(&mut sealed.clone(), person.key.as_ref(), data), Err(Error::DoesNotOpen { .. })));
        }
        let mut moved = json!({"Invited": {"name": sealed["Invited"]["email"]}});
        assert!(open(&mut moved, person.key.as_ref(), data()).is_err());
    }

    #[test]
    fn without_a_key_nothing_personal_is_stored_and_nothing_sealed_is_opened() {
        assert!(matches!(seal(&mut payload(), None, data()), Err(Error::PersonMissing { .. })));
        let mut sealed = payload();
        seal(&mut sealed, person().key.as_ref(), data()).expect("seals");
        let before = sealed.clone();
        open(&mut sealed, None, data()).expect("stays");
        assert_eq!(sealed, before);
        redact(&mut sealed);
        assert_eq!(sealed["Invited"]["email"], json!({"personal": null}));
        assert_eq!(sealed["Invited"]["role"], "admin");
    }
}
