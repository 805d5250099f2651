//! Signing in at a mail server, with `PLAIN` or `LOGIN` (RFC 4954).

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};

use super::{
    connection::{Connection, Stream},
    judgement::{Step, StepFailure},
    reply::Broken,
};

/// Signs in, in the first way of `PLAIN` and `LOGIN` that the server offers.
pub(super) async fn sign_in<S: Stream + 'static>(
    connection: &mut Connection<S>,
    user: &str,
    password: &SecretString,
) -> Result<(), StepFailure> {
    let password = password.expose_secret();
    let offered = connection.ways_to_sign_in();
    let (command, answers) = if offered.contains(&"PLAIN") {
        (format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}"))), vec![])
    } else if offered.contains(&"LOGIN") {
        ("AUTH LOGIN".to_owned(), vec![STANDARD.encode(user), STANDARD.encode(password)])
    } else {
        return Err(Step::Auth.broken(Broken::Refusing(no_common_way(&offered))));
    };
    let mut reply = connection.ask(Step::Auth, &command).await?;
    for answer in answers {
        if reply.code != 334 {
            break;
        }
        reply = connection.ask(Step::Auth, &answer).await?;
    }
    Step::Auth.succeeded(reply)?;
    Ok(())
}

fn no_common_way(offered: &[&str]) -> String {
    if offered.is_empty() {
        return "the server offers no way to sign in: leave the user and password out of ROSTER_SMTP_URL, or use the port on which it does"
            .to_owned();
    }
    let offered = offered.join(", ");
    format!("the server offers {offered}, and Roster signs in with PLAIN or LOGIN: ask the provider for an app password or a relay")
}
