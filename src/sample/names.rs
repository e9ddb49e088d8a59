//! Names, teams and zones of made-up people.

use super::draw::Draw;
use chrono_tz::Tz;

// Two prime lengths: pairs by remainder repeat only after 31 × 37 people.
static FIRST: [&str; 31] = [
    "Lena", "Tomas", "Priya", "Yuki", "Marta", "Owen", "Ines", "Kofi", "Nora", "Hugo", "Aisha", "Pavel", "Clara",
    "Diego", "Freya", "Jin", "Salma", "Emil", "Rosa", "Arjun", "Mina", "Lukas", "Zofia", "Theo", "Amara", "Felix",
    "Hana", "Ravi", "Elif", "Marco", "Greta",
];

static LAST: [&str; 37] = [
    "Fischer",
    "Novak",
    "Sharma",
    "Tanaka",
    "Kowalska",
    "Hughes",
    "Costa",
    "Mensah",
    "Larsen",
    "Moreau",
    "Rahman",
    "Ivanov",
    "Weber",
    "Alvarez",
    "Nilsson",
    "Park",
    "Haddad",
    "Lindberg",
    "Rossi",
    "Patel",
    "Kim",
    "Bauer",
    "Zielinski",
    "Laurent",
    "Okafor",
    "Schmid",
    "Sato",
    "Iyer",
    "Demir",
    "Bianchi",
    "Vogel",
    "Silva",
    "Murphy",
    "Jansen",
    "Castillo",
    "Nguyen",
    "Walker",
];

static TEAMS: [&str; 8] = ["Platform", "Payments", "Mobile", "Data", "Infrastructure", "Growth", "Search", "Design"];

static ZONES: [(u32, Tz); 11] = [
    (25, Tz::Europe__Berlin),
    (20, Tz::America__New_York),
    (14, Tz::America__Los_Angeles),
    (12, Tz::Europe__London),
    (8, Tz::Asia__Kolkata),
    (6, Tz::Asia__Seoul),
    (5, Tz::Asia__Tokyo),
    (4, Tz::America__Sao_Paulo),
    (3, Tz::Australia__Sydney),
    (2, Tz::Pacific__Auckland),
    (1, Tz::Asia__Kathmandu),
];

/// How many people one numbered team has before the next number starts.
const MEMBERS_PER_NUMBER: u32 = 200;

/// The name and the address of the `index`th person; no two share an address.
pub(super) fn person(index: u32) -> (String, String) {
    let first = FIRST[index as usize % FIRST.len()];
    let last = LAST[index as usize % LAST.len()];
    let round = index as usize / (FIRST.len() * LAST.len());
    let number = if round == 0 { String::new() } else { (round + 1).to_string() };
    let email = format!("{}.{}{number}@example.com", first.to_lowercase(), last.to_lowercase());
    (format!("{first} {last}"), email)
}

/// The team of the `index`th person: `Platform`, in a large company also `Platform 2` and so on.
pub(super) fn team(index: u32) -> String {
    let name = TEAMS[index as usize / 3 % TEAMS.len()];
    match index / MEMBERS_PER_NUMBER {
        0 => name.to_owned(),
        number => format!("{name} {}", number + 1),
    }
}

pub(super) fn zone(draw: &mut Draw) -> Tz {
    draw.weighted(&ZONES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_people_share_an_address() {
        let addresses: HashSet<_> = (0..50_000).map(|index| person(index).1).collect();
        assert_eq!(addresses.len(), 50_000);
    }
}
