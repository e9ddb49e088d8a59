//! A disk that is full, a file that is locked or read-only: unavailable, nothing half done, and well again afterwards.

use super::{now, store_in};
use crate::store::{Store, StoreError};
use sqlx::Executor;

async fn fails(store: &Store, what: &str) {
    let long = "x".repeat(1 << 20);
    let error = store.set_value("big", Some(&long)).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable { what: word } if word == what), "{error}");
}

async fn works(store: &Store) {
    assert_eq!(store.value("big").await.unwrap(), None);
    store.set_value("small", Some("1")).await.unwrap();
    assert_eq!(store.value("small").await.unwrap().as_deref(), Some("1"));
}

#[tokio::test]
async fn a_full_disk_passes() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    let writer = store.database().writer();
    writer.execute("PRAGMA max_page_count = 100").await.unwrap();
    fails(&store, "its disk is full").await;
    writer.execute("PRAGMA max_page_count = 1000000").await.unwrap();
    works(&store).await;
}

#[tokio::test]
async fn a_read_only_disk_passes() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    let writer = store.database().writer();
    writer.execute("PRAGMA query_only = ON").await.unwrap();
    fails(&store, "it is read-only").await;
    writer.execute("PRAGMA query_only = OFF").await.unwrap();
    works(&store).await;
}

#[tokio::test]
async fn a_locked_file_passes_and_can_be_read_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let (store, other) = (store_in(folder.path()).await, store_in(folder.path()).await);
    store.database().writer().execute("PRAGMA busy_timeout = 20").await.unwrap();
    let lock = other.database().begin_write().await.unwrap();
    fails(&store, "it is locked").await;
    assert_eq!(store.value("small").await.unwrap(), None);
    lock.done(()).await.unwrap();
    works(&store).await;
}

/// As after a lost answer of a commit: the holder is alive and does not know what it holds.
#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_found_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let store = store_in(folder.path()).await;
    let claims = |lost: bool| {
        let store = &store;
        store.claiming("test", "one", move |work, claim| async move {
            work.done(()).await?;
            if lost {
                Err(StoreError::Unavailable { what: "the connection broke".to_owned() }.into())
            } else {
                Ok(claim)
            }
        })
    };
    let before = claims(false).await.unwrap();
    claims(true).await.unwrap_err();
    let (_, _, doubtful) = store.doubts.lock().unwrap()[0].clone();
    assert_ne!(doubtful, before);
    assert_eq!(claims(false).await.unwrap(), doubtful);
    assert_ne!(claims(false).await.unwrap(), doubtful);
    assert_eq!(store.due(now(), 1).await.unwrap(), []);
}
