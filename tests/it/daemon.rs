//! The daemon's parts, each with what it talks to.

mod heartbeat;
