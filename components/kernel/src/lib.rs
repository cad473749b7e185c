//! The micro-kernel: a library that knows no system.
//!
//! A generated crate hands it const [`tables`] and the storage that they size, by [`image!`]. The kernel
//! obeys the tables and derives nothing again: which domains there are, what each may touch and call,
//! and where everything lies was decided, and checked, before the node started.
//!
//! How it is built:
//!
//! - **One stack a core, no blocking inside.** A trap saves the thread's registers in its [`context`],
//!   changes [`objects`], and [`kernel::Kernel::choose`] says whose registers go back. Interrupts stay
//!   off in between; the work is bounded, because every loop is bounded by a table.
//! - **No dynamic memory, no recursion.** Threads wait on [`list`]s that are linked through themselves.
//! - **A misuse is a fault, not an answer.** A system call that names a capability that its domain does
//!   not hold ends the domain with a [`report`]. Answers are for what a correct program meets: a peer
//!   that is gone.
//! - **Hardware in one place.** `arch` and the [`board`] crate are the only unsafe code; everything else
//!   runs on the host under test, over a [`machine::Machine`] that records.

#![cfg_attr(not(test), no_std)]

pub mod arch;
pub mod board;
#[doc(hidden)]
pub mod boot;
pub mod budget;
mod checked;
pub mod context;
mod domain;
mod fault;
mod float;
#[cfg(feature = "vm")]
pub mod guest;
mod initial;
mod ipc;
pub mod kernel;
pub mod list;
pub mod machine;
mod notify;
pub mod objects;
mod observe;
mod peers;
pub mod ready;
pub mod report;
mod system_call;
pub mod tables;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod timers;
pub mod tlb;
pub mod trace;
#[cfg(feature = "vm")]
pub mod vcpu;

#[doc(hidden)]
pub mod image;
