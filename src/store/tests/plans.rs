//! No statement that a tick or the relay asks walks over a table.

use super::store_in;
use crate::store::{
    Store,
    cells::Cells,
    deliveries::ADVANCE,
    ledger::{Ledger, statement},
    members::{LEARN_USAGE, SEE},
    names::{CALLED, CHANNELS, EMAILS, INACTIVE, NAMES},
    news::{FALLEN_THROUGH, UNREADABLE},
    outbox::{
        CLAIM_COHORT, CLAIM_SENDABLE, CLAIM_SUSPECTS, EXPIRE, FINISH, NEXT_COHORT, NEXT_LOOK, NEXT_READY, RELEASE,
        RENDERED, STANDING, STREAKS,
    },
    retention::{DELIVERIES, INCIDENTS, REQUESTS, SNAPSHOTS, STAYS},
    revisions::{CLAIM, REVISABLE},
    subscriptions::{DUE, NEXT_DUE},
    tallies::{OPEN, OVERDUE, TALLY},
    teams::{LEAVE, STAYS as ROSTERS},
};
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn every_frequent_statement_is_answered_by_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    for (statement, index) in [
        (DUE, "subscriptions_due (workspace_id=? AND next_due<?)"),
        (NEXT_DUE, "subscriptions_due (workspace_id=?"),
        (ADVANCE, "subscriptions_due (workspace_id=? AND next_due=? AND report=? AND zone=?"),
        (NEXT_COHORT, "deliveries_planned (workspace_id=?)"),
        (CLAIM_COHORT, "deliveries_cohort (workspace_id=? AND report=? AND period=? AND due=?)"),
        (CLAIM_SENDABLE, "deliveries_sendable (workspace_id=?)"),
        (CLAIM_SUSPECTS, "deliveries_unknown (workspace_id=? AND look_at<?)"),
        (NEXT_READY, "deliveries_ready (workspace_id=?)"),
        (NEXT_LOOK, "deliveries_unknown (workspace_id=?"),
        (EXPIRE, "deliveries_expiring (workspace_id=? AND expires<?)"),
        (TALLY, "deliveries_cohort (workspace_id=? AND report=? AND period=?)"),
        (UNREADABLE, "deliveries_cohort (workspace_id=? AND report=? AND period=?)"),
        (FALLEN_THROUGH, "deliveries_cohort (workspace_id=? AND report=? AND period=?)"),
        (OPEN, "deliveries_open (workspace_id=? AND due>?)"),
        (OVERDUE, "deliveries_open (workspace_id=? AND due<?)"),
        (SNAPSHOTS, "deliveries_snapshots (workspace_id=? AND final_at"),
        (DELIVERIES, "deliveries_final (workspace_id=? AND final_at"),
        (REVISABLE, "deliveries_revisable (workspace_id=? AND revise_at<?)"),
        (STANDING, "subscriptions_1 (workspace_id=? AND report=? AND recipient=?)"),
        (ROSTERS, "stays_1 (workspace_id=? AND team>? AND team<?)"),
        (STAYS, "stays_ended (workspace_id=? AND until"),
        (INCIDENTS, "incidents_by_age (workspace_id=? AND at<?)"),
        (REQUESTS, "requests_at (workspace_id=? AND at<?)"),
    ] {
        let steps = steps(&store, &statement.replace("{lock}", "")).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{statement}\n{steps:#?}");
        assert!(!steps.iter().any(|step| WALKS.contains(&step.as_str())), "{statement}\n{steps:#?}");
        let sorts = statement == DUE || [CLAIM_SENDABLE, NEXT_COHORT, REVISABLE, ROSTERS].contains(&statement);
        assert!(!sorts || !steps.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}\n{steps:#?}");
    }
}

#[tokio::test]
async fn a_page_of_the_ledger_is_read_in_the_order_of_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    for (report, recipient, index) in [
        (None, None, "deliveries_ledger (workspace_id=? AND (due,delivery_id)<(?,?))"),
        (Some("daily"), None, "deliveries_ledger (workspace_id=? AND (due,delivery_id)<(?,?))"),
        (Some("weekly"), None, "deliveries_by_report (workspace_id=? AND report=? AND (due,delivery_id)<(?,?))"),
        (None, Some("U1"), "deliveries_by_recipient (workspace_id=? AND recipient=? AND (due,delivery_id)<(?,?))"),
    ] {
        let steps = steps(&store, &statement(Ledger { report, recipient, before: None })).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{report:?} {recipient:?}\n{steps:#?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{report:?} {recipient:?}\n{steps:#?}");
    }
}

#[tokio::test]
async fn what_is_done_to_many_finds_each_by_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    for ((head, columns, tail), index) in [
        (STREAKS, "(workspace_id=? AND delivery_id=?)"),
        (RENDERED, "(workspace_id=? AND delivery_id=?)"),
        (FINISH, "(workspace_id=? AND delivery_id=?)"),
        (RELEASE, "(workspace_id=? AND delivery_id=?)"),
        (SEE, "(workspace_id=? AND member_id=?)"),
        (LEARN_USAGE, "members_by_email (workspace_id=? AND email=?)"),
        (CLAIM, "(workspace_id=? AND delivery_id=?)"),
        (LEAVE, "stays_open (workspace_id=? AND team=? AND email=?)"),
        (EMAILS, "(workspace_id=? AND member_id=?)"),
        (CALLED, "(workspace_id=? AND member_id=?)"),
        (CHANNELS, "(workspace_id=? AND channel=?)"),
        (INACTIVE, "members_by_email (workspace_id=? AND email=?)"),
        (NAMES, "members_by_email (workspace_id=? AND email=?)"),
    ] {
        let tuple = format!("({})", vec!["?"; columns].join(","));
        let tuples = vec![tuple; 64].join(",");
        let statement = format!("{head}{tuples}{tail}");
        let steps = steps(&store, &statement).await;
        assert!(steps.iter().any(|step| step.contains(index)), "{head}{tail}\n{steps:#?}");
        assert!(!steps.iter().any(|step| WALKS.contains(&step.as_str())), "{head}{tail}\n{steps:#?}");
    }
}

const WALKS: [&str; 8] = [
    "SCAN deliveries",
    "SCAN d",
    "SCAN subscriptions",
    "SCAN members",
    "SCAN m",
    "SCAN c",
    "SCAN stays",
    "SCAN incidents",
];

async fn steps(store: &Store, statement: &str) -> Vec<String> {
    let explained = &format!("EXPLAIN QUERY PLAN {statement}");
    let rows = store.read(|mut work| async move { work.rows(sqlx::query(AssertSqlSafe(explained.clone()))).await });
    rows.await.unwrap().iter().map(|row| row.text("detail").unwrap()).collect()
}
