//! The host tool: checks, lays out, generates, builds and runs a system.
fn main() {}
