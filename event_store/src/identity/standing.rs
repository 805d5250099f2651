//! What the stored and the present identity say of a database.

/// What the order of the feed depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// Of the cluster; `None` where it may not be read.
    pub(super) system_identifier: Option<i64>,
    pub(super) database_oid: i64,
    /// Of the table that stores the identity.
    pub(super) table_oid: i64,
    /// Of the WAL; `None` where it may not be read, and on a standby.
    pub(super) timeline: Option<i32>,
}

/// An identity that was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) identity: Identity,
    /// Whether the row is the one that was written with it, not a restored copy: its `xmin` is the transaction that it names.
    pub(super) is_original: bool,
}

/// The newest event of the current generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Newest {
    /// Whether its row is the one that the transaction wrote which its `xid` names.
    pub(super) is_original: bool,
    /// Whether that transaction is in the future of this cluster.
    pub(super) is_ahead: bool,
}

/// What one statement finds out about a database.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one answer of the server")]
pub(super) struct Observed {
    pub(super) generation: i32,
    pub(super) stored: Option<Stored>,
    pub(super) present: Identity,
    pub(super) has_events: bool,
    pub(super) newest: Option<Newest>,
    /// `restore finish` has started, and its erasures are not all applied.
    pub(super) is_unfinished: bool,
    /// The server is configured to recover to a target.
    pub(super) has_recovery_target: bool,
    pub(super) is_read_only: bool,
    /// The schema has no columns for an identity yet.
    pub(super) is_old_schema: bool,
}

/// What has to be done about a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing: it is the one that stored its identity.
    Known,
    /// Its identity can be stored: nothing in it depends on another one.
    Unclaimed,
    /// The server has ended a recovery, as after a failover.
    NewTimeline,
    Restored(Restored),
}

/// How a database was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Restored {
    /// From a dump (`pg_restore`, `psql`), or by another copy of its rows.
    #[error("this database was restored from a dump: run `roster restore finish` first")]
    FromDump,
    /// It is a copy of the files of another database, such as `create database … template` makes.
    #[error("this database is a restored copy of another one: run `roster restore finish` first")]
    Copied,
    /// To a point in time: what was recorded later is gone.
    #[error("this database was restored to a point in time: run `roster restore finish` first")]
    ToPointInTime,
    /// `roster restore finish` was started with a list of erasures, and did not apply all of it.
    #[error("the restore of this database is not finished: run `roster restore finish --erasures FILE` again")]
    Unfinished,
}

impl Restored {
    /// What has happened, in a few words.
    #[must_use]
    pub const fn what(self) -> &'static str {
        match self {
            Self::FromDump => "Restored from a dump",
            Self::Copied => "Copied from another database",
            Self::ToPointInTime => "Restored to a point in time",
            Self::Unfinished => "Restored",
        }
    }
}

impl Observed {
    pub(super) fn standing(&self) -> Standing {
        match self.standing_of_identity() {
            Standing::Known | Standing::Unclaimed | Standing::NewTimeline if self.is_unfinished => Standing::Restored(Restored::Unfinished),
            standing => standing,
        }
    }

    fn standing_of_identity(&self) -> Standing {
        let Some(Stored { identity, is_original }) = self.stored else {
            // The newest event decides: the columns for an identity are younger than it.
            let is_own = self.newest.is_none_or(|newest| newest.is_original && !newest.is_ahead);
            return if !self.has_events || is_own { Standing::Unclaimed } else { Standing::Restored(Restored::FromDump) };
        };
        let present = &self.present;
        let same_cluster = agree(identity.system_identifier, present.system_identifier);
        let same_database = identity.database_oid == present.database_oid;
        let same_files = is_original && identity.table_oid == present.table_oid && !self.newest.is_some_and(|newest| newest.is_ahead);
        if !self.has_events {
            // There is no order to protect.
            return if same_files && same_cluster && same_database { Standing::Known } else { Standing::Unclaimed };
        }
        match (same_files, same_cluster, same_database) {
            (false, ..) => Standing::Restored(Restored::FromDump),
            (true, _, false) => Standing::Restored(Restored::Copied),
            // pg_upgrade keeps files, object ids and the counter of transaction ids, and makes another cluster of them.
            (true, false, true) => Standing::Unclaimed,
            (true, true, true) if agree(identity.timeline, present.timeline) => Standing::Known,
            (true, true, true) if self.has_recovery_target => Standing::Restored(Restored::ToPointInTime),
            (true, true, true) => Standing::NewTimeline,
        }
    }
}

/// What cannot be read cannot differ.
fn agree<T: PartialEq>(stored: Option<T>, present: Option<T>) -> bool {
    stored.zip(present).is_none_or(|(stored, present)| stored == present)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Identity = Identity { system_identifier: Some(7), database_oid: 5, table_oid: 100, timeline: Some(1) };

    fn known() -> Observed {
        Observed {
            generation: 1,
            stored: Some(Stored { identity: OWN, is_original: true }),
            present: OWN,
            has_events: true,
            newest: Some(Newest { is_original: true, is_ahead: false }),
            is_unfinished: false,
            has_recovery_target: false,
            is_read_only: false,
            is_old_schema: false,
        }
    }

    fn in_place(present: Identity) -> Observed {
        Observed { present, ..known() }
    }

    fn restored(present: Identity) -> Observed {
        Observed { stored: Some(Stored { identity: OWN, is_original: false }), ..in_place(present) }
    }

    #[test]
    fn each_kind_of_restore_is_told_apart() {
        let elsewhere = Identity { system_identifier: Some(8), database_oid: 6, table_oid: 200, timeline: Some(1) };
        let (dump, copy) = (Standing::Restored(Restored::FromDump), Standing::Restored(Restored::Copied));
        for (what, observed, standing) in [
            ("the database itself", known(), Standing::Known),
            ("a dump in another cluster", restored(elsewhere), dump),
            ("a dump in another database", restored(Identity { database_oid: 6, table_oid: 200, ..OWN }), dump),
            ("a dump in the same database, tables made again", restored(Identity { table_oid: 200, ..OWN }), dump),
            ("a dump whose row was written by the same transaction id", in_place(elsewhere), dump),
            ("a dump whose object ids are the same", restored(Identity { system_identifier: Some(8), ..OWN }), dump),
            ("a template", in_place(Identity { database_oid: 6, ..OWN }), copy),
            ("pg_upgrade", in_place(Identity { system_identifier: Some(8), ..OWN }), Standing::Unclaimed),
            ("a failover", in_place(Identity { timeline: Some(2), ..OWN }), Standing::NewTimeline),
            ("a standby", in_place(Identity { timeline: None, ..OWN }), Standing::Known),
            ("a server that reveals nothing", in_place(Identity { system_identifier: None, timeline: None, ..OWN }), Standing::Known),
            (
                "point-in-time recovery",
                Observed { has_recovery_target: true, ..in_place(Identity { timeline: Some(2), ..OWN }) },
                Standing::Restored(Restored::ToPointInTime),
            ),
            ("a target that was reached before", Observed { has_recovery_target: true, ..known() }, Standing::Known),
            ("ids from the future", Observed { newest: Some(Newest { is_original: true, is_ahead: true }), ..known() }, dump),
            ("a generation without events", Observed { newest: None, ..known() }, Standing::Known),
            ("erasures not applied", Observed { is_unfinished: true, ..known() }, Standing::Restored(Restored::Unfinished)),
            ("a dump of such a one", Observed { is_unfinished: true, ..restored(elsewhere) }, dump),
        ] {
            assert_eq!(observed.standing(), standing, "{what}");
        }
    }

    #[test]
    fn a_database_from_before_identities_is_taken_on_if_its_events_are_its_own() {
        let old = Observed { stored: None, ..known() };
        let with = |is_original, is_ahead| Observed { newest: Some(Newest { is_original, is_ahead }), ..old };
        assert_eq!(old.standing(), Standing::Unclaimed);
        assert_eq!(with(false, false).standing(), Standing::Restored(Restored::FromDump), "also where its ids lie in the past");
        assert_eq!(with(true, true).standing(), Standing::Restored(Restored::FromDump));
    }

    #[test]
    fn a_database_without_events_belongs_to_any_cluster() {
        let elsewhere = Identity { system_identifier: Some(8), database_oid: 6, table_oid: 200, timeline: Some(1) };
        let empty = Observed { has_events: false, newest: None, ..restored(elsewhere) };
        assert_eq!(empty.standing(), Standing::Unclaimed);
        assert_eq!(Observed { stored: None, ..empty }.standing(), Standing::Unclaimed);
        assert_eq!(Observed { has_events: false, newest: None, ..known() }.standing(), Standing::Known);
    }
}
