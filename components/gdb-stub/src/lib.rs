//! The remote end of gdb for a PowerPC 440.
//!
//! *Debugging with GDB*, appendix E (GDB Remote Serial Protocol). What comes in is anybody's: every byte string ends in
//! a reply, an error or silence, never in a panic.
//!
//! ```text
//!   bytes ──▶ Decoder ──▶ packet ──▶ Session ──▶ Target: registers, memory, breakpoints
//!                                      │
//!                         Reply ◀──────┴──▶ Request: go on, step, detach, kill
//! ```

#![no_std]
#![forbid(unsafe_code)]

#[cfg(test)]
extern crate std;

mod decoder;
mod hex;
mod registers;
mod reply;
mod session;
mod target;

pub use decoder::{Decoder, Received};
pub use registers::{COUNT as REGISTERS, Register, System};
pub use reply::Reply;
pub use session::{Request, Session, Stop};
pub use target::{Refused, Target};

/// Bytes of the longest packet in either direction, without its frame.
pub const PACKET: usize = 2048;
