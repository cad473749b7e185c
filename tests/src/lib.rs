//! Whole-system tests: images from specs, their consoles read by a program.

#![forbid(unsafe_code)]

pub mod corpus;
pub mod suite;
