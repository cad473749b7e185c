//! A functional simulator of Blue Gene/P nodes.
//!
//! - [`node`]: a node, and how its cores take turns in virtual time;
//! - [`core`]: a PowerPC 450;
//! - [`memory`], [`bus`], [`devices`]: what the cores share;
//! - [`network`]: how nodes reach each other; [`io_node`]: a stand-in for the I/O node above a compute node;
//! - [`loader`], [`personality`], [`device_tree`], [`boot`]: images, what a node and its kernel are told about it,
//!   and the state in which firmware hands over;
//! - [`report`], [`observe`]: what is not modelled, and being told what happens;
//! - [`time`], which is counted in cycles.
//!
//! `docs/design/simulator.md` says why it is so.

#![forbid(unsafe_code)]

pub mod assembler;
pub mod boot;
pub mod bus;
pub mod checkpoint;
pub mod core;
pub mod debugger;
pub mod device_tree;
pub mod devices;
pub mod io_node;
pub mod loader;
pub mod memory;
pub mod network;
pub mod node;
pub mod observe;
pub mod personality;
pub mod report;
pub mod services;
pub mod time;
pub mod trace;

pub use node::{Configuration, Event, Node};
