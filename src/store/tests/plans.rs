//! No statement that a tick or the relay asks walks over a table.

use super::store_in;
use crate::store::{
    cells::Cells,
    deliveries::ADVANCE,
    outbox::{CLAIM_COHORT, CLAIM_SENDABLE, CLAIM_SUSPECTS, EXPIRE, NEXT_COHORT, NEXT_LOOK, NEXT_READY},
    retention::{DELIVERIES, SNAPSHOTS},
    subscriptions::{DUE, NEXT_DUE},
    tallies::{OPEN, OVERDUE, TALLY},
};

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
        (OPEN, "deliveries_open (workspace_id=? AND due>?)"),
        (OVERDUE, "deliveries_open (workspace_id=? AND due<?)"),
        (SNAPSHOTS, "deliveries_snapshots (workspace_id=? AND final_at"),
        (DELIVERIES, "deliveries_final (workspace_id=? AND final_at"),
    ] {
        let explained = format!("EXPLAIN QUERY PLAN {}", statement.replace("{lock}", ""));
        let rows = store.read(|mut work| {
            let sql = store.sql_of(explained.clone());
            async move { work.rows(sql).await }
        });
        let steps: Vec<_> = rows.await.unwrap().iter().map(|row| row.text("detail").unwrap()).collect();
        assert!(steps.iter().any(|step| step.contains(index)), "{statement}\n{steps:#?}");
        let walks = ["SCAN deliveries", "SCAN subscriptions", "SCAN d ", "SCAN d"];
        assert!(!steps.iter().any(|step| walks.iter().any(|walk| step == walk)), "{statement}\n{steps:#?}");
        let sorts = statement == DUE || statement == CLAIM_SENDABLE || statement == NEXT_COHORT;
        assert!(!sorts || !steps.iter().any(|step| step.contains("TEMP B-TREE")), "{statement}\n{steps:#?}");
    }
}
