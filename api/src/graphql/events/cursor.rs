use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use domain::AccountId;
use event_store::Cursor;

/// Begins every cursor of events, so that one of a list is told apart.
const KIND: &str = "event";

/// A text that is no cursor of this account's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`after` is not a cursor of an event of this account")]
pub(crate) struct InvalidEventCursor;

/// The cursor as clients keep it. It names the account, so that nobody takes it elsewhere.
pub(crate) fn write(account_id: AccountId, cursor: Cursor) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("{KIND}:{account_id}:{cursor}"))
}

/// Reads a cursor that was given out for this account.
pub(crate) fn parse(account_id: AccountId, text: &str) -> Result<Cursor, InvalidEventCursor> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidEventCursor)?;
    let plain = String::from_utf8(bytes).map_err(|_| InvalidEventCursor)?;
    let cursor = plain.strip_prefix(&format!("{KIND}:{account_id}:")).ok_or(InvalidEventCursor)?;
    cursor.parse().map_err(|_| InvalidEventCursor)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_is_read_only_in_the_account_that_it_was_given_out_in() {
        let (own, foreign) = (AccountId::new(Uuid::from_u128(1)), AccountId::new(Uuid::from_u128(2)));
        let cursor: Cursor = "1.42.7".parse().unwrap();
        let text = write(own, cursor);
        assert_eq!(parse(own, &text), Ok(cursor));
        assert_eq!(parse(foreign, &text), Err(InvalidEventCursor));
        for text in ["", "1.42.7", "=", "ZXZlbnQ", &text[1..], &format!("{text}x")] {
            assert_eq!(parse(own, text), Err(InvalidEventCursor), "{text}");
        }
    }
}
