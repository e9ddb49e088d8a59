//! Rows that somebody could send to break the numbers, or everybody's answer.

use super::asking::{ADA, BOTH, NOON, activated, activity, all, open, open_with, said, skills, told, used, wednesday};
use crate::support::{
    engine,
    events::{Tables, event, insert, prompt, request},
};
use recap::warehouse::{People, Warehouse};

#[tokio::test]
async fn any_text_in_any_attribute_is_only_text() {
    let long = "x".repeat(10_000);
    let odd = [
        "it's",
        "back\\slash",
        "\\'",
        "nul\0inside",
        "what?",
        "{people:Array(String)}",
        "{{ table }}",
        "🚀👩‍🚀",
        "new\nline\ttab",
        "'; DROP TABLE otel_logs; --",
        "\"",
        "`",
        "]}",
        "\\N",
        "NULL",
        "\u{202e}",
        &long,
    ];
    for tables in BOTH {
        let mut rows = Vec::new();
        for (number, text) in odd.iter().enumerate() {
            let id = format!("{number}{text}");
            rows.push(
                request(NOON, ADA, &id, &id, "0.01")
                    .set("model", text)
                    .set("input_tokens", text)
                    .set("user.account_uuid", text)
                    .set("event.timestamp", text)
                    .resource("service.version", text),
            );
            rows.push(activated(NOON, text, &id, &id));
            rows.push(event("tool_result", NOON).set("tool_name", "Skill").set("tool_parameters", text));
            rows.push(prompt(NOON, &format!("{text}@example.com"), text));
        }
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        let ada = found.iter().find(|row| row.email == ADA).unwrap();
        let day = ada.days[0];
        assert_eq!((day.sessions, day.cost_nanos), (17, 170_000_000), "{tables:?}");
        assert_eq!(ada.models.len(), odd.len(), "{tables:?}");
        assert!(ada.models.iter().any(|model| model.model == "nul\0inside"), "{tables:?}");
        // Ada and all the others but the one whose address is longer than an address can be.
        assert_eq!(found.len(), odd.len(), "{tables:?}");
        let found = skills(&warehouse, &window).await;
        let of_ada: Vec<_> = used(&found).into_iter().filter(|(email, ..)| *email == ADA).collect();
        assert_eq!(of_ada.len(), odd.len(), "{tables:?}");
        assert!(of_ada.contains(&(ADA, "1back\\slash", 1)), "{tables:?}: {of_ada:?}");
    }
}

#[tokio::test]
async fn text_that_is_no_unicode_spoils_nobody_s_answer() {
    for tables in [Tables::Map, Tables::MapWithoutTime, Tables::Zeude] {
        let database = tables.create().await;
        insert(tables, &database, &[request(NOON, "zoe@example.com", "fine", "r", "1")]).await;
        let broken = format!(
            "INSERT INTO {database}.{} (Timestamp, ServiceName, Body, LogAttributes) VALUES \
             ('{NOON}', 'claude-code', 'claude_code.api_request', \
              map('user.email', concat('a', unhex('ff'), '@example.com'), 'session.id', unhex('fe'), \
                  'request_id', unhex('fd'), 'model', concat('m', unhex('ff')), 'skill.name', concat('s', unhex('ff')), \
                  'prompt.id', 'p'))",
            tables.logs()
        );
        let client = engine::client().await;
        client.query_raw(&broken).execute().await.unwrap();
        if tables == Tables::Zeude {
            let prompts = format!(
                "INSERT INTO {database}.ai_prompts (user_email, timestamp, prompt_type, invoked_name) VALUES \
                 (concat('a', unhex('ff'), '@example.com'), '{NOON}', 'skill', concat('s', unhex('ff')))"
            );
            client.query_raw(&prompts).execute().await.unwrap();
        }
        let warehouse = Warehouse::open(&engine::url().await, &engine::settings(&database).await).await.unwrap();
        let window = wednesday();
        let found = activity(&warehouse, &window).await;
        assert_eq!(
            told(&found, &window),
            said(&[("a\u{fffd}@example.com", 1, 0), ("zoe@example.com", 1, 100)]),
            "{tables:?}"
        );
        assert_eq!(found[0].models[0].model, "m\u{fffd}", "{tables:?}");
        assert_eq!(used(&skills(&warehouse, &window).await), [("a\u{fffd}@example.com", "s\u{fffd}", 1)], "{tables:?}");
        let active = all(warehouse.active_days(&window, &People::everyone()).await.unwrap()).await;
        assert_eq!(active.len(), 2, "{tables:?}");
        let (from, to) = (window.reported().start, window.reported().end);
        assert_eq!(all(warehouse.facts().people(from, to).await.unwrap()).await.len(), 2, "{tables:?}");
    }
}

#[tokio::test]
async fn a_session_of_thousands_of_prompts_people_and_skills_is_counted_whole() {
    const MANY: u64 = 5_000;
    let mut rows = Vec::new();
    for number in 0..MANY {
        let minute = format!("2025-01-15 {:02}:{:02}:00", number / 60 % 24, number % 60);
        rows.push(request(&minute, &format!("m{number:04}@example.com"), "crowd", &format!("c{number}"), "0.01"));
        rows.push(activated(&minute, "long", &format!("p{number}"), &format!("skill-{}", number % 7)));
        rows.push(prompt(&minute, ADA, "long"));
    }
    let (warehouse, window) = (open(Tables::Map, &rows).await, wednesday());
    let found = told(&activity(&warehouse, &window).await, &window);
    assert_eq!(found.len() as u64, MANY + 1);
    assert!(found.iter().all(|(email, sessions, cents)| *sessions == 1 && *cents == i64::from(email != ADA)));
    let found = skills(&warehouse, &window).await;
    assert_eq!(used(&found).len(), 7);
    assert_eq!(used(&found).iter().map(|(.., uses)| uses).sum::<u64>(), MANY);
}

#[tokio::test]
async fn aliases_people_and_services_with_quotes_are_bound_as_they_are() {
    let strange =
        ["o'brien@example.com", "back\\slash@example.com", "{people:string}@example.com", "what?\"`@example.com"];
    for tables in BOTH {
        let mut rows: Vec<_> = strange.iter().map(|email| prompt(NOON, email, email)).collect();
        rows.push(prompt(NOON, "old'\\@example.com", "old").sent_by("it's\\claude ?"));
        rows.push(prompt(NOON, ADA, "prefix").sent_by("claude-code-desktop"));
        rows.push(prompt(NOON, ADA, "other").sent_by("not-claude-code"));
        let warehouse = open_with(tables, &rows, |settings| {
            settings.services = vec!["claude-code".into(), "it's\\".into(), "{from:Int64}".into()];
            settings.aliases.insert("old'\\@example.com".parse().unwrap(), strange[0].parse().unwrap());
            settings.aliases.insert("{tz:string}'@example.com".parse().unwrap(), ADA.parse().unwrap());
        })
        .await;
        let window = wednesday();
        let mut expected = said(&[(strange[0], 2, 0), (ADA, 1, 0)]);
        expected.extend(said(&strange[1..].iter().map(|email| (*email, 1, 0)).collect::<Vec<_>>()));
        expected.sort();
        assert_eq!(told(&activity(&warehouse, &window).await, &window), expected, "{tables:?}");
        for (email, sessions, _) in &expected {
            let wanted = People::of([&email.parse().unwrap()]);
            let found = all(warehouse.activity(&window, &wanted, false).await.unwrap()).await;
            assert_eq!(told(&found, &window), said(&[(email.as_str(), *sessions, 0)]), "{tables:?}");
        }
    }
}

#[tokio::test]
async fn a_flood_of_long_names_does_not_hold_up_the_answer() {
    let at = "2025-01-15 10:00:00";
    let flood = (0..1200).map(|number| {
        let name = format!("{number}-{}", "long".repeat(1000));
        event("skill_activated", at)
            .set("user.email", "eve@example.com")
            .set("session.id", "s")
            .set("skill.name", &name)
    });
    let long_address = format!("{}@example.com", "a".repeat(300));
    let rows: Vec<_> = flood.chain([prompt(at, &long_address, "1"), prompt(at, ADA, "2")]).collect();
    let warehouse = open(Tables::Map, &rows).await;
    let found = skills(&warehouse, &wednesday()).await;
    assert_eq!(found[0].skills.len(), 500);
    assert!(found[0].skills.iter().all(|skill| skill.name.chars().count() == 200));
    let found = activity(&warehouse, &wednesday()).await;
    assert_eq!(found.iter().map(|row| row.email.as_str()).collect::<Vec<_>>(), [ADA]);
}

#[tokio::test]
async fn mcp_stands_for_a_hidden_command() {
    let row = event("user_prompt", "2025-01-15 10:00:00").set("user.email", ADA).set("session.id", "s");
    let row = row.set("command_name", "mcp").set("command_source", "mcp");
    let warehouse = open(Tables::Map, &[row]).await;
    assert!(skills(&warehouse, &wednesday()).await.is_empty());
}
