//! What people hold: session tokens, and the signed tokens inside of links.

use std::fmt;

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{InvitationId, PasswordResetId, UserId};
use event_store::{DerivedKeys, KeyId, MasterKeys};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

/// How long the link that opens the first account works.
const WELCOME_HOURS: i64 = 24;

/// Signs the tokens of links under the current master key, and knows those of every other. Nothing secret of them is stored anywhere.
pub(crate) struct Tokens {
    invitations: DerivedKeys,
    password_resets: DerivedKeys,
    welcome: DerivedKeys,
    provider_sign_ins: DerivedKeys,
    choices: DerivedKeys,
}

/// The token of an invitation link: names the user and the invitation, signed.
#[derive(Clone)]
pub struct InvitationToken(SecretString);

/// The token of a link for a new password: names the user and the request for it, signed.
#[derive(Clone)]
pub struct PasswordResetToken(SecretString);

/// The token of the link that opens the first account: names when it was made, signed.
#[derive(Clone)]
pub struct WelcomeToken(SecretString);

/// The secret of a session: 256 random bits, of which only the hash is stored.
#[derive(Clone)]
pub struct SessionToken(SecretString);

/// The secret of an API key or a service key: 256 random bits, of which only the hash is stored.
#[derive(Clone)]
pub struct KeyToken(SecretString);

macro_rules! secret_text {
    ($($name:ident),+) => {
        $(
            impl $name {
                /// The text, which only its owner may see.
                #[must_use]
                pub fn expose(&self) -> &str {
                    self.0.expose_secret()
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(concat!(stringify!($name), "(…)"))
                }
            }
        )+
    };
}
secret_text!(InvitationToken, PasswordResetToken, WelcomeToken, SessionToken, KeyToken);

/// Whether a text has the form of a session's token, as opposed to that of a key.
#[must_use]
pub fn is_session_token(text: &str) -> bool {
    text.starts_with(SessionToken::PREFIX)
}

impl SessionToken {
    const PREFIX: &str = "roster_s_";

    /// Makes a new one.
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        Ok(Self(random(Self::PREFIX)?))
    }
}

impl KeyToken {
    /// What those of API keys begin with, so that programs which look for leaked secrets recognise them.
    pub(crate) const API_KEY_PREFIX: &str = "roster_k_";
    /// What those of service keys begin with: they act for an account.
    pub(crate) const SERVICE_KEY_PREFIX: &str = "roster_a_";

    /// Makes a new one that begins with this.
    pub(crate) fn generate(prefix: &str) -> Result<Self, getrandom::Error> {
        Ok(Self(random(prefix)?))
    }
}

/// 256 random bits as text, behind a prefix.
pub(crate) fn random(prefix: &str) -> Result<SecretString, getrandom::Error> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice())?;
    Ok(format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes.as_slice())).into())
}

impl Tokens {
    pub(crate) fn new(master: &MasterKeys) -> Self {
        Self {
            invitations: master.derive("invitation-links"),
            password_resets: master.derive("password-reset-links"),
            welcome: master.derive("welcome-links"),
            provider_sign_ins: master.derive("provider-sign-ins"),
            choices: master.derive("account-choices"),
        }
    }

    /// The token for the link of an invitation; the same whenever it is asked for, as long as the current master key is.
    pub(crate) fn invitation(&self, user: UserId, invitation: InvitationId) -> InvitationToken {
        InvitationToken(signed_pair(&self.invitations, user, invitation.uuid()))
    }

    /// The user and the invitation of a token, if it is signed with any of our master keys.
    pub(crate) fn read_invitation(&self, text: &str) -> Option<(UserId, InvitationId)> {
        let (user, invitation) = verified_pair(&self.invitations, text)?;
        Some((user, InvitationId::new(invitation)))
    }

    /// The token for a link for a new password; the same whenever it is asked for, as long as the current master key is.
    pub(crate) fn password_reset(&self, user: UserId, reset: PasswordResetId) -> PasswordResetToken {
        PasswordResetToken(signed_pair(&self.password_resets, user, reset.uuid()))
    }

    /// The user and the request of a token for a new password, if it is signed with any of our master keys.
    pub(crate) fn read_password_reset(&self, text: &str) -> Option<(UserId, PasswordResetId)> {
        let (user, reset) = verified_pair(&self.password_resets, text)?;
        Some((user, PasswordResetId::new(reset)))
    }

    /// The token for the link that opens the first account.
    pub(crate) fn welcome(&self, at: DateTime<Utc>) -> WelcomeToken {
        WelcomeToken(signed(&self.welcome, &at.timestamp().to_be_bytes()))
    }

    /// Whether a token for opening the first account is ours and not yet 24 hours old.
    pub(crate) fn is_welcome(&self, text: &str, at: DateTime<Utc>) -> bool {
        let made = verified(&self.welcome, text).and_then(|bytes| DateTime::from_timestamp(i64::from_be_bytes(bytes), 0));
        made.is_some_and(|made| at < made + TimeDelta::hours(WELCOME_HOURS))
    }

    /// The name of the master key that the proofs of a sign-in come from that begins now at a provider.
    pub(crate) fn provider_key_id(&self) -> KeyId {
        self.provider_sign_ins.current_id()
    }

    /// What belongs to the state of a sign-in at a provider: the same whenever it is asked for, and no one else knows it. `None` without
    /// the master key of this name.
    pub(crate) fn provider_proof(&self, key_id: KeyId, purpose: &str, state: &str) -> Option<SecretString> {
        let named = [purpose.as_bytes(), b"/", state.as_bytes()].concat();
        let key = self.provider_sign_ins.find(key_id)?;
        Some(BASE64_URL_SAFE_NO_PAD.encode(signature(key, &named)).into())
    }

    /// The token that chooses an account; everyone who has it can read what is in it.
    pub(crate) fn choice(&self, named: &[u8]) -> SecretString {
        signed(&self.choices, named)
    }

    /// The contents of a token that chooses an account, if it is signed with any of our master keys.
    pub(crate) fn read_choice(&self, text: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (named, given) = bytes.split_last_chunk::<32>()?;
        is_ours(&self.choices, named, given).then(|| named.to_vec())
    }
}

fn signature(key: &[u8; 32], named: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(named);
    mac.finalize().into_bytes().into()
}

/// Whether the signature of something is that of any of these keys, the current one first.
fn is_ours(keys: &DerivedKeys, named: &[u8], given: &[u8]) -> bool {
    keys.all().any(|key| signature(key, named).as_slice().ct_eq(given).into())
}

fn signed(keys: &DerivedKeys, named: &[u8]) -> SecretString {
    BASE64_URL_SAFE_NO_PAD.encode([named, &signature(keys.current(), named)].concat()).into()
}

/// A signed text that names a user and one of their things.
fn signed_pair(keys: &DerivedKeys, user: UserId, id: Uuid) -> SecretString {
    signed(keys, &[user.uuid().into_bytes(), id.into_bytes()].concat())
}

/// The user and the thing that a signed text names.
fn verified_pair(keys: &DerivedKeys, text: &str) -> Option<(UserId, Uuid)> {
    let named: [u8; 32] = verified(keys, text)?;
    let (user, id) = named.split_at(16);
    Some((UserId::new(Uuid::from_slice(user).ok()?), Uuid::from_slice(id).ok()?))
}

/// What a signed text names: `N` bytes before the signature.
fn verified<const N: usize>(keys: &DerivedKeys, text: &str) -> Option<[u8; N]> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (named, given) = bytes.split_first_chunk::<N>()?;
    is_ours(keys, named, given).then_some(*named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(&MasterKeys::generate().expect("randomness"))
    }

    #[test]
    fn a_link_names_its_user_and_invitation_and_cannot_be_forged() {
        let (tokens, user, invitation) = (tokens(), UserId::new(Uuid::from_u128(1)), InvitationId::new(Uuid::from_u128(2)));
        let token = tokens.invitation(user, invitation);
        assert_eq!(tokens.read_invitation(token.expose()), Some((user, invitation)));
        assert_eq!(super::tests::tokens().read_invitation(token.expose()), None, "another Roster's key");
        for index in 0..token.expose().len() {
            let mut forged = token.expose().to_owned().into_bytes();
            forged[index] = if forged[index] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).expect("ASCII");
            assert_eq!(tokens.read_invitation(&forged), None, "{index}");
        }
        for text in ["", "a", "ä", &token.expose()[1..], &format!("{}A", token.expose())] {
            assert_eq!(tokens.read_invitation(text), None);
        }
    }

    #[test]
    fn a_link_for_a_new_password_is_no_invitation_and_cannot_be_forged() {
        let (tokens, user, id) = (tokens(), UserId::new(Uuid::from_u128(1)), Uuid::from_u128(2));
        let token = tokens.password_reset(user, PasswordResetId::new(id));
        assert_eq!(tokens.read_password_reset(token.expose()), Some((user, PasswordResetId::new(id))));
        assert_eq!(super::tests::tokens().read_password_reset(token.expose()), None, "another Roster's key");
        assert_eq!(tokens.read_invitation(token.expose()), None);
        assert_eq!(tokens.read_password_reset(tokens.invitation(user, InvitationId::new(id)).expose()), None);
        for index in 0..token.expose().len() {
            let mut forged = token.expose().to_owned().into_bytes();
            forged[index] = if forged[index] == b'A' { b'B' } else { b'A' };
            assert_eq!(tokens.read_password_reset(&String::from_utf8(forged).expect("ASCII")), None, "{index}");
        }
    }

    #[test]
    fn a_welcome_link_works_for_24_hours_and_is_no_invitation() {
        let (tokens, made) = (tokens(), DateTime::from_timestamp(1_800_000_000, 0).expect("in range"));
        let token = tokens.welcome(made);
        let day = TimeDelta::hours(24);
        assert!(tokens.is_welcome(token.expose(), made + day - TimeDelta::microseconds(1)));
        assert!(!tokens.is_welcome(token.expose(), made + day));
        assert_eq!(tokens.read_invitation(token.expose()), None);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", SessionToken::generate()), "Ok(SessionToken(…))");
    }
}
