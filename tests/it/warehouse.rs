//! The warehouse against the real engine, in every shape.

mod hostile;
mod numbers;
mod oracle;
