//! The warehouse against the real engine, in every shape.

mod asking;
mod edges;
mod hostile;
mod numbers;
mod oracle;
mod whose;
