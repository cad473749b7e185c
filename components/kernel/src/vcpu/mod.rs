//! Virtual CPUs: a guest's translation, and its way in and out of the processor.
//!
//! The 440 has no virtualisation mode, so a guest runs in user state, and each of its privileged instructions traps.
//! [`Run`] says what follows a trap: it answers a TLB miss, executes an instruction of the guest's TLB, delivers an
//! interrupt to the guest, or ends the run for what the monitor has to do, most instructions among it. It follows the
//! PPC440 user's manual. The assembly around it moves registers between the processor and [`VcpuState`], and takes short
//! cuts: what a guest does often is done there.
//!
//! - **Trust nothing.** Registers come from the guest, the shared page from its monitor. Every value is masked where it
//!   is used, every loop is bounded by a table; whatever they hold, only that guest is harmed.
//! - **Translation.** [`guest_tlb`] holds the 64 entries of the guest's TLB. An *alias* is an entry of the
//!   hardware's TLB, in translation space 1, that stands for a guest entry in one context of the guest ([`spaces`],
//!   `translate`). Dropping is precise, and a change of context drops nothing.
//! - **No time.** Timers, waiting and interrupts from outside are the monitor's.
//!
//! A service: without the feature `vm`, none of this is in the kernel.

#![forbid(unsafe_code)]

pub mod guest_tlb;
mod interrupts;
mod requests;
pub mod spaces;
#[cfg(test)]
mod tests;
mod tlb_instructions;
mod translate;

use crate::tables;
use abi::vcpu::VcpuState;
use guest_tlb::GuestTlb;
pub use interrupts::Interrupt;
use ppc440::tlb::Page;
use spaces::{Contexts, Pool};

/// MMUCR: SWOA, U1TE, U2SWOAE, DULXE, IULXE, STS, STID.
#[cfg(target_arch = "powerpc")]
pub(crate) const MMUCR: u32 = 0x016D_00FF;

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
}

impl Vcpu {
    /// A virtual CPU that has never run: it has no translations.
    pub const fn new(place: u32) -> Self {
        Self { tlb: GuestTlb::new(0), contexts: Contexts::EMPTY, place, hardware_pid: 0 }
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
    Exit,
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
}

/// What a virtual CPU needs of the machine.
pub trait VcpuMachine {
    /// The hardware's TLB entry to replace next, in the ring that native pages use too: less than 64.
    fn take_slot(&mut self) -> u8;

    /// Writes an entry of translation space 1, in place of whatever the slot held. Its TID is `pid`.
    fn load_alias(&mut self, slot: u8, pid: u8, page: &Page);

    /// Invalidates a slot.
    fn drop_slot(&mut self, slot: u8);
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
