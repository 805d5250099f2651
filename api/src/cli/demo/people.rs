//! Who they are, and what became of them.

use domain::Role;

/// What became of a person after the invitation.
#[derive(Clone, Copy)]
pub(super) enum Fate {
    /// Accepted, and last signed in so many hours ago.
    Active { seen_hours_ago: i64 },
    /// Accepted, and was deactivated so many days ago.
    Inactive { days_ago: i64 },
    /// Was promoted to this role so many days ago.
    Promoted { to: Role, days_ago: i64 },
    /// Has not accepted.
    Silent,
    /// Did not accept the first link, and was sent another so many hours ago.
    Resent { hours_ago: i64 },
    /// Accepted, and was deleted so many days ago.
    Deleted { days_ago: i64 },
}

pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) role: Role,
    /// When they were invited.
    pub(super) hours_ago: i64,
    pub(super) fate: Fate,
}

const fn person(name: &'static str, role: Role, hours_ago: i64, fate: Fate) -> Person {
    Person { name, role, hours_ago, fate }
}

/// Oldest first. The first one is the admin who invites the others.
pub(super) const PEOPLE: &[Person] = &[
    person("Ines Duarte", Role::Admin, 24 * 190, Fate::Active { seen_hours_ago: 3 }),
    person("Tomás Herrera", Role::Admin, 24 * 189, Fate::Active { seen_hours_ago: 26 }),
    person("Greta Lindqvist", Role::Editor, 24 * 187, Fate::Promoted { to: Role::Admin, days_ago: 60 }),
    person("Kofi Mensah", Role::Editor, 24 * 186, Fate::Active { seen_hours_ago: 1 }),
    person("Yuki Tanabe", Role::Editor, 24 * 181, Fate::Active { seen_hours_ago: 5 }),
    person("Marta Kowalczyk", Role::Viewer, 24 * 179, Fate::Active { seen_hours_ago: 49 }),
    person("Idris Bello", Role::Viewer, 24 * 171, Fate::Deleted { days_ago: 40 }),
    person("Sofia Ricci", Role::Editor, 24 * 170, Fate::Active { seen_hours_ago: 30 }),
    person("Noah Becker", Role::Viewer, 24 * 166, Fate::Inactive { days_ago: 21 }),
    person("Amina Yusuf", Role::Viewer, 24 * 160, Fate::Active { seen_hours_ago: 170 }),
    person("Lars Nygaard", Role::Editor, 24 * 158, Fate::Active { seen_hours_ago: 8 }),
    person("Chloé Marchand", Role::Viewer, 24 * 150, Fate::Promoted { to: Role::Editor, days_ago: 90 }),
    person("Ravi Iyer", Role::Editor, 24 * 141, Fate::Active { seen_hours_ago: 52 }),
    person("Hana Novak", Role::Viewer, 24 * 139, Fate::Active { seen_hours_ago: 700 }),
    person("Mateus Lima", Role::Viewer, 24 * 130, Fate::Inactive { days_ago: 75 }),
    person("Elif Aydin", Role::Editor, 24 * 122, Fate::Active { seen_hours_ago: 2 }),
    person("Oskar Wiśniewski", Role::Viewer, 24 * 118, Fate::Deleted { days_ago: 12 }),
    person("Nadia Rahman", Role::Viewer, 24 * 110, Fate::Active { seen_hours_ago: 95 }),
    person("Ben Okafor", Role::Editor, 24 * 101, Fate::Active { seen_hours_ago: 20 }),
    person("Lucía Fernández", Role::Viewer, 24 * 97, Fate::Active { seen_hours_ago: 240 }),
    person("Petra Horvat", Role::Viewer, 24 * 88, Fate::Inactive { days_ago: 3 }),
    person("Samuel Osei", Role::Viewer, 24 * 80, Fate::Active { seen_hours_ago: 77 }),
    person("Mei Chen", Role::Editor, 24 * 71, Fate::Active { seen_hours_ago: 4 }),
    person("Dmitri Volkov", Role::Viewer, 24 * 66, Fate::Active { seen_hours_ago: 330 }),
    person("Freya Jensen", Role::Viewer, 24 * 54, Fate::Active { seen_hours_ago: 12 }),
    person("Arjun Patel", Role::Editor, 24 * 43, Fate::Active { seen_hours_ago: 27 }),
    person("Zanele Dube", Role::Viewer, 24 * 37, Fate::Active { seen_hours_ago: 150 }),
    person("Emil Novotný", Role::Viewer, 24 * 30, Fate::Silent),
    person("Rosa Delgado", Role::Viewer, 24 * 26, Fate::Active { seen_hours_ago: 60 }),
    person("Jonas Vogel", Role::Editor, 24 * 19, Fate::Active { seen_hours_ago: 6 }),
    person("Leila Haddad", Role::Viewer, 24 * 12, Fate::Silent),
    person("Owen Gallagher", Role::Viewer, 24 * 9, Fate::Resent { hours_ago: 20 }),
    person("Priya Nair", Role::Editor, 24 * 5, Fate::Active { seen_hours_ago: 9 }),
    person("Viktor Larsson", Role::Viewer, 24 * 3, Fate::Silent),
    person("Aisha Karim", Role::Editor, 24 * 2, Fate::Resent { hours_ago: 7 }),
    person("Daniel Kim", Role::Viewer, 18, Fate::Silent),
    person("Clara Weiss", Role::Editor, 5, Fate::Silent),
    person("Tiago Moreira", Role::Viewer, 1, Fate::Silent),
];

impl Person {
    /// Their address: `first.last` without the marks that addresses cannot have.
    pub(super) fn email(&self) -> String {
        let plain = |c: char| match c {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ś' => 's',
            'ý' => 'y',
            ' ' => '.',
            other => other.to_ascii_lowercase(),
        };
        format!("{}@nimbus.example", self.name.chars().map(plain).collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use domain::EmailAddress;

    use super::*;

    #[test]
    fn everybody_has_a_valid_address_of_their_own() {
        let addresses: std::collections::BTreeSet<_> = PEOPLE.iter().map(Person::email).collect();
        assert_eq!(addresses.len(), PEOPLE.len());
        for address in addresses {
            assert!(EmailAddress::parse(&address).is_ok(), "{address}");
        }
    }
}
