//! Ring wires: two rings in memory that client and server share, and a signal only for who sleeps.
//!
//! ```text
//!             requests ──────────────▶
//!   client    ▢▢▣▣▣▢▢▢                  server      `serve_rings`: a bounded batch of each ring in turn
//!   RingWire                            RingServer
//!             ◀────────────── answers
//!                  ▢▢▢▢▣▢▢▢
//! ```
//!
//! `abi::ring` holds the layout of the memory, `docs/design/rings.md` the protocol and what must be proven
//! of it. In short: `end` is indices and bells, and knows nothing of content; a `side` is
//! its ends of both rings, and the sessions by which either domain can start again; `memory` is
//! slots, copied once; `wire` and `server` add the kernel.

mod end;
mod memory;
#[cfg(test)]
mod model;
mod serve;
mod server;
mod side;
mod wire;
mod word;

pub use memory::{RingMemory, RingSlices};
pub use serve::serve_rings;
pub use server::RingServer;
pub use wire::{RingAt, RingWire};
