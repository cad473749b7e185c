//! Virtual CPUs: everything of a guest's processor that is private to it.
//!
//! The 440 has no virtualisation mode, so a guest runs in user state, and each of its privileged instructions traps.
//! [`Run`] says what follows a trap: it emulates, delivers an interrupt to the guest, answers a TLB miss, or ends
//! the run for what the monitor has to do. It follows the PPC440 user's manual. The assembly around it moves
//! registers between the processor and [`VcpuState`], and takes short cuts that must mean the same.
//!
//! - **Trust nothing.** Registers come from the guest, the shared page from its monitor. Every value is masked where it
//!   is used, every loop is bounded by a table; whatever they hold, only that guest is harmed.
//! - **Translation.** [`guest_tlb`] holds the 64 entries of the guest's TLB. An *alias* is an entry of the
//!   hardware's TLB, in translation space 1, that stands for a guest entry in one context of the guest ([`spaces`],
//!   `translate`). Dropping is precise, and a change of context drops nothing.
//! - **Time.** [`timers`] are deadlines on the node's time base; nothing ticks.
//!
//! A service: without the feature `vm`, none of this is in the kernel.

#![forbid(unsafe_code)]

mod emulate;
pub mod guest_tlb;
pub mod instruction;
mod interrupts;
mod requests;
pub mod spaces;
mod spr;
#[cfg(test)]
mod tests;
pub mod timers;
mod translate;

use crate::tables;
use abi::vcpu::{ExitReason, VcpuState};
use guest_tlb::GuestTlb;
pub use interrupts::{Interrupt, Level};
use ppc440::tlb::Page;
use spaces::{Contexts, Pool};
#[cfg(target_arch = "powerpc")]
pub(crate) use spr::MMUCR;
use timers::Timers;

/// The kernel's own part of one virtual CPU.
#[derive(Clone, Debug)]
#[repr(C, align(4096))]
pub struct Vcpu {
    /// The guest's TLB, first: an entry's address is that of the virtual CPU with the index in it.
    pub tlb: GuestTlb,
    /// Hardware PIDs of the guest's contexts.
    pub contexts: Contexts,
    /// A multiple of 4096 that no other virtual CPU of the node has, and not 0: where assembly works on it, its address.
    pub place: u32,
    /// The hardware PID of the context that the guest is in, from the latest [`Run::prepare`]: what PID has to hold
    /// while the guest runs.
    pub hardware_pid: u8,
    /// The guest waits with MSR\[WE\]: the kernel's to set and clear.
    pub idle: bool,
    /// Decrementer, fixed interval, watchdog.
    pub timers: Timers,
}

impl Vcpu {
    /// A virtual CPU that has never run: no translations, and no timer runs.
    pub const fn new(place: u32) -> Self {
        Self {
            tlb: GuestTlb::new(0),
            contexts: Contexts::EMPTY,
            place,
            hardware_pid: 0,
            idle: false,
            timers: Timers::EMPTY,
        }
    }

    /// What an entry is called in [`Owner::entry`](spaces::Owner::entry).
    fn identity(&self, entry: usize) -> u32 {
        self.place | (entry as u32 & 63) << 5
    }
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The guest runs, from [`VcpuState::pc`], with the hardware PID [`Vcpu::hardware_pid`].
    Enter,
    /// The run ends: [`VcpuState::exit`] is filled in. Where [`abi::vcpu::Exit::floats`] is 1, the caller puts the
    /// floating-point registers into the page.
    Exit(ExitReason),
    /// The guest waits for an interrupt: the earliest that comes by itself is [`Run::next_deadline`].
    Idle,
}

/// Why the guest stopped, as the second vectors see it. Every register of the guest is saved before, its next
/// instruction's address in [`VcpuState::pc`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trap {
    /// The hardware's interrupt.
    pub interrupt: Interrupt,
    /// Exception syndrome.
    pub esr: u32,
    /// Data exception address.
    pub dear: u32,
    /// The word at the program counter, of a program interrupt.
    pub instruction: u32,
}

/// What a virtual CPU needs of the machine.
pub trait VcpuMachine {
    /// The time base, in ticks.
    fn now(&self) -> u64;

    /// The hardware's TLB entry to replace next, in the ring that native pages use too: less than 64.
    fn take_slot(&mut self) -> u8;

    /// Writes an entry of translation space 1, in place of whatever the slot held. Its TID is `pid`.
    fn load_alias(&mut self, slot: u8, pid: u8, page: &Page);

    /// Invalidates a slot.
    fn drop_slot(&mut self, slot: u8);

    /// The guest's word at an effective address, as the guest would fetch it in the context of a hardware PID; none
    /// if the hardware has no entry for it.
    fn fetch(&mut self, pid: u8, address: u32) -> Option<u32>;

    /// Invalidates the instruction cache.
    fn invalidate_instructions(&mut self) {}
}

/// One virtual CPU, for the length of one trap.
pub struct Run<'a, M: VcpuMachine> {
    /// The kernel's part.
    pub vcpu: &'a mut Vcpu,
    /// The page that kernel and monitor share.
    pub state: &'a mut VcpuState,
    /// What the spec decided.
    pub table: &'static tables::Vcpu,
    /// What all virtual CPUs of the core share.
    pub pool: &'a mut Pool,
    /// The hardware.
    pub machine: &'a mut M,
}
