//! Recap tells people in Slack how they use Claude Code, from the telemetry that is already in ClickHouse.
//!
//! Data flows one way: `schedule` says when, `warehouse` reads rows, `digest` decides what is said,
//! `message` renders it, `report` joins the four, and `slack` delivers. ARCHITECTURE.md has the table of
//! who may use whom; a test holds it.

pub mod admin;
pub mod cli;
pub mod clock;
pub mod config;
pub mod daemon;
pub mod delivery;
pub mod digest;
pub mod failpoint;
pub mod http;
pub mod interaction;
pub mod message;
pub mod model;
pub mod personal;
pub mod planner;
pub mod report;
pub mod sample;
pub mod schedule;
pub mod slack;
#[cfg(feature = "standin")]
pub mod standin;
pub mod store;
pub mod team;
pub mod telemetry;
pub mod warehouse;
pub mod workspace;
