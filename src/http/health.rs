//! Whether the process lives (`/healthz`) and whether it can do its work (`/readyz`).

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::future::join_all;
use serde::Serialize;

/// Something that the daemon needs in order to be ready.
#[async_trait]
pub trait Check: Send + Sync {
    /// Its name in the answer.
    fn name(&self) -> &'static str;

    /// Asks it; the error is a clause for the operator, without secrets. Must answer within a few seconds.
    async fn ask(&self) -> Result<(), String>;

    /// What the operator should know although it is ready.
    fn note(&self) -> Option<String> {
        None
    }
}

/// Everything that `/readyz` asks.
#[derive(Clone)]
pub struct Readiness {
    checks: Arc<[Box<dyn Check>]>,
}

impl Readiness {
    /// Ready when all of `checks` are.
    pub fn new(checks: Vec<Box<dyn Check>>) -> Self {
        Self { checks: checks.into() }
    }

    async fn ask(&self) -> Answer {
        let checks = join_all(self.checks.iter().map(|check| async move {
            let reason = check.ask().await.err();
            Line { name: check.name(), ready: reason.is_none(), reason, note: check.note() }
        }))
        .await;
        Answer { ready: checks.iter().all(|line| line.ready), checks }
    }
}

impl fmt::Debug for Readiness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.checks.iter().map(|check| check.name())).finish()
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Answer {
    ready: bool,
    checks: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    name: &'static str,
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

pub(super) async fn readyz(State(readiness): State<Readiness>) -> (StatusCode, Json<Answer>) {
    let answer = readiness.ask().await;
    let status = if answer.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(&'static str, Result<(), String>);

    #[async_trait]
    impl Check for Fixed {
        fn name(&self) -> &'static str {
            self.0
        }

        async fn ask(&self) -> Result<(), String> {
            self.1.clone()
        }
    }

    #[tokio::test]
    async fn one_fault_makes_the_daemon_unready_and_is_named() {
        let faulty = Fixed("warehouse", Err("it does not answer".into()));
        let readiness = Readiness::new(vec![Box::new(Fixed("store", Ok(()))), Box::new(faulty)]);

        let (status, Json(answer)) = readyz(State(readiness)).await;

        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            serde_json::to_value(answer).unwrap(),
            serde_json::json!({"ready": false, "checks": [
                {"name": "store", "ready": true},
                {"name": "warehouse", "ready": false, "reason": "it does not answer"},
            ]})
        );
    }

    #[tokio::test]
    async fn the_daemon_is_ready_when_every_check_is() {
        let readiness = Readiness::new(vec![Box::new(Fixed("warehouse", Ok(())))]);
        assert_eq!(readyz(State(readiness)).await.0, StatusCode::OK);
    }

    struct Noted;

    #[async_trait]
    impl Check for Noted {
        fn name(&self) -> &'static str {
            "slack"
        }

        async fn ask(&self) -> Result<(), String> {
            Ok(())
        }

        fn note(&self) -> Option<String> {
            Some("sending is halted".into())
        }
    }

    #[tokio::test]
    async fn a_note_is_shown_and_leaves_the_daemon_ready() {
        let (status, Json(answer)) = readyz(State(Readiness::new(vec![Box::new(Noted)]))).await;
        assert_eq!(status, StatusCode::OK);
        let line = serde_json::json!({"name": "slack", "ready": true, "note": "sending is halted"});
        assert_eq!(serde_json::to_value(answer).unwrap(), serde_json::json!({"ready": true, "checks": [line]}));
    }
}
