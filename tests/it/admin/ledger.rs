//! What was sent and why not, page by page, and whose usage matched nobody.

use super::monday;
use crate::support::store::{delivery, minutes, monday as at_nine};
use recap::{
    admin,
    store::{NewDelivery, Planned},
};

#[tokio::test]
async fn the_ledger_is_read_page_by_page_latest_first() {
    let app = monday(&[]).await;
    let workspace = app.workspace();
    let planned: Vec<_> = (0..7)
        .map(|number| NewDelivery {
            report: if number % 3 == 0 { "weekly" } else { "daily" }.to_owned(),
            recipient: if number % 2 == 0 { "U0ADA" } else { "U0BOB" }.to_owned(),
            period: number.to_string(),
            outcome: Planned::Skipped("no_activity".to_owned()),
            due: at_nine() + minutes(number / 2),
            ..delivery("x")
        })
        .collect();
    app.store.plan(&planned, &[], app.clock.now()).await.unwrap();
    let mut expected: Vec<_> = planned.iter().map(|one| (one.due, one.id.clone())).collect();
    expected.sort();
    expected.reverse();

    let (mut read, mut last) = (Vec::new(), None);
    loop {
        let page = admin::deliveries(&workspace, None, None, last.as_ref(), 2).await.unwrap();
        let Some(end) = page.last() else { break };
        last = Some(end.id.clone());
        read.extend(page.into_iter().map(|one| (one.due, one.id)));
    }
    assert_eq!(read, expected);
    for (report, recipient, count) in [
        (Some("weekly"), None, 3),
        (Some("daily"), None, 4),
        (Some("daily"), Some("U0BOB"), 2),
        (None, Some("ada@example.com"), 4),
        (Some("alert"), None, 0),
    ] {
        let found = admin::deliveries(&workspace, report, recipient, None, 9).await.unwrap();
        assert_eq!(found.len(), count, "{report:?} {recipient:?}");
        assert!(report.is_none_or(|report| found.iter().all(|one| one.report == report)));
    }
    let gone = recap::model::DeliveryId("gone".to_owned());
    assert_eq!(admin::deliveries(&workspace, None, None, Some(&gone), 9).await.unwrap(), []);
    assert!(admin::delivery(&workspace, &gone).await.unwrap().is_none());
    let (found, attempts) = admin::delivery(&workspace, &planned[0].id).await.unwrap().unwrap();
    assert_eq!((found.id, attempts.len()), (planned[0].id.clone(), 0));
}

#[tokio::test]
async fn usage_that_matches_nobody_is_told_with_the_most_first() {
    let app = monday(&[("CLICKHOUSE__ALIASES", "cid-at-home@example.com=cid@example.com")]).await;
    for (who, when) in [
        ("stranger", "2026-09-09 10:00:00"),
        ("stranger", "2026-09-10 10:00:00"),
        ("other", "2026-09-10 10:00:00"),
        ("cid-at-home", "2026-09-10 10:00:00"),
        ("long-ago", "2026-07-10 10:00:00"),
    ] {
        app.session(who, when).await;
    }
    let (unmatched, all) = admin::unmatched(&app.workspace()).await.unwrap();
    let told: Vec<_> = unmatched.iter().map(|one| (one.who.as_str(), one.sessions)).collect();
    assert_eq!(told, [("stranger@example.com", 2), ("other@example.com", 1)]);
    assert_eq!(all, 2);
}
