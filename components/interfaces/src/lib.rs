//! The interfaces that ports speak.
//!
//! One interface a file. `#[interface]` derives the rest beside each trait: for `Console` the client
//! [`ConsoleClient`], the server twin [`ServeConsole`] and the dispatcher [`console::dispatch`].

#![no_std]
#![forbid(unsafe_code)]

pub mod console;
pub mod probe;

pub use console::{Console, ConsoleClient, ServeConsole};
pub use probe::{Probe, ProbeClient, ServeProbe};
