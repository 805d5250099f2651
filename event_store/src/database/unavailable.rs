/// Why the database could not do what it was asked, though nothing is wrong with the question: the same may succeed in a few seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// It cannot be reached, is stopping, or accepts no more connections.
    Lost,
    /// Every connection is in use, or a lock or a statement has taken too long.
    Busy,
    /// It can only be read: a standby, or a primary that was made read-only.
    ReadOnly,
}

impl Unavailable {
    /// Whether an error means that the database is unavailable, and how. `None` for everything that trying again does not repair.
    #[must_use]
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        match error {
            sqlx::Error::PoolTimedOut => Some(Self::Busy),
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::PoolClosed | sqlx::Error::BeginFailed => Some(Self::Lost),
            sqlx::Error::Database(error) => Self::of_code(error.code()?.as_ref()),
            _ => None,
        }
    }

    /// By the codes of Postgres, appendix A of its documentation.
    fn of_code(code: &str) -> Option<Self> {
        match code {
            "25006" => Some(Self::ReadOnly),
            // Lock not available, statement cancelled; and conflicts that stayed after every attempt.
            "55P03" | "57014" | "40001" | "40P01" => Some(Self::Busy),
            // Sessions that Postgres has ended because a transaction was idle, or took too long. And a database that does not exist, or
            // takes no connections: its operator is changing something.
            "25P03" | "25P04" | "3D000" | "55000" => Some(Self::Lost),
            // Connection exception, insufficient resources (a full disk, too many connections), operator intervention, and
            // authorisation, which is only asked while connecting.
            _ if ["08", "53", "57", "28"].contains(&code.get(..2)?) => Some(Self::Lost),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_postgres_say_whether_to_try_again() {
        for (code, expected) in [
            ("25006", Some(Unavailable::ReadOnly)),
            ("55P03", Some(Unavailable::Busy)),
            ("57014", Some(Unavailable::Busy)),
            ("57P01", Some(Unavailable::Lost)),
            ("57P03", Some(Unavailable::Lost)),
            ("53300", Some(Unavailable::Lost)),
            ("53100", Some(Unavailable::Lost)),
            ("08006", Some(Unavailable::Lost)),
            ("08P01", Some(Unavailable::Lost)),
            ("25P03", Some(Unavailable::Lost)),
            ("23505", None),
            ("42703", None),
            ("22008", None),
            ("42501", None),
        ] {
            assert_eq!(Unavailable::of_code(code), expected, "{code}");
        }
        assert_eq!(Unavailable::of(&sqlx::Error::PoolTimedOut), Some(Unavailable::Busy));
        assert_eq!(Unavailable::of(&sqlx::Error::RowNotFound), None);
    }
}
