use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use domain::AccountId;

/// Begins every cursor of refused attempts, so that one of another list is told apart.
const KIND: &str = "refused";

/// A text that is no cursor of this account's refused attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`after` is not a cursor of a refused attempt of this account")]
pub(super) struct InvalidAttemptCursor;

/// The cursor as clients keep it. It names the account, so that nobody takes it elsewhere.
pub(super) fn write(account_id: AccountId, number: i64) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{KIND}:{account_id}:{number}"))
}

/// Reads a cursor that was given out for this account.
pub(super) fn parse(account_id: AccountId, text: &str) -> Result<i64, InvalidAttemptCursor> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidAttemptCursor)?;
    let plain = String::from_utf8(bytes).map_err(|_| InvalidAttemptCursor)?;
    let number = plain.strip_prefix(&format!("{KIND}:{account_id}:")).ok_or(InvalidAttemptCursor)?;
    number.parse().map_err(|_| InvalidAttemptCursor)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_is_read_only_in_the_account_that_it_was_given_out_in() {
        let (own, foreign) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let text = write(own, 42);
        assert_eq!(parse(own, &text), Ok(42));
        assert_eq!(parse(foreign, &text), Err(InvalidAttemptCursor));
        for text in ["", "42", "=", "cmVmdXNlZA", &text[1..], &format!("{text}!")] {
            assert_eq!(parse(own, text), Err(InvalidAttemptCursor), "{text}");
        }
    }
}
