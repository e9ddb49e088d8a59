//! What only the inside of the store can show: which indexes its statements use, and a disk that fails.

mod plans;
mod trouble;

use super::{Database, Store, StoreOptions};
use crate::model::WorkspaceId;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::path::Path;

fn now() -> DateTime<Utc> {
    "2026-03-09T08:00:00Z".parse().unwrap()
}

async fn store_in(folder: &Path) -> Store {
    let url = SecretString::from(format!("sqlite:{}", folder.join("recap.sqlite").display()));
    let database = Database::open(&StoreOptions { url, schema: "recap".to_owned() }).await.unwrap();
    database.of_workspace(&WorkspaceId("T1".to_owned()), now()).await.unwrap()
}
