//! What an API key may be used for.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text_enum::text_enum;
use crate::{Operation, Refusal};

text_enum!(
    /// A part of what its owner, or an admin, may do, that a key may be used for. As it is stored and typed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    ApiScope {
        /// Seeing users.
        UsersRead = "users:read",
        /// Inviting, changing and deleting users who are no admins.
        UsersWrite = "users:write",
        /// Together with others: doing it to admins too, and making admins.
        AdminsWrite = "admins:write",
        /// Seeing the links of invitations. Anyone with a link can become the invited user.
        LinksRead = "links:read",
        /// Reading what happened.
        AuditRead = "audit:read",
    }
);

impl ApiScope {
    const fn bit(self) -> u8 {
        match self {
            Self::UsersRead => 1,
            Self::UsersWrite => 2,
            Self::AuditRead => 4,
            Self::AdminsWrite => 8,
            Self::LinksRead => 16,
        }
    }
}

/// The scopes of one key: at least one. In JSON a list such as `["users:read"]`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ApiScopes(u8);

impl ApiScopes {
    /// Collects scopes; repeated ones count once.
    ///
    /// # Errors
    /// [`Refusal::ApiScopesRequired`] when there is none.
    pub fn parse(scopes: impl IntoIterator<Item = ApiScope>) -> Result<Self, Refusal> {
        let bits = scopes.into_iter().fold(0, |bits, scope| bits | scope.bit());
        if bits == 0 { Err(Refusal::ApiScopesRequired) } else { Ok(Self(bits)) }
    }

    /// The scopes, in the order of [`ApiScope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = ApiScope> {
        ApiScope::ALL.into_iter().filter(move |scope| self.0 & scope.bit() != 0)
    }

    /// Whether a command belongs to one of them.
    #[must_use]
    pub fn cover(self, operation: Operation) -> bool {
        self.iter().any(|scope| operation.scope() == Some(scope))
    }
}

impl fmt::Debug for ApiScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for ApiScopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(ApiScope::as_str))
    }
}

impl<'de> Deserialize<'de> for ApiScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let scopes = texts.iter().map(|text| ApiScope::find(text).ok_or_else(|| serde::de::Error::custom("an unknown scope")));
        Self::parse(scopes.collect::<Result<Vec<_>, _>>()?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_a_list_in_json_and_never_empty() {
        let scopes = ApiScopes::parse([ApiScope::AuditRead, ApiScope::UsersRead, ApiScope::AuditRead]).expect("not empty");
        let json = serde_json::to_string(&scopes).expect("JSON");
        assert_eq!(json, r#"["users:read","audit:read"]"#);
        assert_eq!(serde_json::from_str::<ApiScopes>(&json).expect("reads"), scopes);
        assert_eq!(ApiScopes::parse([]), Err(Refusal::ApiScopesRequired));
        for wrong in ["[]", r#"["users:none"]"#] {
            assert!(serde_json::from_str::<ApiScopes>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_operation_belongs_to_the_scope_that_the_written_table_says() {
        let of = |operation: Operation| ApiScope::ALL.into_iter().filter(|scope| operation.scope() == Some(*scope)).collect::<Vec<_>>();
        for operation in Operation::ALL {
            use Operation as O;
            let expected = match operation {
                O::ListUsers | O::ReadUser => vec![ApiScope::UsersRead],
                O::InviteUser | O::UpdateUser | O::RenameUser | O::ResendInvitation | O::DeleteUser => vec![ApiScope::UsersWrite],
                O::ManageAdmin => vec![ApiScope::AdminsWrite],
                O::RevealInvitationLink => vec![ApiScope::LinksRead],
                O::ReadAuditLog => vec![ApiScope::AuditRead],
                _ => vec![],
            };
            assert_eq!(of(operation), expected, "{operation:?}");
        }
    }
}
