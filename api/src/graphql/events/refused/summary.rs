/// One English sentence that names no one.
pub(super) fn summary(operation: &str, code: &str) -> String {
    let what = match operation {
        "signIn" => "A sign-in with a password".to_owned(),
        "signInWithProvider" => "A sign-in with a provider".to_owned(),
        "exportHistory" => "An export of the history".to_owned(),
        "exportUsers" => "An export of the list of users".to_owned(),
        other => format!("The change {other}"),
    };
    match reason(code) {
        Some(reason) => format!("{what} was refused: {reason}."),
        None => format!("{what} was refused with {code}."),
    }
}

fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "FORBIDDEN" => "the permissions do not allow it",
        "INVALID_CREDENTIALS" => "the address or the password is wrong",
        "TOO_MANY_ATTEMPTS" => "there were too many attempts in a short time",
        "ACCESS_DEACTIVATED" => "the user is deactivated",
        "AUTH_METHOD_NOT_ALLOWED" => "the user may not sign in this way",
        "WRONG_PASSWORD" => "the current password was wrong",
        "INVITATION_NOT_ACCEPTED" => "the invitation must be accepted first",
        "NOT_INVITED" => "no user here has the address that the provider confirms",
        "PROVIDER_EMAIL_UNVERIFIED" => "the provider does not confirm the address",
        "PROVIDER_ACCOUNT_DIFFERS" => "the user signs in with another account of this provider",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_without_words_of_its_own_is_told_by_its_code() {
        assert_eq!(summary("inviteUser", "FORBIDDEN"), "The change inviteUser was refused: the permissions do not allow it.");
        assert_eq!(summary("exportUsers", "FORBIDDEN"), "An export of the list of users was refused: the permissions do not allow it.");
        assert_eq!(summary("signIn", "OF_TOMORROW"), "A sign-in with a password was refused with OF_TOMORROW.");
    }
}
