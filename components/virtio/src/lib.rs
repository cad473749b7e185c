//! Virtual devices after *Virtual I/O Device (VIRTIO) Version 1.2* (OASIS, committee specification 01), whose sections
//! the comments name.
//!
//! A [`Virtio`] is one device as a guest sees it: the registers of the MMIO transport (4.2), split virtqueues in the
//! guest's RAM (2.7), and a [`Device`] behind them, which moves the bytes. It knows no monitor: the monitor meets it
//! as a `VirtualDevice`.
//!
//! ```text
//!   guest ──loads, stores──▶ Virtio ──QueueNotify──▶ Queue ──Chain──▶ Device ──▶ Terminal, Storage, Source or Link
//!         ◀─interrupt line──        ◀──used ring────                         ◀──
//! ```
//!
//! The spec of a system chooses the [`Version`]: legacy (4.2.4), whose rings and configuration have the guest's own
//! byte order, or modern, little-endian. Registers are little-endian in both. In the guest's device tree a device is
//! (4.2.1), with the interrupt in the form of its controller:
//!
//! ```text
//!   virtio@ef700000 { compatible = "virtio,mmio"; reg = <0xef700000 0x200>; interrupts = <16 4>; };
//! ```
//!
//! **What a guest may do.** Anything. Each number that comes from its memory or its stores is checked where it is
//! read: addresses against the RAM, lengths for overflow, indices against the queue's size. What no correct driver
//! does [breaks](Broken) the device: it sets DEVICE_NEEDS_RESET, raises a configuration interrupt if it is modern and
//! in use, and touches no memory until the driver resets it. A chain has at most as many descriptors as its queue has
//! room for, and one notification moves at most as many chains, so that every access ends soon.
//!
//! **What is offered.** Only what is implemented: indirect descriptors (2.7.5.3), event indices (2.7.7, 2.7.10), any
//! layout of legacy requests, and the devices' own features. Never VIRTIO_F_ACCESS_PLATFORM: the 440's caches are not
//! coherent to Linux, which would map the rings uncached for it.

#![no_std]
#![forbid(unsafe_code)]

mod block;
mod broken;
mod chain;
mod console;
mod device;
mod endian;
mod entropy;
pub mod feature;
mod jitter;
mod network;
mod queue;
pub mod register;
mod request;
mod ring;
mod storage;
mod transport;

pub use block::Block;
pub use broken::Broken;
pub use console::{Console, Terminal};
pub use device::{CONFIGURATION_BYTES, Configuration, Device, Served};
pub use endian::Endian;
pub use entropy::{Entropy, Source};
pub use jitter::{Jitter, Seeded};
pub use network::{FRAME_BYTES, Link, Network, NetworkCounters};
pub use request::Request;
pub use storage::{ReadOnly, Region, Storage};
pub use transport::{Counters, Version, Virtio, WINDOW_BYTES};
