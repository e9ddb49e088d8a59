//! Whose a row is: links between rows, their order, and where they lead to nobody.

use super::asking::{
    ADA, BOB, BOTH, NOON, activated, activity, all, open, open_with, said, skills, told, used, wednesday,
};
use crate::support::events::{prompt, request};
use recap::warehouse::People;

#[tokio::test]
async fn a_session_of_two_people_counts_for_each_and_names_nobody_else() {
    for tables in BOTH {
        let rows = [
            request(NOON, ADA, "shared", "r1", "1"),
            request(NOON, BOB, "shared", "r2", "2"),
            // Either could have been it.
            request(NOON, "", "shared", "r3", "4"),
            prompt("2025-01-14 12:00:00", ADA, "shared"),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 1, 100), (BOB, 1, 200)]), "{tables:?}");
    }
}

#[tokio::test]
async fn rows_without_a_session_bring_their_cost_and_no_session() {
    for tables in BOTH {
        let rows = [
            request(NOON, ADA, "", "r1", "1"),
            request(NOON, BOB, "", "r2", "2"),
            // No session may link these to anybody.
            request(NOON, "", "", "r3", "4"),
            prompt(NOON, ADA, ""),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 0, 100), (BOB, 0, 200)]), "{tables:?}");
        let active = all(warehouse.active_days(&window, &People::everyone()).await.unwrap()).await;
        assert!(active.is_empty(), "{tables:?}: {active:?}");
    }
}

#[tokio::test]
async fn an_address_is_trimmed_of_every_blank_and_read_in_any_case() {
    for tables in BOTH {
        let rows = [
            prompt(NOON, "\tADA@Example.com\r\n", "1"),
            prompt(NOON, " Ada@example.com", "2"),
            prompt(NOON, "ÉVA@example.com", "3"),
        ];
        let (warehouse, window) = (open(tables, &rows).await, wednesday());
        let found = activity(&warehouse, &window).await;
        assert_eq!(told(&found, &window), said(&[(ADA, 2, 0), ("éva@example.com", 1, 0)]), "{tables:?}");
    }
}

#[tokio::test]
async fn the_order_of_identity_is_the_settings_own() {
    let rows = [
        prompt(NOON, ADA, "1").set("enduser.id", BOB).set("user.account_uuid", "A").set("user.id", "D1"),
        prompt(NOON, BOB, "2").set("user.account_uuid", "B").set("user.id", "D2"),
        // The account says Bob or nobody, the device Ada, the session Bob.
        prompt(NOON, "", "3").set("user.account_uuid", "B").set("user.id", "D1"),
        prompt(NOON, "", "2").set("user.id", "D1"),
    ];
    for tables in BOTH {
        for (identity, expected) in [
            ("user.email enduser.id user.account_uuid user.id session.id", [(ADA, 2), (BOB, 2)]),
            ("user.email enduser.id user.id user.account_uuid session.id", [(ADA, 3), (BOB, 1)]),
            ("enduser.id user.email user.account_uuid user.id session.id", [(BOB, 3), ("", 0)]),
            ("user.email", [(ADA, 1), (BOB, 1)]),
            ("user.email session.id user.id", [(ADA, 2), (BOB, 1)]),
            ("user.email user.account_uuid session.id user.id", [(ADA, 1), (BOB, 2)]),
        ] {
            let warehouse = open_with(tables, &rows, |settings| {
                settings.identity = identity.split(' ').map(Into::into).collect();
            })
            .await;
            let window = wednesday();
            let expected: Vec<_> = expected
                .iter()
                .filter(|(email, _)| !email.is_empty())
                .map(|(email, count)| (*email, *count, 0))
                .collect();
            assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&expected), "{tables:?}: {identity}");
        }
    }
}

#[tokio::test]
async fn who_somebody_is_may_be_told_in_the_baseline_alone() {
    for tables in BOTH {
        let mut rows = vec![
            prompt("2025-01-08 00:00:00", ADA, "before").set("user.account_uuid", "A"),
            request(NOON, "", "now", "r", "1").set("user.account_uuid", "A"),
            activated(NOON, "now", "p", "commit").set("user.email", "").set("user.account_uuid", "A"),
        ];
        let window = wednesday();
        let warehouse = open(tables, &rows).await;
        assert_eq!(told(&activity(&warehouse, &window).await, &window), said(&[(ADA, 1, 100)]), "{tables:?}");
        // Skills are linked by what their own query reads: the window and the day before it.
        assert!(skills(&warehouse, &window).await.is_empty(), "{tables:?}");
        // A moment earlier it is outside the queried span.
        rows[0] = prompt("2025-01-07 23:59:59.999", ADA, "before").set("user.account_uuid", "A");
        let warehouse = open(tables, &rows).await;
        assert!(activity(&warehouse, &window).await.is_empty(), "{tables:?}");
        rows[0] = prompt("2025-01-14 00:00:00", ADA, "before").set("user.account_uuid", "A");
        let warehouse = open(tables, &rows).await;
        assert_eq!(used(&skills(&warehouse, &window).await), [(ADA, "commit", 1)], "{tables:?}");
    }
}
