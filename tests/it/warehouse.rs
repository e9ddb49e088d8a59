//! The warehouse against the real engine, in every shape.

mod numbers;
mod oracle;
