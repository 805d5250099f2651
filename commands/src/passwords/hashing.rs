//! Work with passwords that keeps a processor busy: judging, hashing and comparing them, without stopping everything else.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use domain::{NewPassword, WeakPassword};
use secrecy::{ExposeSecret, SecretString};

use super::turns::{Origin, Turns};
use crate::limits::network_of;
use crate::{Context, Error, Fault};

/// How many requests may wait for each processor: less than two seconds of work.
const WAITING_PER_PROCESSOR: usize = 32;
/// Bytes of a new salt.
const SALT_BYTES: usize = 16;

/// Argon2id with 19 MiB and two passes, as OWASP advises: about 50 ms each. As many at once as there are processors; others wait
/// for their [turn](Turns), and are refused with [`Fault::Overloaded`] when too many wait.
pub(crate) struct Passwords {
    turns: Arc<Turns>,
    memory: Arc<Memory>,
    /// The hash that is compared for unknown addresses, so that the time of the answer is the same.
    decoy: String,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let memory = Memory::default();
        // The salt and password of the decoy are of no matter: nothing compares equal to it.
        let decoy = memory.hash(b"decoy", b"roster-decoy-salt").expect("the default parameters are valid");
        Self { turns: Turns::new(processors, processors * WAITING_PER_PROCESSOR), memory: Arc::new(memory), decoy }
    }

    /// Judges a new password; `known` are texts whose words an attacker would try first. The estimate of its
    /// strength takes up to half a second for a long one.
    pub(crate) async fn judge(&self, ctx: &Context, password: SecretString, known: Vec<String>) -> Result<NewPassword, Error> {
        let judge = move |_: &Memory| {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            NewPassword::parse(password.expose_secret(), &known)
        };
        let judged: Result<_, WeakPassword> = self.in_turn(network_of(ctx), judge).await?;
        Ok(judged.map_err(domain::Refusal::from)?)
    }

    /// The hash of a new password, in the PHC string format.
    pub(crate) async fn hash(&self, ctx: &Context, password: &NewPassword) -> Result<String, Error> {
        self.hash_verified(ctx, password.secret().clone()).await
    }

    /// The hash of a password that was verified, in the PHC string format. Whether it would be chosen today is no matter.
    pub(crate) async fn hash_verified(&self, ctx: &Context, password: SecretString) -> Result<String, Error> {
        let mut salt = [0; SALT_BYTES];
        getrandom::fill(&mut salt)?;
        let hash = self.in_turn(network_of(ctx), move |memory| memory.hash(password.expose_secret().as_bytes(), &salt));
        hash.await?.map_err(|error| Fault::Password(error).into())
    }

    /// Whether a password is the hashed one; with no hash, `false` after the same time.
    pub(crate) async fn verify(&self, ctx: &Context, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.clone());
        let result = self.in_turn(network_of(ctx), move |memory| memory.is_hash_of(&hash, password.expose_secret().as_bytes()));
        Ok(result.await?.map_err(Fault::Password)? && known)
    }

    /// Whether a stored hash was made with weaker parameters than hashes are made with today.
    pub(crate) fn is_outdated(hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let Ok(params) = Params::try_from(&hash) else { return false };
        let (then, today) = ([params.m_cost(), params.t_cost(), params.p_cost()], Params::DEFAULT);
        let weaker = then.iter().zip([today.m_cost(), today.t_cost(), today.p_cost()]).any(|(then, today)| *then < today);
        weaker || hash.algorithm != Algorithm::default().ident()
    }

    /// Works on a thread that may be kept busy. The turn ends with the work, also when the request was cancelled.
    async fn in_turn<T: Send + 'static>(&self, origin: Origin, work: impl FnOnce(&Memory) -> T + Send + 'static) -> Result<T, Error> {
        let turn = self.turns.take(origin).await?;
        let (turns, memory) = (Arc::clone(&self.turns), Arc::clone(&self.memory));
        let work = tokio::task::spawn_blocking(move || {
            let result = work(&memory);
            if !turns.is_awaited() {
                memory.give_back();
            }
            drop(turn);
            result
        });
        Ok(work.await?)
    }
}

/// The memory that Argon2 fills, 19 MiB for each hash at work. It is used again while others wait, and freed when none wait.
#[derive(Default)]
struct Memory {
    spare: Mutex<Vec<Vec<Block>>>,
}

impl Memory {
    fn hash(&self, password: &[u8], salt: &[u8]) -> Result<String, password_hash::Error> {
        let argon2 = Argon2::default();
        let mut hash = [0; Params::DEFAULT_OUTPUT_LEN];
        self.fill(&argon2, password, salt, &mut hash)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon2.params())?,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(&hash)?),
        };
        Ok(hash.to_string())
    }

    /// Whether a text is the hash of a password. Any other text is not.
    fn is_hash_of(&self, text: &str, password: &[u8]) -> Result<bool, password_hash::Error> {
        let Ok(stored) = PasswordHash::new(text) else { return Ok(false) };
        let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
        let version = stored.version.map(Version::try_from).transpose()?.unwrap_or_default();
        let argon2 = Argon2::new(Algorithm::try_from(stored.algorithm.as_str())?, version, Params::try_from(&stored)?);
        let mut hash = vec![0; expected.len()];
        self.fill(&argon2, password, salt, &mut hash)?;
        // Comparing two outputs takes the same time wherever they differ.
        Ok(Output::new(&hash)? == *expected)
    }

    fn fill(&self, argon2: &Argon2<'_>, password: &[u8], salt: &[u8], hash: &mut [u8]) -> Result<(), password_hash::Error> {
        let spare = self.spare().pop();
        let mut blocks = spare.unwrap_or_default();
        blocks.resize(argon2.params().block_count(), Block::new());
        argon2.hash_password_into_with_memory(password, salt, hash, &mut blocks)?;
        self.spare().push(blocks);
        Ok(())
    }

    fn give_back(&self) {
        let spare = std::mem::take(&mut *self.spare());
        drop(spare);
    }

    fn spare(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::Actor;

    use super::*;

    fn ctx() -> Context {
        Context::new(Actor::Visitor, None, DateTime::UNIX_EPOCH)
    }

    #[tokio::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let (passwords, ctx) = (Passwords::new(), ctx());
        let password = NewPassword::parse("correct horse battery staple", &[]).expect("strong");
        let hash = passwords.hash(&ctx, &password).await.expect("hashes");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let verify = |text: &str, hash: Option<&str>| passwords.verify(&ctx, NewPassword::to_verify(text), hash.map(str::to_owned));
        assert!(verify("correct horse battery staple", Some(&hash)).await.expect("compares"));
        assert!(!verify("correct horse battery stable", Some(&hash)).await.expect("compares"));
        assert!(!verify("decoy", None).await.expect("compares"));
        assert!(!verify("decoy", Some("no hash")).await.expect("compares"));
    }

    #[test]
    fn memory_that_is_used_again_changes_no_hash() {
        use argon2::{PasswordHasher, PasswordVerifier};

        let memory = Memory::default();
        let salt = b"sixteen-bytes-ok";
        for password in ["one", "two", "three"] {
            let ours = memory.hash(password.as_bytes(), salt).expect("hashes");
            let theirs: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt).expect("hashes");
            assert_eq!(ours, theirs.to_string());
            assert!(Argon2::default().verify_password(password.as_bytes(), &theirs).is_ok());
            assert!(memory.is_hash_of(&ours, password.as_bytes()).expect("compares"));
            // Cheaper parameters leave more memory than they need, dearer ones need more.
            let cheap = Argon2::new(Algorithm::Argon2id, Version::default(), Params::new(4_096, 3, 1, None).expect("valid"));
            let cheap: PasswordHash = cheap.hash_password_with_salt(password.as_bytes(), salt).expect("hashes");
            assert!(memory.is_hash_of(&cheap.to_string(), password.as_bytes()).expect("compares"));
            assert!(!memory.is_hash_of(&cheap.to_string(), b"another").expect("compares"));
        }
        assert_eq!(memory.spare().len(), 1, "one at a time needs one");
        memory.give_back();
        assert_eq!(memory.spare().len(), 0);
    }

    #[tokio::test]
    async fn a_password_is_judged_while_other_work_goes_on() {
        // One thread: what is judged on it would stop everything else.
        let (passwords, ctx) = (Passwords::new(), ctx());
        let long: String = ('a'..='z').cycle().step_by(7).take(72).collect();
        let judged = passwords.judge(&ctx, long.into(), vec!["ada".to_owned()]);
        tokio::pin!(judged);
        let mut turns = 0;
        loop {
            tokio::select! {
                biased;
                judged = judged.as_mut() => {
                    drop(judged.expect("a long text is hard to guess"));
                    break;
                }
                () = tokio::task::yield_now() => turns += 1,
            }
        }
        assert!(turns > 0, "the thread was kept busy");
    }

    #[tokio::test]
    async fn a_hash_is_outdated_when_it_was_cheaper_to_make() {
        let passwords = Passwords::new();
        let password = NewPassword::parse("correct horse battery staple", &[]).expect("strong");
        assert!(!Passwords::is_outdated(&passwords.hash(&ctx(), &password).await.expect("hashes")));
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
