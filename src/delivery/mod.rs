//! Delivery: what is sent, how fast, and what became of it.

pub mod limiter;
