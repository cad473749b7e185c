//! The map for people and for programs.
