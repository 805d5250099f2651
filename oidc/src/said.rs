//! What a provider says about a person, in the ID token and in user info: the claims that Roster uses, and no others.
//!
//! Both are by the same provider about the same person within a second. Where they contradict each other, one of them is wrong or
//! meant for another person, and no identity is proven.

use domain::EmailAddress;
use serde_json::{Map, Value};

use super::error::ProviderError;
use super::identity::PersonName;

/// What one of them says.
#[derive(Debug, Default)]
pub(super) struct Said {
    email: Option<String>,
    email_verified: Verified,
    name: Option<String>,
}

/// What both say together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SaidTogether {
    pub(super) email: Option<EmailAddress>,
    pub(super) email_verified: bool,
    pub(super) name: Option<PersonName>,
}

/// Whether the provider vouches for the address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verified {
    #[default]
    Unsaid,
    Yes,
    No,
    /// Something else than `true` or `false`, such as `"true"`: it vouches for nothing.
    NotBoolean,
}

impl Said {
    /// Reads the claims. One of another type than it should have says nothing; all others are not looked at.
    pub(super) fn read(claims: &Map<String, Value>) -> Self {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let email_verified = match claims.get("email_verified") {
            None | Some(Value::Null) => Verified::Unsaid,
            Some(Value::Bool(true)) => Verified::Yes,
            Some(Value::Bool(false)) => Verified::No,
            Some(_) => Verified::NotBoolean,
        };
        Self { email: text("email"), email_verified, name: text("name") }
    }

    /// What the ID token and user info say together. The address must be vouched for where it is named, and nowhere denied.
    pub(super) fn together(self, info: Self) -> Result<SaidTogether, ProviderError> {
        if matches!((self.email_verified, info.email_verified), (Verified::Yes, Verified::No) | (Verified::No, Verified::Yes)) {
            return Err(ProviderError::Contradiction);
        }
        if let (Some(one), Some(other)) = (&self.email, &info.email)
            && !is_same(one, other)
        {
            return Err(ProviderError::Contradiction);
        }
        let both = [&info, &self];
        let vouches = |said: &&Self| said.email.is_some() && said.email_verified == Verified::Yes;
        let denies = |said: &&Self| matches!(said.email_verified, Verified::No | Verified::NotBoolean);
        let email_verified = both.into_iter().any(|said| vouches(&said)) && !both.into_iter().any(|said| denies(&said));
        let email = info.email.or(self.email).and_then(|email| EmailAddress::parse(&email).ok());
        let email_verified = email.is_some() && email_verified;
        Ok(SaidTogether { email, email_verified, name: info.name.or(self.name).map(PersonName) })
    }
}

/// Whether two texts are one address, however they are written.
fn is_same(one: &str, other: &str) -> bool {
    match (EmailAddress::parse(one), EmailAddress::parse(other)) {
        (Ok(one), Ok(other)) => one.normalised() == other.normalised(),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(claims: &Value) -> Said {
        Said::read(claims.as_object().expect("an object"))
    }

    fn together(token: &Value, info: &Value) -> Result<(Option<String>, bool), ProviderError> {
        let both = said(token).together(said(info))?;
        Ok((both.email.map(|email| email.normalised().to_owned()), both.email_verified))
    }

    #[test]
    fn an_address_counts_where_it_is_vouched_for_and_nowhere_denied() {
        let (ada, verified) = (json!({ "email": "ada@acme.example" }), json!({ "email": "ada@acme.example", "email_verified": true }));
        let with = |value: Value| json!({ "email": "Ada@ACME.example", "email_verified": value });
        for (token, info, is_verified) in [
            (&verified, &json!({}), true),
            (&json!({}), &verified, true),
            (&verified, &ada, true),
            (&ada, &verified, true),
            (&verified, &verified, true),
            (&verified, &with(json!(true)), true),
            (&verified, &with(Value::Null), true),
            (&ada, &ada, false),
            (&ada, &json!({ "email_verified": true }), false),
            (&with(json!(false)), &ada, false),
            (&with(json!("true")), &json!({}), false),
            (&json!({}), &with(json!("true")), false),
            (&verified, &with(json!("true")), false),
            (&with(json!("false")), &verified, false),
            (&with(json!(1)), &json!({}), false),
            (&with(json!(["true"])), &json!({}), false),
        ] {
            assert_eq!(together(token, info), Ok((Some("ada@acme.example".to_owned()), is_verified)), "{token} {info}");
        }
        assert_eq!(together(&json!({ "email_verified": true }), &json!({})), Ok((None, false)));
        assert_eq!(together(&with(json!(true)).clone(), &json!({ "email": "" })), Ok((Some("ada@acme.example".to_owned()), true)));
    }

    #[test]
    fn contradictions_are_refused() {
        let says = |email: &str, verified: Value| json!({ "email": email, "email_verified": verified });
        for (token, info) in [
            (says("a@a.example", json!(true)), says("b@a.example", json!(true))),
            (says("a@a.example", Value::Null), says("b@a.example", json!(true))),
            (says("a@a.example", json!(true)), says("b@a.example", Value::Null)),
            (says("a@a.example", json!(false)), says("a@a.example", json!(true))),
            (says("a@a.example", json!(true)), says("a@a.example", json!(false))),
            (json!({ "email_verified": false }), says("a@a.example", json!(true))),
            (says("a@a.example", json!(true)), json!({ "email_verified": false })),
            (says("no address", json!(true)), says("a@a.example", json!(true))),
        ] {
            assert_eq!(together(&token, &info), Err(ProviderError::Contradiction), "{token} {info}");
        }
    }

    #[test]
    fn claims_of_another_type_say_nothing() {
        for odd in [json!(1), json!({}), json!([]), json!(null), json!(true), json!("")] {
            let both = said(&json!({ "email": odd, "name": odd })).together(said(&json!({ "name": "Ada" }))).expect("says little");
            assert_eq!(both, SaidTogether { email: None, email_verified: false, name: Some(PersonName("Ada".to_owned())) }, "{odd}");
        }
    }
}
