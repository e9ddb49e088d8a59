//! Skills over the weeks that tell which are new.

use super::{ADA, BOB, all, date, open, week};
use crate::{
    support::{
        engine,
        events::{Event, Tables, insert_rows, prompt},
    },
    warehouse::asking::activated,
};
use recap::warehouse::{People, Warehouse};
use serde_json::{Value, json};

const SHAPES: [Tables; 3] = [Tables::Map, Tables::MapWithoutTime, Tables::Json];

/// Person, piece, skill and uses.
async fn skills(warehouse: &Warehouse, people: &People) -> Vec<(String, String, String, u64)> {
    let rows = all(warehouse.skills_in(&week().skills(), people).await.unwrap()).await;
    rows.into_iter()
        .flat_map(|row| {
            row.skills.into_iter().map(move |skill| (row.email.clone(), date(skill.day_ms), skill.name, skill.uses))
        })
        .collect()
}

fn expected() -> Vec<(String, String, String, u64)> {
    [("12-16", "commit", 2), ("12-16", "old", 1), ("01-15", "commit", 1), ("01-19", "new", 1)]
        .map(|(day, name, uses)| (ADA.to_owned(), day.to_owned(), name.to_owned(), uses))
        .into()
}

#[tokio::test]
async fn uses_are_told_by_the_pieces_of_the_weeks_and_none_from_before_them() {
    let rows = [
        // Read, to know that the use was earlier, and not told.
        activated("2024-12-15 23:50:00", "0", "p0", "earlier"),
        activated("2024-12-15 23:59:59.999", "1", "p1", "through"),
        activated("2024-12-16 00:00:01", "1", "p1", "through"),
        activated("2024-12-16 00:00:00", "2", "p2", "commit"),
        activated("2025-01-12 23:59:59.999", "3", "p3", "commit"),
        activated("2025-01-05 12:00:00", "4", "p4", "old"),
        activated("2025-01-15 12:00:00", "5", "p5", "commit"),
        activated("2025-01-15 12:00:00", "5", "p5", "commit"),
        activated("2025-01-19 23:59:59.999", "6", "p6", "new"),
        activated("2025-01-20 00:00:00", "7", "p7", "later"),
        activated("2025-01-15 12:00:00", "8", "p8", "fix").set("user.email", BOB),
    ];
    let ada = People::of([&ADA.parse().unwrap()]);
    for tables in SHAPES {
        assert_eq!(skills(&open(tables, &rows).await, &ada).await, expected(), "{tables:?}");
    }
}

#[tokio::test]
async fn zeude_s_prompts_tell_the_same() {
    let row = |number: u32, at: &str, name: &str| {
        json!({"prompt_id": format!("00000000-0000-0000-0000-{number:012}"), "session_id": "s", "user_id": "u",
               "user_email": ADA, "timestamp": at, "prompt_type": "skill", "invoked_name": name})
    };
    let rows: Vec<Value> = vec![
        row(1, "2024-12-15 23:59:59", "/through"),
        row(1, "2024-12-16 00:10:00", "/through"),
        row(2, "2024-12-16 00:00:00", "/commit"),
        row(3, "2025-01-12 23:59:59", "/commit"),
        row(4, "2025-01-05 12:00:00", "/old"),
        row(5, "2025-01-15 12:00:00", "/commit"),
        row(6, "2025-01-19 23:59:59", "/new"),
        row(7, "2025-01-20 00:00:00", "/later"),
    ];
    let database = Tables::Zeude.create().await;
    insert_rows(&database, "ai_prompts", &rows).await;
    let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
    assert_eq!(skills(&warehouse, &People::everyone()).await, expected());
}

#[tokio::test]
async fn none_of_six_hundred_skills_of_one_person_drops_out() {
    const MANY: usize = 600;
    let days = ["2024-12-20", "2025-01-13", "2025-01-14", "2025-01-15", "2025-01-16", "2025-01-17"];
    let use_of = |day: &str, number: usize| {
        let id = format!("{day}-{number}");
        // The old ones are told last of all where there are too many: once, and late in the alphabet.
        let name = if day.starts_with("2024") { format!("z{number:03}") } else { format!("a{number:03}") };
        activated(&format!("{day} 12:00:00"), &id, &id, &name)
    };
    let rows: Vec<Event> = days
        .iter()
        .flat_map(|day| (0..MANY).map(move |number| use_of(day, number)))
        .chain([prompt("2025-01-13 12:00:00", ADA, "s")])
        .collect();
    for tables in SHAPES {
        let found = skills(&open(tables, &rows).await, &People::everyone()).await;
        assert_eq!(found.len(), MANY * days.len(), "{tables:?}");
        assert!(found.iter().all(|(.., uses)| *uses == 1), "{tables:?}");
        let old = found.iter().filter(|(_, day, name, _)| day == "12-16" && name.starts_with('z'));
        assert_eq!(old.count(), MANY, "{tables:?}");
    }
}
