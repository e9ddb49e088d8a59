//! The store: the same tests on SQLite and on PostgreSQL.

/// Runs each of these functions on a place of its own, once on either backend.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::store::Place::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                super::$name($crate::support::store::Place::postgres().await).await;
            })+
        }
    };
}

mod by_hand;
mod claims;
mod incidents;
mod names;
mod opening;
mod people;
mod planning;
mod planning_teams;
mod records;
mod revisions;
mod sending;
mod suspects;
mod teams;
mod together;
mod weekly;
