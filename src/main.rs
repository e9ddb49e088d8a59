//! The `recap` binary.

fn main() {}
