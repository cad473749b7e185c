//! The micro-kernel: a library that knows no system.
#![cfg_attr(not(test), no_std)]
pub mod tables;
