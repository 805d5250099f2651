//! A position in the feed, also as bytes.

/// A position in the feed: after everything up to it, before everything else. Opaque outside. Clients get it sealed
/// ([`Cursors`](crate::Cursors)): it shows how much happens in the whole cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor {
    pub(crate) generation: i32,
    pub(crate) xid: u64,
    pub(crate) position: i64,
}

impl Cursor {
    /// How many bytes [`to_bytes`](Self::to_bytes) gives.
    pub const LENGTH: usize = 20;

    /// As bytes that compare as cursors do: generation, xid, position, big-endian.
    #[must_use]
    pub fn to_bytes(self) -> [u8; Self::LENGTH] {
        let mut bytes = [0; Self::LENGTH];
        bytes[..4].copy_from_slice(&self.generation.to_be_bytes());
        bytes[4..12].copy_from_slice(&self.xid.to_be_bytes());
        bytes[12..].copy_from_slice(&self.position.to_be_bytes());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) has written.
    ///
    /// # Errors
    /// When it is of another length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidCursor> {
        let bytes: &[u8; Self::LENGTH] = bytes.try_into().map_err(|_| InvalidCursor)?;
        let part = |from: usize| -> [u8; 8] { std::array::from_fn(|index| bytes[from + index]) };
        let generation = i32::from_be_bytes(std::array::from_fn(|index| bytes[index]));
        Ok(Self { generation, xid: u64::from_be_bytes(part(4)), position: i64::from_be_bytes(part(12)) })
    }

    /// The transaction of the event, as a number that rises in the order of the feed: `transaction_of` in SQL.
    #[must_use]
    pub const fn transaction(self) -> i64 {
        ((self.generation as i64) << 48) | self.xid.cast_signed()
    }

    /// The number of the event within its transaction and beyond.
    #[must_use]
    pub const fn position(self) -> i64 {
        self.position
    }

    /// The position right before an event.
    #[must_use]
    pub const fn before(self) -> Self {
        Self { position: self.position - 1, ..self }
    }
}

/// Bytes that are not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a cursor of the feed")]
pub struct InvalidCursor;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_cursors_compare_as_the_cursors_do() {
        let of = |generation, xid, position| Cursor { generation, xid, position };
        let rising = [of(0, 0, 0), of(1, 0, 9), of(1, 1, 1), of(1, 1, 256), of(1, 300, 2), of(2, 1, 1), of(2, u64::MAX, i64::MAX)];
        assert!(rising.is_sorted() && rising.map(Cursor::to_bytes).is_sorted());
        for cursor in rising {
            assert_eq!(Cursor::from_bytes(&cursor.to_bytes()), Ok(cursor));
            assert!(cursor.to_bytes().as_slice() < [0xff].as_slice());
        }
        assert_eq!(Cursor::from_bytes(&[0; 19]), Err(InvalidCursor));
    }
}
