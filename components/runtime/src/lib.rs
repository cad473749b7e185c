//! What a domain's generated main stands on: system calls, wires, devices, start and panic.
//!
//! # What composer generates for a domain
//!
//! `components/greeter/tests/wirings.rs` shows the three shapes of a main as they are. The frame that only
//! the target has:
//!
//! ```text
//! #![no_std]
//! #![no_main]
//! // ... as there ...
//! #[unsafe(no_mangle)]
//! extern "C" fn main() -> ! { ... }
//! ```
//!
//! This crate brings the entry symbol `_start` (which calls `main`) and the panic handler; the generated
//! crate only has to link it (`use runtime::…` does). The linker script says `ENTRY(_start)` and defines
//! `__data_load`, `__data_start`, `__data_end`, `__bss_start`, `__bss_end`, each a multiple of four.
//!
//! Other ports, in the same pattern. `inbox` is `Inbox::of(&signals)` in a domain of one active instance,
//! `Inbox::driving(&signals, &passives)` for the active instance of a fused domain (or, if others call into
//! it, `Inbox::serving(&signals, endpoint, &answer, &passives)`), and `Inbox::passive(&signals)` for passive
//! ones:
//!
//! | port in the manifest         | type in `impl Ports`    | value in `Wires`                                          |
//! |------------------------------|-------------------------|-----------------------------------------------------------|
//! | `requires`, wired `Call`     | `XClient<CallWire<'a>>` | `XClient::new(CallWire::new(inbox, WireAt { .. }))`       |
//! | `requires`, wired `Ring`     | `XClient<RingWire<'a>>` | `XClient::new(RingWire::new(inbox, RingAt { .. }))`       |
//! | `requires`, wired `Direct`   | `Direct<'a, S>`         | `Direct::new(inbox, &provider, Client(n), &event_flags)`  |
//! | `provides` (`p_clients`)     | `ClientTable<'a>`       | `ClientTable::new(&ENTRIES)`                              |
//! | `devices`                    | `MmioDevice<'a>`        | `MmioDevice::at(inbox, DeviceAt { .. })` (unsafe)         |
//! | `memory`                     | `Buffer<'static>`       | `Buffer::at(0x4000_2000, 65536)` (unsafe)                 |
//! | `memory` with `dma: true`    | `DmaBuffer<'static>`    | `DmaBuffer::new(Buffer::at(..), Slot(5))` (unsafe)        |
//! | `timers`                     | `KernelTimer<'a>`       | `KernelTimer::new(inbox, Slot(6), Bits(0b100), 400_000_000)` |
//! | `grants`: `Halt`             | `NodeHalt`              | `NodeHalt::new(Slot(7))`                                  |
//! | `grants`: `Control`          | `DomainControl<'a>`     | `DomainControl::new(inbox, Slot(8), Bits(0b1000))`        |
//! | `grants`: `Observe`          | `DomainObserver`        | `DomainObserver::new(Slot(9))`                            |
//! | `grants`: `Debug`            | `ThreadRegisters`       | `ThreadRegisters::new(Slot(10))`                          |
//! | `grants`: `Dcr`              | `DcrRange`              | `DcrRange::new(Slot(11))`                                 |
//! | `grants`: `Trace`            | `TraceRing<'static>`    | `TraceRing::new(Buffer::at(..))` (unsafe)                 |
//! | `vm: true`                   | `vm::Vm<'a>`            | `vm::Vm::at(inbox, &arrived, GuestRam::at(..), VmAt { .. })` (unsafe) |
//!
//! A wire without slices has `buffer: Buffer::EMPTY`; one without events has `events: Bits(0)`; a device
//! without an interrupt has `bits: Bits(0)`. A domain with ring wires at either end waits in [`serve_rings`] where
//! others wait in [`serve`](serve()).
//!
//! # Trust
//!
//! `unsafe` stands in `arch/powerpc.rs` (instructions), `arch/host.rs` (what stands in for them), `buffer.rs`,
//! `mmio.rs`, `vm/memory.rs` (volatile accesses) and `vm/machine.rs` (the page that a monitor shares with the kernel)
//! only.

#![no_std]
// `end` formats a panic's message without nesting; nothing else here needs more than stable Rust.
#![cfg_attr(target_arch = "powerpc", feature(formatting_options))]

#[cfg(not(target_arch = "powerpc"))]
extern crate std;

mod answer;
mod arch;
mod buffer;
mod call_wire;
mod choice;
mod client;
pub mod codec;
mod component;
mod control;
mod dcr;
mod device;
mod direct;
mod end;
mod error;
mod event;
mod grant;
#[cfg(not(target_arch = "powerpc"))]
pub mod host;
mod inbox;
mod memory;
mod message;
mod mmio;
mod private;
mod registers;
mod ring;
mod serve;
mod slices;
pub mod system;
mod timer;
mod trace;
mod unwired;
pub mod vm;
mod wire;

pub use abi::{Badge, Cause, Counter, FaultAnswer, Slot, Words};
pub use answer::Answer;
pub use buffer::Buffer;
pub use call_wire::{CallWire, Endpoint, WireAt};
pub use choice::{Choice, Off, On};
pub use client::{Client, ClientEntry, ClientTable};
pub use component::{Active, Passive};
pub use control::{Control, DomainControl, DomainObserver, Inspection, Observe};
pub use dcr::{Dcr, DcrRange};
pub use device::Device;
pub use direct::Direct;
pub use end::{fail, finish};
pub use error::WireError;
pub use event::{Bits, Event, EventFlags, Events};
pub use grant::{Halt, NodeHalt};
pub use inbox::{Inbox, Signals};
pub use memory::{DmaBuffer, DmaMemory, Memory};
pub use message::Message;
pub use mmio::{DeviceAt, MmioDevice};
pub use private::Private;
pub use registers::{Registers, ThreadRegisters};
pub use ring::{RingAt, RingMemory, RingServer, RingSlices, RingWire, serve_rings};
pub use serve::serve;
pub use slices::Slices;
pub use timer::{KernelTimer, Timer};
pub use trace::{Trace, TraceRing};
pub use unwired::Unwired;
pub use wire::{Clients, Wire};
