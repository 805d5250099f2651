//! Hashing passwords, and comparing them, without stopping everything else.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params};
use domain::NewPassword;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::{Error, Fault};

/// Argon2id with 19 MiB and two passes, as OWASP advises: about 50 ms each. As many at once as there
/// are processors; others wait their turn, so that sign-ins cannot exhaust the memory.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// The hash that is compared for addresses that nobody has, so that the time tells nothing.
    decoy: String,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        // The salt and password of the decoy are of no matter: nothing compares equal to it.
        let decoy = Argon2::default().hash_password_with_salt(b"decoy", b"roster-decoy-salt").map(|hash: PasswordHash| hash.to_string());
        Self { turns: Arc::new(Semaphore::new(processors)), decoy: decoy.expect("the default parameters are valid") }
    }

    /// The hash of a new password, in the PHC string format.
    pub(crate) async fn hash(&self, password: &NewPassword) -> Result<String, Error> {
        self.hash_verified(password.secret().clone()).await
    }

    /// The hash of a password that was verified, in the PHC string format. Whether it would be chosen today is no matter.
    pub(crate) async fn hash_verified(&self, password: SecretString) -> Result<String, Error> {
        let hash = self.in_turn(move || {
            let hash: PasswordHash = Argon2::default().hash_password(password.expose_secret().as_bytes())?;
            Ok(hash.to_string())
        });
        hash.await?.map_err(|error| Fault::Password(error).into())
    }

    /// Whether a password is the hashed one; with no hash, `false` after the same time.
    pub(crate) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let result = self.in_turn(move || {
            let hash = PasswordHash::new(&hash).map_err(|_| password_hash::Error::PasswordInvalid)?;
            Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash)
        });
        match result.await? {
            Ok(()) => Ok(known),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(Fault::Password(error).into()),
        }
    }

    /// Whether a stored hash was made with weaker parameters than hashes are made with today.
    pub(crate) fn is_outdated(hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let Ok(params) = Params::try_from(&hash) else { return false };
        let (then, today) = ([params.m_cost(), params.t_cost(), params.p_cost()], Params::DEFAULT);
        let weaker = then.iter().zip([today.m_cost(), today.t_cost(), today.p_cost()]).any(|(then, today)| *then < today);
        weaker || hash.algorithm != Algorithm::default().ident()
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("the semaphore is never closed");
        let work = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        Ok(work.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let passwords = Passwords::new();
        let password = NewPassword::parse("correct horse battery staple", &[]).expect("strong");
        let hash = passwords.hash(&password).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let verify = |text: &str, hash: Option<&str>| passwords.verify(NewPassword::to_verify(text), hash.map(str::to_owned));
        assert!(verify("correct horse battery staple", Some(&hash)).await.expect("compares"));
        assert!(!verify("correct horse battery stable", Some(&hash)).await.expect("compares"));
        assert!(!verify("decoy", None).await.expect("compares"));
    }

    #[tokio::test]
    async fn a_hash_is_outdated_when_it_was_cheaper_to_make() {
        let passwords = Passwords::new();
        let password = NewPassword::parse("correct horse battery staple", &[]).expect("strong");
        assert!(!Passwords::is_outdated(&passwords.hash(&password).await.expect("hashes")));
        for (params, outdated) in
            [("m=19456,t=2,p=1", false), ("m=65536,t=3,p=4", false), ("m=4096,t=3,p=1", true), ("m=19456,t=1,p=1", true)]
        {
            let hash = format!("$argon2id$v=19${params}$c2FsdHNhbHQ$Bx9yyuCTjKSY0LuMwgFWt/CPHEFT5yAcrGMOHJWHMmk");
            assert_eq!(Passwords::is_outdated(&hash), outdated, "{params}");
        }
        assert!(Passwords::is_outdated("$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$Bx9yyuCTjKSY0LuMwgFWt/CPHEFT5yAcrGMOHJWHMmk"));
        assert!(!Passwords::is_outdated("no hash"), "what cannot be read cannot be verified");
    }
}
