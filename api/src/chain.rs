//! An error and all that caused it, as one line.

use std::error::Error;

/// What an error says, then what each of its sources says, unless it was said already: some libraries repeat their source.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let (mut said, mut source) = (error.to_string(), error.source());
    while let Some(error) = source {
        let cause = error.to_string();
        if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
        source = error.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use commands::Fault;

    use super::*;

    #[test]
    fn every_cause_is_said_once() {
        let lost = event_store::DatabaseError::Io(std::io::Error::other("the line is dead"));
        assert_eq!(chain(&lost), "error communicating with database: the line is dead");
        assert_eq!(chain(&Fault::Database(lost.into())), "the database failed: error communicating with database: the line is dead");
    }
}
