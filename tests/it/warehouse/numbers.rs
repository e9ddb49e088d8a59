//! The rules for honest numbers, each with the rows that break a naive query.

use super::questions::wednesday;
use crate::support::{
    engine,
    events::{EVERY_SHAPE, Event, Tables, event, insert, insert_rows, prompt, request},
};
use recap::{
    schedule::DailyWindow,
    warehouse::{DayActivity, MemberActivity, MemberSkills, People, Warehouse},
};
use serde_json::json;

const ADA: &str = "ada@example.com";

async fn open(tables: Tables, events: &[Event]) -> Warehouse {
    let database = tables.create().await;
    insert(tables, &database, events).await;
    warehouse(&database).await
}

async fn warehouse(database: &str) -> Warehouse {
    Warehouse::open(&engine::url().await, &engine::settings(database).await).await.unwrap()
}

async fn activity(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberActivity> {
    let mut rows = warehouse.activity(window, &People::everyone(), true).await.unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().await.unwrap() {
        all.push(row);
    }
    all
}

async fn skills(warehouse: &Warehouse, window: &DailyWindow) -> Vec<MemberSkills> {
    let mut rows = warehouse.skills(window, &People::everyone()).await.unwrap();
    let mut all = Vec::new();
    while let Some(row) = rows.next().await.unwrap() {
        all.push(row);
    }
    all
}

fn day_of(rows: &[MemberActivity], email: &str) -> DayActivity {
    rows.iter().find(|row| row.email == email).and_then(|row| row.days.last()).copied().unwrap_or_default()
}

#[tokio::test]
async fn a_row_delivered_twice_counts_once_in_every_shape() {
    for tables in EVERY_SHAPE {
        let first = request("2025-01-15 10:00:00", ADA, "s1", "req_1", "0.25");
        let nameless = |tokens: &str| {
            request("2025-01-15 11:00:00", ADA, "s2", "", "0.5").set("input_tokens", tokens).set("event.sequence", "7")
        };
        let rows = [
            first.clone(),
            first,
            nameless("3"),
            nameless("3"),
            nameless("4"),
            prompt("2025-01-15 09:00:00", ADA, "s3"),
        ];
        let warehouse = open(tables, &rows).await;
        let found = activity(&warehouse, &wednesday(chrono_tz::UTC)).await;
        let day = day_of(&found, ADA);
        assert_eq!((day.sessions, day.sessions_ending, day.cost_nanos), (3, 3, 1_250_000_000), "{tables:?}");
        assert_eq!((day.input_tokens, day.output_tokens), (107, 30), "{tables:?}");
        assert_eq!((day.cache_read_tokens, day.cache_creation_tokens), (3000, 150), "{tables:?}");
        assert_eq!(found[0].models.iter().map(|model| model.requests).sum::<u64>(), 3, "{tables:?}");
    }
}

#[tokio::test]
async fn a_session_counts_on_each_of_its_days_and_once_in_a_window() {
    let zone = chrono_tz::Asia::Kathmandu;
    // Midnight in Kathmandu is 18:15 UTC.
    let rows = [
        prompt("2025-01-14 18:10:00", ADA, "late"),
        prompt("2025-01-14 18:20:00", ADA, "late"),
        prompt("2025-01-13 10:00:00", ADA, "early"),
    ];
    let warehouse = open(Tables::Map, &rows).await;
    let found = activity(&warehouse, &wednesday(zone)).await;
    let days: Vec<_> = found[0].days.iter().map(|day| (day.sessions, day.sessions_ending)).collect();
    assert_eq!(days, [(1, 1), (1, 0), (1, 1)]);
}

#[tokio::test]
async fn costs_in_micros_and_numbers_with_a_point_are_read_and_nonsense_is_not() {
    for tables in [Tables::Map, Tables::Json] {
        let base = |id: &str| request("2025-01-15 10:00:00", ADA, "s", id, "");
        let rows = [
            base("a").set("cost_usd_micros", "250000").set("input_tokens", "1000.0"),
            base("b").set("cost_usd", "-5").set("input_tokens", "-7"),
            base("c").set("cost_usd", "nan").set("input_tokens", "1e300"),
            base("d").set("cost_usd", "1e300").set("input_tokens", "many"),
            base("e").set("cost_usd", "0.004").set("cost_usd_micros", "9000000"),
        ];
        let warehouse = open(tables, &rows).await;
        let day = day_of(&activity(&warehouse, &wednesday(chrono_tz::UTC)).await, ADA);
        assert_eq!(day.cost_nanos, 254_000_000, "{tables:?}");
        assert_eq!(day.input_tokens, 1100, "{tables:?}");
    }
}

#[tokio::test]
async fn idle_events_other_agents_and_rows_without_a_session_open_none() {
    let rows = [
        event("api_error", "2025-01-15 10:00:00").set("user.email", ADA).set("session.id", "idle"),
        prompt("2025-01-15 10:00:00", ADA, "codex").sent_by("codex_cli_rs"),
        prompt("2025-01-15 10:00:00", ADA, ""),
        prompt("2025-01-15 10:00:00", ADA, "own").sent_by("claude-code-desktop"),
    ];
    let warehouse = open(Tables::Map, &rows).await;
    assert_eq!(day_of(&activity(&warehouse, &wednesday(chrono_tz::UTC)).await, ADA).sessions, 1);
}

#[tokio::test]
async fn a_person_is_found_by_address_then_by_the_only_one_beside_account_device_or_session() {
    for tables in [Tables::Map, Tables::Json] {
        let at = "2025-01-15 10:00:00";
        let rows = [
            prompt(at, " Ada@Example.COM ", "1").set("user.account_uuid", "A").set("user.id", "D"),
            prompt(at, "", "2").set("user.account_uuid", "A"),
            // The account has no address beside it, the device has.
            prompt(at, "", "3").set("user.account_uuid", "B").set("user.id", "D"),
            prompt(at, "", "1"),
            prompt(at, "", "4").set("enduser.id", "ada@example.com"),
            prompt(at, "ada", "5").resource("user.email", "ADA@example.com"),
            // zeude's keys count in zeude's shape only.
            prompt(at, "", "6").set("zeude.user.email", ADA),
            // Two people on one account: nobody's, though the device would tell.
            prompt(at, "bob@example.com", "7").set("user.account_uuid", "shared"),
            prompt(at, "eve@example.com", "8").set("user.account_uuid", "shared"),
            prompt(at, "", "9").set("user.account_uuid", "shared").set("user.id", "D"),
        ];
        let warehouse = open(tables, &rows).await;
        let found = activity(&warehouse, &wednesday(chrono_tz::UTC)).await;
        let sessions: Vec<_> = found.iter().map(|row| (row.email.as_str(), row.days[0].sessions)).collect();
        assert_eq!(sessions, [(ADA, 5), ("bob@example.com", 1), ("eve@example.com", 1)], "{tables:?}");
    }
}

#[tokio::test]
async fn aliases_join_two_addresses_of_one_person() {
    let database = Tables::Map.create().await;
    let at = "2025-01-15 10:00:00";
    let rows = [
        prompt(at, "ada@old.example", "1").set("user.account_uuid", "A"),
        prompt(at, ADA, "2").set("user.account_uuid", "A"),
        prompt(at, "", "3").set("user.account_uuid", "A"),
    ];
    insert(Tables::Map, &database, &rows).await;
    let mut settings = engine::settings(&database).await;
    settings.aliases.insert("ada@old.example".parse().unwrap(), ADA.parse().unwrap());
    let warehouse = Warehouse::open(&engine::url().await, &settings).await.unwrap();
    let found = activity(&warehouse, &wednesday(chrono_tz::UTC)).await;
    assert_eq!(found.len(), 1);
    assert_eq!(day_of(&found, ADA).sessions, 3);
}

fn skill(at: &str, source: &str, prompt_id: &str, name: &str) -> Event {
    let row = event(source, at).set("user.email", ADA).set("session.id", "s").set("prompt.id", prompt_id);
    match source {
        "user_prompt" => row.set("command_name", name).set("command_source", "custom"),
        "tool_result" => row.set("tool_name", "Skill").set("tool_parameters", &json!({"skill_name": name}).to_string()),
        _ => row.set("skill.name", name),
    }
}

fn counted(found: &[MemberSkills]) -> Vec<(String, u64)> {
    found
        .first()
        .map(|row| row.skills.iter().map(|skill| (skill.name.clone(), skill.uses)).collect())
        .unwrap_or_default()
}

#[tokio::test]
async fn one_use_of_a_skill_counts_once_whatever_tells_of_it() {
    for tables in [Tables::Map, Tables::MapWithoutTime, Tables::Json] {
        let rows = [
            // One prompt, told by all four.
            skill("2025-01-15 10:00:00", "user_prompt", "p1", "/commit"),
            skill("2025-01-15 10:00:01", "skill_activated", "p1", "commit"),
            skill("2025-01-15 10:00:02", "tool_result", "p1", "commit"),
            skill("2025-01-15 10:00:03", "api_request", "p1", "commit"),
            // The next prompt, and another skill in it.
            skill("2025-01-15 10:01:00", "skill_activated", "p2", "commit"),
            skill("2025-01-15 10:01:00", "skill_activated", "p2", "review-pr"),
            // Hidden and built in names are none.
            skill("2025-01-15 10:02:00", "skill_activated", "p3", "custom_skill"),
            skill("2025-01-15 10:02:00", "api_request", "p4", "third-party"),
            skill("2025-01-15 10:02:00", "user_prompt", "p5", "clear").set("command_source", "builtin"),
        ];
        let warehouse = open(tables, &rows).await;
        let found = skills(&warehouse, &wednesday(chrono_tz::UTC)).await;
        assert_eq!(counted(&found), [("commit".into(), 2), ("review-pr".into(), 1)], "{tables:?}");
    }
}

#[tokio::test]
async fn without_a_prompt_s_id_the_best_source_of_a_session_counts_by_its_rows() {
    let old = |at: &str, source: &str, name: &str| skill(at, source, "", name);
    let rows = [
        old("2025-01-15 10:00:00", "tool_result", "tdd:ci"),
        old("2025-01-15 10:00:00", "tool_result", "tdd:ci"),
        old("2025-01-15 10:05:00", "tool_result", "tdd:ci"),
        old("2025-01-15 10:06:00", "api_request", "tdd:ci"),
        old("2025-01-15 10:07:00", "api_request", "tdd:ci"),
        // Requests alone say only that it was in use.
        old("2025-01-15 10:08:00", "api_request", "fix"),
        old("2025-01-15 10:09:00", "api_request", "fix"),
    ];
    let warehouse = open(Tables::Map, &rows).await;
    let found = skills(&warehouse, &wednesday(chrono_tz::UTC)).await;
    assert_eq!(counted(&found), [("fix".into(), 1), ("tdd:ci".into(), 2)]);
}

#[tokio::test]
async fn zeude_s_prompts_are_reduced_before_the_day_is_asked() {
    let database = Tables::Zeude.create().await;
    let row = |id: &str, at: &str, kind: &str, name: &str| {
        json!({"prompt_id": id, "session_id": "s", "user_id": "u", "user_email": ADA, "team": "x", "timestamp": at,
               "prompt_type": kind, "invoked_name": name, "prompt_text": "secret"})
    };
    let rows = [
        // Told again after midnight, but used before it.
        row("00000000-0000-0000-0000-000000000001", "2025-01-14 23:59:00", "skill", "/commit"),
        row("00000000-0000-0000-0000-000000000001", "2025-01-15 00:10:00", "skill", "/commit"),
        row("00000000-0000-0000-0000-000000000002", "2025-01-15 10:00:00", "natural", ""),
        row("00000000-0000-0000-0000-000000000002", "2025-01-15 10:01:00", "command", "review-pr"),
        row("00000000-0000-0000-0000-000000000003", "2025-01-15 10:00:00", "command", "Users"),
        row("00000000-0000-0000-0000-000000000004", "2025-01-15 10:00:00", "skill", "custom_skill"),
    ];
    insert_rows(&database, "ai_prompts", &rows).await;
    insert(Tables::Zeude, &database, &[prompt("2025-01-15 10:00:00", "", "s").resource("zeude.user.email", ADA)]).await;
    let warehouse = warehouse(&database).await;
    let window = wednesday(chrono_tz::UTC);
    let found = skills(&warehouse, &window).await;
    let on_wednesday: Vec<_> = found[0]
        .skills
        .iter()
        .filter(|skill| skill.day_ms >= window.days[0].start_ms())
        .map(|skill| (skill.name.as_str(), skill.uses))
        .collect();
    assert_eq!(on_wednesday, [("review-pr", 1)]);
    assert_eq!(day_of(&activity(&warehouse, &window).await, ADA).sessions, 1);
}

#[tokio::test]
async fn active_days_are_local_days_of_ninety() {
    let rows = [
        prompt("2025-01-15 10:00:00", ADA, "1"),
        prompt("2025-01-14 10:00:00", ADA, "2"),
        prompt("2025-01-14 12:00:00", ADA, "3"),
        prompt("2024-10-01 12:00:00", ADA, "long ago"),
    ];
    let warehouse = open(Tables::Json, &rows).await;
    let window = wednesday(chrono_tz::UTC);
    let row = warehouse.active_days(&window, &People::everyone()).await.unwrap().next().await.unwrap().unwrap();
    assert_eq!(row.days, [window.history[88].start_ms(), window.history[89].start_ms()]);
}

#[tokio::test]
async fn only_the_people_asked_for_are_answered() {
    let at = "2025-01-15 10:00:00";
    let warehouse = open(Tables::Map, &[prompt(at, ADA, "1"), prompt(at, "bob@example.com", "2")]).await;
    let bob = "bob@example.com".parse().unwrap();
    let mut rows = warehouse.activity(&wednesday(chrono_tz::UTC), &People::of([&bob]), false).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap().email, "bob@example.com");
    assert!(rows.next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_answer_that_waits_for_others_loses_nothing() {
    let at = "2025-01-15 10:00:00";
    let rows: Vec<Event> =
        (0..600).map(|number| prompt(at, &format!("m{number:03}@example.com"), &number.to_string())).collect();
    let warehouse = open(Tables::Map, &rows).await;
    let mut answer = warehouse.activity(&wednesday(chrono_tz::UTC), &People::everyone(), false).await.unwrap();
    tokio::time::pause();
    // Twice on the way it is read ahead.
    let mut eleven = tokio::time::interval(std::time::Duration::from_secs(11));
    eleven.tick().await;
    let released = async {
        eleven.tick().await;
    };
    answer.wait(released).await.unwrap();
    tokio::time::resume();
    for number in 0..600 {
        assert_eq!(answer.next().await.unwrap().unwrap().email, format!("m{number:03}@example.com"));
    }
    assert!(answer.next().await.unwrap().is_none());
    assert!(answer.next().await.unwrap().is_none());
}
